"""Asks politely: only the hosts that were named, no faster than the rate, no more than the bound.

Here: `Asker`, its record of all that was asked and answered, and the reasons to stop.
Not here: how an exchange is performed (`_network.py`), which are worth one (`_probe.py`).
Spec: https://www.rfc-editor.org/rfc/rfc6585#section-4
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corsac.browser import Cause, NoResponse, Request, Response

from ._failures import HostNotNamed
from ._options import Options, host_of

if TYPE_CHECKING:  # a probe that is not run needs no network
    from ._network import Network

#: After as many exchanges in a row without a response nothing more is asked.
_MOST_FAILURES: Final = 3
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One exchange as it was. `purpose`: what it was to find out, a phrase. `failure`: why there
    is no response, or None. `body`: as `Answer` has it. `secrets`: the names of the lines that went
    out beside the request's, and whose values are kept nowhere."""

    purpose: str
    request: Request
    response: Response | None
    failure: NoResponse | None = None
    body: str = "unread"
    secrets: tuple[str, ...] = ()


class Stopped(Exception):
    """Nothing more is asked; the text says why."""


Listener = Callable[[Asked, int], None]


class Asker:
    """Performs the exchanges of one probe, and keeps them in `record`."""

    def __init__(self, options: Options, network: Network, listener: Listener) -> None:
        self.record: list[Asked] = []
        self._options = options
        self._network = network
        self._listener = listener
        self._hosts = {options.host, *options.allow_hosts}
        self._next = time.monotonic()
        self._end = self._next + options.deadline
        self._failures = 0

    def ask(
        self, request: Request, purpose: str, *, reads_body: bool = False
    ) -> Response:
        """Performs one exchange, after the wait that the rate asks for.

        Raises `NoResponse`, `HostNotNamed`, and `Stopped` where no more may be asked.
        """
        assert request.method in _SAFE_METHODS, "nothing is changed on a server"
        host = self.may_ask(request.url)
        self._wait()
        secrets = self._secrets_for(request)
        try:
            answer = self._network.exchange(request, secrets, reads_body, self._end)
        except NoResponse as error:
            self._failures += 1
            self._keep(Asked(purpose, request, None, error, secrets=tuple(secrets)))
            if len(self.record) == 1 or error.cause in (
                Cause.NO_SUCH_HOST,
                Cause.REFUSED,
            ):
                raise Stopped(f"no answer from {host}") from None
            if self._failures == _MOST_FAILURES:
                raise Stopped(
                    f"{_MOST_FAILURES} requests in a row had no answer"
                ) from None
            raise
        self._failures = 0
        self._keep(
            Asked(purpose, request, answer.response, None, answer.body, tuple(secrets))
        )
        if answer.response.status == 429:
            raise Stopped("the server asked to be left alone (429)")
        return answer.response

    def _secrets_for(self, request: Request) -> dict[str, str]:
        """The lines that this request may carry: as for a browser, no preflight may.

        Nor may they leave the host, or go unencrypted where the URL was named with https.
        """
        options = self._options
        goes_down = options.url.startswith("https:") and request.url.startswith("http:")
        if request.is_preflight or goes_down or host_of(request.url) != options.host:
            return {}
        lines = {"Cookie": options.cookie, "Authorization": options.authorization}
        return {name: value for name, value in lines.items() if value is not None}

    def may_ask(self, url: str) -> str:
        """The host of a URL, if it was named. Raises `HostNotNamed`."""
        host = host_of(url)
        if host not in self._hosts:
            raise HostNotNamed(f"{host} was not named, and is not asked")
        return host

    def _keep(self, asked: Asked) -> None:
        self.record.append(asked)
        self._listener(asked, len(self.record))

    def _wait(self) -> None:
        if len(self.record) >= self._options.max_requests:
            raise Stopped(
                f"{len(self.record)} requests were sent, which is the bound; "
                "write a larger --max-requests"
            )
        now = time.monotonic()
        start = max(now, self._next)
        if start >= self._end:
            raise Stopped(f"{self._options.deadline:g} seconds are over")
        if start > now:
            time.sleep(start - now)
        self._next = start + 1 / self._options.rate
