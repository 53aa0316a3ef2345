"""What becomes of a fetch: each step that was taken, and what the page gets to see.

Here: `Step` and `Verdict`. Not here: who takes the steps (`_client.py`, `_preflight.py`,
`_check.py`), the consoles' words (`_console/`), the closed list of codes (`_steps.py`).
Spec: https://fetch.spec.whatwg.org/#concept-filtered-response
"""

from __future__ import annotations

from dataclasses import dataclass

from ._wire import Exchange, Lines


@dataclass(frozen=True, slots=True)
class Step:
    """One check that the browser makes.

    `code`: what was looked at, a key of `CODES` in `_steps.py`. `passed`: False for the one that
    ends the fetch. `text`: a sentence for people. `source`: the link into the standard.
    """

    code: str
    passed: bool
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a fetch.

    `readable`: whether the page can read the response (for WebSocket: whether it opens; an
    opaque response is not readable). `response_type`: basic, cors, opaque, opaqueredirect or
    error. `status`: the int that the page sees, 0 for opaque ones, None where there is none.
    `exposed_headers`: the pairs that the page can read, names in lower case, sorted, lines of a
    name joined. `failure`: the code of the step that failed, or None. `steps`: all, in order.
    `exchanges`: the requests that went out, preflights too, in order, with what came back.
    `console`: the lines that the browser prints, word for word, without the console's own tags;
    empty where no browser was named. `script_error`: what the script catches, or None.
    Source: https://fetch.spec.whatwg.org/#concept-filtered-response
    """

    readable: bool
    response_type: str
    status: int | None
    exposed_headers: Lines
    failure: str | None
    steps: tuple[Step, ...]
    exchanges: tuple[Exchange, ...]
    console: tuple[str, ...]
    script_error: str | None

    @property
    def is_network_error(self) -> bool:
        """Whether the fetch failed as a whole: the promise is rejected, `error` is fired.

        https://fetch.spec.whatwg.org/#concept-network-error
        """
        return self.response_type == "error"
