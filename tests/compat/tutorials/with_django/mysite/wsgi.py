"""Django's own WSGI handler, as `startproject` gives it.

Here: `application`. Not here: what it serves (`urls.py`).
Spec: https://docs.djangoproject.com/en/stable/howto/deployment/wsgi/
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

application = get_wsgi_application()
