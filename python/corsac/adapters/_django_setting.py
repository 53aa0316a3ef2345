"""The setting that holds the policy of a Django project, and what can be wrong with it.

Here: `CORSAC`, and the system checks, which are registered on import. Not here: the middleware
(`django.py`), which policies are wrong (`_policy.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/checks/
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from .._policy import Policy
from .._problems import PolicyError

SETTING = "CORSAC"
_WRITE = 'write CORSAC = {"allow_origins": ["https://example.com"]}, or a corsac.Policy'
#: Django's own that may stand outside: they let each request through, and keep the headers of its
#: answer. The one exception is the redirect of http to https.
_MAY_STAND_OUTSIDE = frozenset(
    {
        "django.middleware.cache.UpdateCacheMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "django.middleware.gzip.GZipMiddleware",
        "django.middleware.security.SecurityMiddleware",
    }
)


def read_setting() -> Policy:
    """The policy that `settings.CORSAC` is, or whose keywords it holds.

    Raises `ImproperlyConfigured` where it is neither, `PolicyError` for keywords that make none.
    Source: https://docs.djangoproject.com/en/stable/topics/settings/
    """
    setting = getattr(settings, SETTING, None)
    if isinstance(setting, Policy):
        return setting
    if not isinstance(setting, Mapping):
        found = "is missing" if setting is None else f"is a {type(setting).__name__}"
        raise ImproperlyConfigured(f"the setting {SETTING} {found}; {_WRITE}")
    try:
        return Policy(**setting)
    except TypeError as error:
        # What the call names: a keyword that is unknown, or the one that is missing.
        said = str(error).removeprefix("Policy.__init__() ")
        raise ImproperlyConfigured(f"the setting {SETTING}: {said}; {_WRITE}") from None


@register(Tags.security)
def check_settings(**_about: object) -> list[CheckMessage]:
    """What is wrong with the policy, and with the middleware's place, as system checks.

    `corsac.E001`: no setting that can be read; `corsac.E002`: one problem of the policy, of which
    there may be many; `corsac.W001`: what stands outside can answer without the policy's headers;
    `corsac.W002`: what the policy warns of; `corsac.W003`: no middleware reads the setting.
    Source: https://docs.djangoproject.com/en/stable/topics/checks/
    """
    paths = list(settings.MIDDLEWARE)
    places = [index for index, path in enumerate(paths) if _reads_setting(path)]
    if places:
        return [*_check_policy(), *_check_place(paths[: places[0]])]
    if getattr(settings, SETTING, None) is None:
        return []
    return [
        CheckWarning(
            f"no middleware reads the setting {SETTING}",
            hint='Put "corsac.adapters.django.CORSMiddleware" first in MIDDLEWARE.',
            id="corsac.W003",
        )
    ]


def _reads_setting(path: str) -> bool:
    try:
        kind = import_string(path)
    except ImportError:  # Django says so itself, when it loads the middleware
        return False
    return getattr(kind, "reads_setting", False) is True


def _check_policy() -> Iterator[CheckMessage]:
    try:
        with warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("always")
            read_setting()
    except ImproperlyConfigured as error:
        yield Error(str(error), id="corsac.E001")
    except PolicyError as error:
        for problem in error.problems:
            yield Error(str(problem), obj=SETTING, id="corsac.E002")
    else:
        for warning in given:
            yield CheckWarning(str(warning.message), obj=SETTING, id="corsac.W002")


def _check_place(outside: list[str]) -> Iterator[CheckMessage]:
    named = [path for path in outside if path not in _MAY_STAND_OUTSIDE]
    if named:
        yield CheckWarning(
            f"{', '.join(named)} can answer without the headers of the CORS middleware",
            hint="Put the CORS middleware first in MIDDLEWARE, where only Django's "
            "SecurityMiddleware and others that never answer may stand before it; if all "
            'of these are such, add "corsac.W001" to SILENCED_SYSTEM_CHECKS.',
            id="corsac.W001",
        )
