"""The same project with a regex for origins, for its API alone, with credentials.

Here: what `settings.py` has otherwise. Not here: applications and middleware.
Spec: https://pypi.org/project/django-cors-headers/
"""

from mysite.settings import *  # Django's own way to vary settings

CORS_ALLOWED_ORIGINS = []
CORS_ALLOWED_ORIGIN_REGEXES = [
    r"^https://\w+\.example\.com$",
]
CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_CREDENTIALS = True
