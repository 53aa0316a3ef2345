"""The entry in `INSTALLED_APPS`.

Here: the registration of the checks. Not here: what they find (`checks.py`).
Spec: https://docs.djangoproject.com/en/stable/ref/applications/
"""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from .checks import check_settings


class CorsHeadersAppConfig(AppConfig):
    """The application, under the label of the old one."""

    name = "corsac.compat.corsheaders"
    verbose_name = "corsac for django-cors-headers"

    def ready(self) -> None:
        register(Tags.security)(check_settings)
