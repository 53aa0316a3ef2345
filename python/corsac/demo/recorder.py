"""Keeps what reached the API and what it answered, so that the page can show it.

Here: `Exchange`, the bounded store of runs, and the WSGI wrapper that fills it from outside the guard.
Not here: any decision; `policy.decide` is asked again only to tell the policy's part.
Spec: PEP 3333, https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from corsac import Policy

# Chosen by us because a page runs a dozen examples of at most four requests,
# and a demo that is left open must not grow, whoever calls it.
MAX_RUNS = 256
MAX_EXCHANGES = 8
MAX_LINES = 48
MAX_TEXT = 1024

# Where the server leaves the header lines as they came: WSGI itself joins them and loses their letters' case.
LINES = "corsac.demo.lines"

_RUN = re.compile(r"[0-9a-f]{1,32}")

Line = tuple[str, str]


@dataclass(frozen=True)
class Exchange:
    """One request to the server, its answer, and the policy's part in it; without a policy: none.

    `status` is the status line's rest, like "204 No Content"; None where no answer came.
    """

    method: str
    url: str
    is_preflight: bool
    request: tuple[Line, ...]
    status: str | None
    response: tuple[Line, ...]
    outcome: str | None = None
    refusal: str | None = None
    added: tuple[Line, ...] = ()


def judged(
    policy: Policy | None,
    method: str,
    url: str,
    request: Sequence[Line],
    status: str | None,
    response: Sequence[Line],
) -> Exchange:
    """The exchange, with what the policy says to such a request."""
    names = {name.lower() for name, _ in request}
    asks = {"origin", "access-control-request-method"}
    decision = policy.decide(method, request) if policy else None
    return Exchange(
        method=method[:MAX_TEXT],
        url=url[:MAX_TEXT],
        is_preflight=method == "OPTIONS" and asks <= names,
        request=_bounded(request),
        status=status and status[:MAX_TEXT],
        response=_bounded(response),
        outcome=decision.outcome.value if decision else None,
        refusal=decision.refusal.value if decision and decision.refusal else None,
        added=_bounded(decision.headers) if decision else (),
    )


class Records:
    """The latest runs. A run is what one script caused, found by the id in its URLs."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, list[Exchange]] = OrderedDict()
        self._lock = Lock()

    def add(self, run: str, exchange: Exchange) -> None:
        with self._lock:
            exchanges = self._runs.setdefault(run, [])
            if len(exchanges) < MAX_EXCHANGES:
                exchanges.append(exchange)
            while len(self._runs) > MAX_RUNS:
                self._runs.popitem(last=False)

    def of(self, run: str) -> list[dict[str, Any]]:
        """The exchanges of a run in the order of arrival, as plain data for JSON."""
        with self._lock:
            return [asdict(exchange) for exchange in self._runs.get(run, ())]

    def __len__(self) -> int:
        with self._lock:
            return len(self._runs)


def run_of(query: str) -> str | None:
    """The run id in a query; None where there is none, or one that no page of ours makes."""
    run = parse_qs(query[:MAX_TEXT]).get("run", [""])[0]
    return run if is_run(run) else None


def is_run(run: object) -> bool:
    return isinstance(run, str) and _RUN.fullmatch(run) is not None


def _bounded(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(
        (name[:MAX_TEXT], value[:MAX_TEXT]) for name, value in list(lines)[:MAX_LINES]
    )


class Recorder:
    """Wraps a guarded application: it sees each request first and each answer last."""

    def __init__(
        self, app: WSGIApplication, policy: Policy | None, records: Records
    ) -> None:
        self._app = app
        self._policy = policy
        self._records = records

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        run = run_of(environ.get("QUERY_STRING", ""))
        if run is None:
            return self._app(environ, start_response)
        method, url = environ["REQUEST_METHOD"], _url_of(environ)
        request: list[Line] = environ.get(LINES, [])

        def recording(status: str, headers: list[Line], exc_info: Any = None, /) -> Any:
            # Recorded before the answer leaves, so that a page that has its answer finds the record too.
            self._records.add(
                run, judged(self._policy, method, url, request, status, headers)
            )
            return start_response(status, headers, exc_info)

        return self._app(environ, recording)


def _url_of(environ: WSGIEnvironment) -> str:
    """As the browser named it, which may be by either name of this machine."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    return f"http://{environ.get('HTTP_HOST', '')}{path}{'?' if query else ''}{query}"
