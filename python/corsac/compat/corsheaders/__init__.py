"""A drop-in for django-cors-headers: `corsac.compat.corsheaders` in place of `corsheaders`.

Here: nothing; name it in `INSTALLED_APPS`, and its `middleware.CorsMiddleware` in `MIDDLEWARE`.
Not here: the middleware (`middleware.py`), the settings (`conf.py`) and their policy
(`policies.py`), the signal (`signals.py`), the defaults (`defaults.py`), the checks (`checks.py`).
Spec: https://pypi.org/project/django-cors-headers/
"""
