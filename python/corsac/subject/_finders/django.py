"""Django's handlers, whose policies are in its settings.

Here: when the settings are asked. Not here: the settings (`_settings.py`), what `install` put
around a handler (`corsac.py`).
Spec: https://docs.djangoproject.com/en/stable/howto/deployment/
"""

from __future__ import annotations

from collections.abc import Iterator

from . import Found, Part, is_loaded


def find(part: Part) -> Iterator[Found]:
    if not is_loaded(part.thing, "django.core.handlers.base", "BaseHandler"):
        return
    from .._settings import policies_of_settings

    yield from policies_of_settings()
