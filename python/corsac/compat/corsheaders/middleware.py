"""A drop-in for `corsheaders.middleware`.

Here: which policy speaks for a request. Not here: what the settings say (`policies.py`), the way
through Django (`adapters/django.py`).
Spec: https://pypi.org/project/django-cors-headers/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest

from ..._decision import Decision, Refusal
from ...adapters.django import CORSMiddleware, decide
from .policies import configuration, configuration_at_start
from .signals import check_request_enabled

#: Methods of the old middleware; nothing here would call them.
_OVERRIDABLE: Final = frozenset(
    {
        "add_response_headers",
        "check_preflight",
        "check_signal",
        "is_enabled",
        "origin_found_in_white_lists",
        "regex_domain_match",
        "_url_in_whitelist",
    }
)


class CorsMiddleware(CORSMiddleware):
    """The middleware of django-cors-headers, with corsac's answers.

    `get_response`: what Django gives. All its settings and its signal mean what they meant; where
    one means something else, one `CompatWarning` says so when Django loads the middleware.

    Deviation: what a view says itself in headers of the CORS protocol is replaced or left out also
    where its origin is refused, so that the policy alone speaks; without a policy for its path it
    stays. A refused preflight is answered with 403.

    Raises `PolicyError` for a regex that no policy takes, `ImproperlyConfigured` for a
    `CORS_URLS_REGEX` that is none; a subclass that overrides a method of the old middleware is a
    `TypeError`.
    Source: https://pypi.org/project/django-cors-headers/
    """

    reads_setting = False

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        for name in sorted(_OVERRIDABLE & vars(cls).keys()):
            raise TypeError(
                f"{cls.__name__}.{name} would never be called; connect a receiver to "
                "check_request_enabled, or decide with corsac.Policy"
            )

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        super().__init__(get_response, configuration_at_start().policy)

    def _decide(self, request: HttpRequest) -> Decision:
        settings = configuration()
        is_covered = settings.urls is None or settings.urls.match(request.path_info)
        if not is_covered and not _is_enabled(request):
            return _NOTHING
        decision = decide(settings.policy, request)
        if decision.refusal is not Refusal.ORIGIN:
            return decision
        if is_covered and not _is_enabled(request):
            return decision
        policy = settings.policy_for(request.META.get("HTTP_ORIGIN", ""))
        return decision if policy is None else decide(policy, request)


def _is_enabled(request: HttpRequest) -> bool:
    """Whether a receiver allows the request."""
    given = check_request_enabled.send(sender=None, request=request)
    return any(answer for _, answer in given)


class _Nothing(Decision):
    """The decision to leave a request alone, and its answer."""

    def __init__(self) -> None: ...

    @property
    def status(self) -> None:
        return None

    def _place(self, lines: dict[str, tuple[str, str]]) -> None: ...


_NOTHING: Final = _Nothing()
