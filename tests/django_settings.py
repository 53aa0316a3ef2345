"""Django's settings in a process of tests, which can be configured only once.

Here: the least that Django needs; tests override the rest, each for itself.
Not here: applications, URLs, policies that a test is about.
Spec: https://docs.djangoproject.com/en/stable/topics/settings/
"""

import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        CORSAC={"allow_origins": ["https://example.com"]},
        LOGGING_CONFIG=None,
        ROOT_URLCONF=(),
        SECRET_KEY="of these tests",
    )
    django.setup()
