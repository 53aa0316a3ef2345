"""A Django project's settings, with django-cors-headers set up as its documentation says.

Here: the application, the middleware before CommonMiddleware, and a list of origins.
Not here: the other two ways to name origins (`settings_regexes.py`, `settings_everybody.py`).
Spec: https://pypi.org/project/django-cors-headers/
"""

SECRET_KEY = "no secret, since nothing is signed"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "mysite.urls"
USE_TZ = True

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "corsheaders",
    "mysite",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CORS_ALLOWED_ORIGINS = [
    "https://example.com",
    "https://sub.example.com",
    "http://localhost:8080",
    "http://127.0.0.1:9000",
]
