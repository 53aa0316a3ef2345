"""The same project open to everybody, with a header that pages may read and one that they may send.

Here: what `settings.py` has otherwise. Not here: applications and middleware.
Spec: https://pypi.org/project/django-cors-headers/
"""

from corsheaders.defaults import default_headers

from mysite.settings import *  # Django's own way to vary settings

CORS_ALLOWED_ORIGINS = []
CORS_ALLOW_ALL_ORIGINS = True
CORS_ALLOW_HEADERS = (
    *default_headers,
    "x-unlisted",
)
CORS_EXPOSE_HEADERS = ["X-Total-Count"]
