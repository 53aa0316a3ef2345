"""The setting that holds the policies of a Django project, and what can be wrong with it.

Here: `CORSAC`, and the system checks, which are registered on import. Not here: the middleware
(`django.py`), what data describe (`_plain_data.py`), which policies are wrong (`_policy.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/checks/
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from .._plain_data import read_data
from .._policy import Policy
from .._problems import PolicyError
from .._source_policies import policies_in
from .._sources import Source

SETTING = "CORSAC"
_WRITE = (
    'write CORSAC = {"allow_origins": ["https://example.com"]}, a corsac.Policy, another source of '
    'policies, or the dotted path of one, like "project.cors.policy"'
)
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


def read_setting() -> Source:
    """The source of policies that `settings.CORSAC` is, describes, or names.

    Raises `ImproperlyConfigured` where it is none, `PolicyError` for keywords and routes that make
    no policies; importing what it names may raise anything.
    Source: https://docs.djangoproject.com/en/stable/topics/settings/
    """
    setting = getattr(settings, SETTING, None)
    if setting is None:
        raise ImproperlyConfigured(f"the setting {SETTING} is missing; {_WRITE}")
    try:
        return read_data(setting, _import)
    except TypeError as error:
        raise ImproperlyConfigured(
            f"the setting {SETTING}: {error}; {_WRITE}"
        ) from error


def _import(path: str) -> object:
    try:
        return import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"the setting {SETTING} names {path!r}, which cannot be imported: {error}; {_WRITE}"
        ) from error


@register(Tags.security)
def check_settings(**_about: object) -> list[CheckMessage]:
    """What is wrong with the policies, and with the middleware's place, as system checks.

    `corsac.E001`: no setting that can be read; `corsac.E002`: one problem of a policy, of which
    there may be many; `corsac.W001`: what stands outside can answer without the policy's headers;
    `corsac.W002`: what a policy warns of; `corsac.W003`: no middleware reads the setting. They
    look at every policy that the setting holds at this moment, behind routes, origins, handles
    and as shadows; what a callable chooses, nobody knows before the requests.
    Source: https://docs.djangoproject.com/en/stable/topics/checks/
    """
    paths = list(settings.MIDDLEWARE)
    places = [index for index, path in enumerate(paths) if _reads_setting(path)]
    if places:
        return [*_check_policies(), *_check_place(paths[: places[0]])]
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


def _check_policies() -> Iterator[CheckMessage]:
    try:
        with warnings.catch_warnings():
            # They are found below, of policies too that stood already.
            warnings.simplefilter("ignore")
            source = read_setting()
    except ImproperlyConfigured as error:
        yield Error(str(error), id="corsac.E001")
        return
    except PolicyError as error:
        for problem in error.problems:
            yield Error(str(problem), obj=SETTING, id="corsac.E002")
        return
    checked: list[Policy] = []
    for place, policy in policies_in(source):
        for name, one in ((place, policy), (f"{place}.shadow", policy.shadow)):
            if one is not None and one not in checked:
                checked.append(one)
                yield from _check_policy(f"{SETTING}{name}", one)


def _check_policy(name: str, policy: Policy) -> Iterator[CheckMessage]:
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        policy.replace()
    for warning in given:
        yield CheckWarning(str(warning.message), obj=name, id="corsac.W002")


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
