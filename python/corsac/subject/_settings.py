"""The settings of a Django project, as a subject and around its handlers.

Here: telling settings from other modules, `CORSAC`, the `CORS_*` settings, the middleware's place.
Not here: what these settings mean (`adapters/_django_setting.py`, `compat/corsheaders/`).
Spec: https://docs.djangoproject.com/en/stable/topics/settings/
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from .._policy import Policy
from .._problems import PolicyError
from ._making import found_in
from ._subject import FoundPolicy, FoundProblem, Subject, SubjectError, SubjectKind

if TYPE_CHECKING:
    from ..compat.corsheaders.policies import Configuration

#: What settings modules have, and other modules do not.
_TRAITS: Final = ("INSTALLED_APPS", "MIDDLEWARE", "ROOT_URLCONF", "CORSAC")
_VARIABLE: Final = "DJANGO_SETTINGS_MODULE"
_CORSHEADERS: Final = "corsheaders.middleware.CorsMiddleware"
_COMPAT: Final = "corsac.compat.corsheaders.middleware.CorsMiddleware"
_PREFIX: Final = "CORS_"


def is_settings(module: ModuleType) -> bool:
    return any(hasattr(module, name) for name in _TRAITS)


def read_settings(name: str) -> Subject:
    """The policies of a settings module, and the project's WSGI application.

    Raises `SubjectError` without Django, for settings that it refuses, and beside other settings
    in one process, since Django has only one.
    """
    try:
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application
    except ModuleNotFoundError:
        raise SubjectError(
            f"{name} looks like settings of Django, which is not installed here; "
            "run this in the project's environment"
        ) from None
    if not settings.configured:
        os.environ[_VARIABLE] = name
    try:
        current = settings.SETTINGS_MODULE
    except Exception as error:  # noqa: BLE001 - settings run any code
        raise SubjectError(f"Django refuses the settings {name}: {error}") from None
    if current != name:
        raise SubjectError(
            f"Django has the settings {current} already; name {name} in a run of its own"
        )
    notes = []
    application = None
    try:
        application = get_wsgi_application()
    except PolicyError:
        pass  # which is among the policies, with its problems
    except Exception as error:  # noqa: BLE001 - so do the applications in them
        said = (str(error).splitlines() or [""])[0]
        notes.append(
            f"the project does not start, so that no request was tried: "
            f"{type(error).__name__}: {said}"
        )
    seen = list(policies_of_settings())
    policies = tuple(one for one in seen if not isinstance(one, str))
    notes += [one for one in seen if isinstance(one, str)]
    return Subject(SubjectKind.SETTINGS, name, policies, application, tuple(notes))


def policies_of_settings() -> Iterator[FoundPolicy | str]:
    """The policies of the current settings, outermost first, and what was not looked at."""
    from django.conf import settings

    paths = [str(path) for path in settings.MIDDLEWARE]
    seen = False
    for index, path in enumerate(paths):
        about = FoundPolicy(
            library="corsac",
            name=f"MIDDLEWARE[{index}]",
            sentence=f"{path} in MIDDLEWARE",
            outside=tuple(_outside(paths[:index])),
        )
        read = _reader(path, about)
        if read is not None:
            seen = True
            yield from read
    if not seen:
        yield from _without_middleware(settings)


def _reader(path: str, about: FoundPolicy) -> Iterator[FoundPolicy | str] | None:
    """What a middleware reads from the settings; None for one that reads no policy."""
    if path == _CORSHEADERS or path == _COMPAT:
        is_ours = path == _COMPAT
        library = "corsac.compat" if is_ours else "django-cors-headers"
        return _read_corsheaders(replace(about, library=library))
    from django.utils.module_loading import import_string

    try:
        kind = import_string(path)
    except Exception:  # noqa: BLE001 - Django says so itself
        return None
    bases = {f"{base.__module__}.{base.__qualname__}" for base in _bases(kind)}
    if _CORSHEADERS in bases or _COMPAT in bases:
        return _read_corsheaders(replace(about, library="django-cors-headers"))
    if getattr(kind, "reads_setting", False) is not True:
        return None
    from ..adapters._django_setting import read_setting

    return found_in(read_setting, about)


def _bases(kind: Any) -> tuple[type, ...]:
    return kind.__mro__ if isinstance(kind, type) else ()


def _read_corsheaders(about: FoundPolicy) -> Iterator[FoundPolicy | str]:
    from ..compat.corsheaders.policies import Configuration

    made: list[Configuration] = []

    def make() -> Policy:
        made.append(Configuration())
        return made[0].policy

    for one in found_in(make, about):
        urls = made[0].urls if made else None
        if urls is None or isinstance(one, str):
            yield one
        else:
            yield replace(one, path=urls.pattern, sample=_sample(urls.pattern))


def _sample(regex: str) -> str:
    """A path that a regex for the begin of paths matches, where its text shows one; or an empty text."""
    from ._examples import example_of

    example = example_of(regex) or ""
    return example if example.startswith("/") else ""


def _outside(paths: list[str]) -> Iterator[str]:
    from ..adapters._django_setting import _MAY_STAND_OUTSIDE

    yield from (path for path in paths if path not in _MAY_STAND_OUTSIDE)


def _without_middleware(settings: Any) -> Iterator[FoundPolicy]:
    """Settings that nothing reads."""
    named = sorted(
        name for name in dir(settings) if name.startswith(_PREFIX) or name == "CORSAC"
    )
    if not named:
        return
    first = (
        "corsac.adapters.django.CORSMiddleware" if "CORSAC" in named else _CORSHEADERS
    )
    text = f'no middleware reads {", ".join(named)}; put "{first}" first in MIDDLEWARE'
    yield FoundPolicy(
        library="corsac" if "CORSAC" in named else "django-cors-headers",
        name="MIDDLEWARE",
        sentence="the settings",
        problems=(FoundProblem("no-middleware", text),),
    )
