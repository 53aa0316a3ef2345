"""A drop-in for `corsheaders.middleware`.

Here: which policy speaks for a request. Not here: what the settings say (`policies.py`), the way
through Django (`adapters/django.py`).
Spec: https://pypi.org/project/django-cors-headers/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, cast

from django.http import HttpRequest

from ...adapters.django import CORSMiddleware, ask
from .policies import configuration, configuration_at_start
from .signals import check_request_enabled

if TYPE_CHECKING:
    from ..._core import Exchange

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

    def _ask(self, request: HttpRequest) -> Exchange:
        settings = configuration()
        is_covered = settings.urls is None or settings.urls.match(request.path_info)
        if not is_covered and not _is_enabled(request):
            return _NOTHING
        exchange = ask(settings.answers, request)
        if not exchange.refuses_origin or not check_request_enabled.receivers:
            return exchange
        if is_covered and not _is_enabled(request):
            return exchange
        answers = settings.answers_to(request.META.get("HTTP_ORIGIN", ""))
        return exchange if answers is None else ask(answers, request)


def _is_enabled(request: HttpRequest) -> bool:
    """Whether a receiver allows the request."""
    given = check_request_enabled.send(sender=None, request=request)
    return any(answer for _, answer in given)


class _Nothing:
    """An exchange of which nothing is decided, so that the request is left alone."""

    start = None

    def place(self, lines: object) -> None: ...


_NOTHING: Final = cast("Exchange", _Nothing())
