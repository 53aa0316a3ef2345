"""Keeps what reached the API and what it answered, so that the page can show it.

Here: the bounded store of runs, and the WSGI wrapper that fills it from outside corsac's own middleware.
Not here: any decision; `policy.decide` is asked again only to tell the policy's part.
Spec: PEP 3333, https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
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
    """One request that reached the server, its answer, and the policy's part in it."""

    method: str
    path: str
    request: tuple[Line, ...]
    status: str
    response: tuple[Line, ...]
    outcome: str
    refusal: str | None
    added: tuple[Line, ...]


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
    return run if _RUN.fullmatch(run) else None


def _bounded(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(
        (name[:MAX_TEXT], value[:MAX_TEXT]) for name, value in list(lines)[:MAX_LINES]
    )


class Recorder:
    """Wraps a guarded application: it sees each request first and each answer last."""

    def __init__(self, app: WSGIApplication, policy: Policy, records: Records) -> None:
        self._app = app
        self._policy = policy
        self._records = records

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        run = run_of(environ.get("QUERY_STRING", ""))
        if run is None:
            return self._app(environ, start_response)
        method = environ["REQUEST_METHOD"]
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        request: list[Line] = environ.get(LINES, [])
        decision = self._policy.decide(method, request)

        def recording(status: str, headers: list[Line], exc_info: Any = None, /) -> Any:
            # Recorded before the answer leaves, so that a page that has its answer finds the record too.
            self._records.add(
                run,
                Exchange(
                    method=method[:MAX_TEXT],
                    path=path[:MAX_TEXT],
                    request=_bounded(request),
                    status=status[:MAX_TEXT],
                    response=_bounded(headers),
                    outcome=decision.outcome.value,
                    refusal=decision.refusal.value if decision.refusal else None,
                    added=_bounded(decision.headers),
                ),
            )
            return start_response(status, headers, exc_info)

        return self._app(environ, recording)
