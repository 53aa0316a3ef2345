"""What is asked about a request of Django.

Here: `DjangoRequest`, for whoever chooses a policy or watches. Not here: requests that nobody
looks at (`django.py`), CORS rules, header names.
Spec: https://docs.djangoproject.com/en/stable/ref/request-response/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from .._requests import Request, lower

if TYPE_CHECKING:
    from .._core import Answers, Exchange


_READ_LATER: Final = frozenset(Request.__slots__) - {"_headers", "_native"}


class DjangoRequest(Request):
    """A request as Django sees it; its `native` is the `HttpRequest`.

    Few requests are looked at, so that all but `native` is read when it is asked for.
    """

    __slots__ = ()

    def __init__(self, request: HttpRequest) -> None:
        self._native = request
        self._headers = None

    def __getattr__(self, name: str) -> Any:
        """Fills the slots that stand empty."""
        if name not in _READ_LATER:
            raise AttributeError(name)
        request = self._native
        came = (
            Request.of_scope(request.scope)
            if isinstance(request, ASGIRequest)
            else Request.of_environ(request.META)
        )
        if name == "_lines":
            self._lines = came.lines
        else:
            # Its method is as it came; Django's is in upper case.
            self._own_method = came.own_method
            self._scheme, self._path = request.scheme or "", request.path_info
        return getattr(self, name)

    @property
    def host(self) -> str:
        """What Django takes for it, by its settings for proxies, and before it looks who is allowed.

        https://docs.djangoproject.com/en/stable/ref/settings/#use-x-forwarded-host
        """
        return lower(self.native._get_raw_host())


def ask_watched(answers: Answers, asked: DjangoRequest) -> Exchange:
    """Asks what becomes of a request that somebody may watch, who is told what Django sees."""
    request = asked.native
    if isinstance(request, ASGIRequest):
        scope = request.scope
        return answers.ask_watched(scope["method"], scope.get("headers", ()), asked)
    return answers.ask_environ_watched(request.META, asked)
