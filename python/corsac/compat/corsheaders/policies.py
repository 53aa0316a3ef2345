"""The `CORS_*` settings together, as a policy and the paths for which it speaks.

Here: the one policy, those for origins that receivers allow, and when settings are read again.
Not here: what each setting means (`conf.py`), what `Policy` does not take (`_translate.py`).
Spec: https://pypi.org/project/django-cors-headers/
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.core.signals import setting_changed

from ..._listed import SAFELISTED_METHODS
from ..._origins import OriginMatcher
from ..._policy import Policy
from ..._problems import PolicyError, PolicyWarning
from ...adapters.django import assemble
from .._differences import Differences
from .._translate import translate
from .conf import (
    NamedDifferences,
    read_headers,
    read_methods,
    read_names,
    read_origins,
    read_urls,
    read_values,
    value_of,
)

if TYPE_CHECKING:
    from ..._core import Answers

#: The policies that are kept for origins that receivers allow. Chosen by us because most sites allow
#: fewer, and because these take some 5 MiB.
_KEPT_POLICIES: Final = 256
#: It matches whatever parses as an origin.
_ANY_ORIGIN: Final = OriginMatcher(["*"])


class Configuration:
    """What the settings say: a policy, and for which paths it speaks.

    `policy`: a `Policy`; `answers`: what it answers. `urls`: a compiled regex that begins to match in those paths; None for
    every path. `values`: what was read, by the names that the project uses.
    """

    def __init__(self) -> None:
        differences = NamedDifferences()
        self.values = read_values()
        self.urls = read_urls()
        self.policy = translate(
            differences,
            differences.names,
            allow_origins=read_origins(differences),
            # Browsers ask no leave for these, so that it makes no difference to list them.
            allow_methods=[*read_methods(differences), *SAFELISTED_METHODS],
            allow_headers=read_headers(differences),
            expose_headers=read_names(differences, "CORS_EXPOSE_HEADERS"),
            allow_credentials=value_of("CORS_ALLOW_CREDENTIALS"),
            max_age=value_of("CORS_PREFLIGHT_MAX_AGE") or None,
        )
        if self.policy.allow_credentials:
            _tell_of_wildcards(differences, self.policy)
        if value_of("CORS_ALLOW_PRIVATE_NETWORK"):
            message = "changes nothing, since browsers ask no more; leave it out"
            differences.add("CORS_ALLOW_PRIVATE_NETWORK", True, message)
        self.answers = assemble(self.policy)
        #: The answers to an origin that a receiver allows, or None where nobody can.
        self.answers_to = lru_cache(maxsize=_KEPT_POLICIES)(self._answers_to)
        differences.warn(stacklevel=4)

    def _answers_to(self, origin: str) -> Answers | None:
        if not _ANY_ORIGIN.matches(origin):
            return None
        if origin == "null" and self.policy.allow_credentials:
            # Any page can have it, so that every site could act as the user.
            return None
        try:
            with warnings.catch_warnings():
                # What the settings' own policy has warned of already.
                warnings.simplefilter("ignore", PolicyWarning)
                policy = self.policy.replace(
                    allow_origins=[origin],
                    dangerously_allow_null_origin=origin == "null",
                    dangerously_allow_insecure_origins=True,
                )
                return assemble(policy)
        except PolicyError:
            return None


def _tell_of_wildcards(differences: Differences, policy: Policy) -> None:
    """Browsers take them for names where a request has credentials, and for wildcards elsewhere.

    https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    """
    for setting, values in (
        ("CORS_ALLOW_METHODS", policy.allow_methods),
        ("CORS_ALLOW_HEADERS", policy.allow_headers),
    ):
        if "*" in values:
            message = "whatever is asked for is allowed, with credentials too; list what is meant"
            differences.add(setting, list(values), message)


@lru_cache(maxsize=1)
def configuration() -> Configuration:
    """What the settings say, read once.

    Warns with one `CompatWarning` of all that is different. Raises `PolicyError` for a regex that
    cannot be kept, `ImproperlyConfigured` for a `CORS_URLS_REGEX` that is none.
    Source: https://pypi.org/project/django-cors-headers/
    """
    return Configuration()


def configuration_at_start() -> Configuration:
    """The same for an application that is made, after settings were changed by hand perhaps.

    Source: https://docs.djangoproject.com/en/stable/topics/settings/
    """
    if configuration().values != read_values():
        configuration.cache_clear()
    return configuration()


def _read_again(*, setting: str, **_about: object) -> None:
    if setting.startswith("CORS_"):
        configuration.cache_clear()


setting_changed.connect(_read_again)
