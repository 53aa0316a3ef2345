"""The checks that a browser makes, as a closed list, and the record of those that it made.

Here: `CODES` with their links into the standard, and `Trail`. Not here: the checks themselves.
A code that ends in a refusal names its reason, so that a tool can tell what to change.
Spec: https://fetch.spec.whatwg.org/#concept-main-fetch
"""

from __future__ import annotations

from typing import Final

from ._verdict import Step

_FETCH: Final = "https://fetch.spec.whatwg.org/#"
_CHECK: Final = f"{_FETCH}concept-cors-check"
_PREFLIGHT: Final = f"{_FETCH}cors-preflight-fetch-0"
_REDIRECT: Final = f"{_FETCH}concept-http-redirect-fetch"

#: Each code with its link. Of those that the preflight's response shares with the actual one, the
#: former begin with `preflight-`.
CODES: Final[dict[str, str]] = {
    "forbidden-method": f"{_FETCH}forbidden-method",
    "forbidden-header": f"{_FETCH}forbidden-request-header",
    "url-credentials": f"{_FETCH}dom-request",
    "body-method": f"{_FETCH}dom-request",
    "no-cors-method": f"{_FETCH}dom-request",
    "no-cors-header": f"{_FETCH}no-cors-safelisted-request-header",
    "stream-body": f"{_FETCH}dom-request",
    "content-security-policy": "https://w3c.github.io/webappsec-csp/#should-block-request",
    "bad-port": f"{_FETCH}block-bad-port",
    "mixed-content": "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch",
    "same-origin": f"{_FETCH}concept-main-fetch",
    "cross-origin": f"{_FETCH}concept-main-fetch",
    "same-origin-mode": f"{_FETCH}concept-main-fetch",
    "no-cors-mode": f"{_FETCH}concept-main-fetch",
    "no-preflight": f"{_FETCH}concept-main-fetch",
    "preflight": f"{_FETCH}concept-main-fetch",
    "preflight-cache": f"{_FETCH}cors-preflight-cache",
    "preflight-no-response": _PREFLIGHT,
    "preflight-redirect": _PREFLIGHT,
    "preflight-status": _PREFLIGHT,
    "preflight-allow-origin": _CHECK,
    "preflight-allow-origin-missing": _CHECK,
    "preflight-allow-origin-multiple": _CHECK,
    "preflight-allow-origin-mismatch": _CHECK,
    "preflight-allow-origin-wildcard": f"{_FETCH}cors-protocol-and-credentials",
    "preflight-allow-credentials": f"{_FETCH}cors-protocol-and-credentials",
    "allow-methods-syntax": f"{_FETCH}http-new-header-syntax",
    "allow-methods": f"{_FETCH}http-access-control-allow-methods",
    "allow-headers-syntax": f"{_FETCH}http-new-header-syntax",
    "allow-headers": f"{_FETCH}http-access-control-allow-headers",
    "allow-headers-authorization": f"{_FETCH}cors-non-wildcard-request-header-name",
    "max-age": f"{_FETCH}http-access-control-max-age",
    "no-response": f"{_FETCH}concept-network-error",
    "allow-origin": _CHECK,
    "allow-origin-missing": _CHECK,
    "allow-origin-multiple": _CHECK,
    "allow-origin-mismatch": _CHECK,
    "allow-origin-wildcard": f"{_FETCH}cors-protocol-and-credentials",
    "allow-credentials": f"{_FETCH}cors-protocol-and-credentials",
    "resource-policy": f"{_FETCH}cross-origin-resource-policy-check",
    "redirect": _REDIRECT,
    "redirect-mode": f"{_FETCH}concept-http-fetch",
    "redirect-location": _REDIRECT,
    "redirect-limit": _REDIRECT,
    "redirect-credentials": _REDIRECT,
    "redirect-stream": _REDIRECT,
    "no-cors-redirect": f"{_FETCH}concept-main-fetch",
    "resource-status": "https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script",
    "exposed-headers": f"{_FETCH}concept-filtered-response-cors",
    "opaque-response": f"{_FETCH}concept-filtered-response-opaque",
    "websocket-handshake": "https://websockets.spec.whatwg.org/#concept-websocket-establish",
    "event-stream": "https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model",
}


class Trail:
    """The steps of one fetch, in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def passed(self, code: str, text: str) -> None:
        self.steps.append(Step(code, True, text, CODES[code]))

    def failed(self, code: str, text: str) -> None:
        self.steps.append(Step(code, False, text, CODES[code]))
