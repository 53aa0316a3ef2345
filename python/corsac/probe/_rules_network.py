"""The rules of the connection: what keeps the probe, and any browser, from an answer.

Here: `NETWORK_RULES`. Not here: when each is found (`_judge_network.py`).
Spec: https://fetch.spec.whatwg.org/#concept-network-error
"""

from __future__ import annotations

from typing import Final

from ._rule import Rule

_ERROR: Final = "https://fetch.spec.whatwg.org/#concept-network-error"
_WHY: Final = "A browser reports this like a refusal by CORS, and the page cannot tell them apart."

NETWORK_RULES: Final = (
    Rule(
        "no-such-host",
        "There is no such host",
        _WHY,
        _ERROR,
        "Correct the name, or its entry in the DNS.",
    ),
    Rule(
        "no-connection",
        "There is no connection",
        _WHY,
        _ERROR,
        "Start the server, and let its port through.",
    ),
    Rule(
        "timeout",
        "There is no answer in time",
        _WHY,
        _ERROR,
        "Let the server answer sooner, or write a longer --timeout.",
    ),
    Rule(
        "certificate",
        "The certificate does not hold",
        _WHY,
        "https://www.rfc-editor.org/rfc/rfc9110#section-4.3.4",
        "Serve a certificate for this name, with the chain up to a root that browsers know. For "
        "a root of your own, set SSL_CERT_FILE to it.",
    ),
    Rule(
        "tls",
        "TLS fails",
        _WHY,
        "https://www.rfc-editor.org/rfc/rfc9110#section-4.2.2",
        "Write http:// where the server speaks no TLS; else let it speak TLS 1.2 or 1.3.",
    ),
    Rule(
        "no-http",
        "The answer is no HTTP",
        _WHY,
        "https://www.rfc-editor.org/rfc/rfc9112#section-2.1",
        "Correct the port, or https:// for http://.",
    ),
    Rule(
        "connection-closed",
        "The connection is closed without an answer",
        _WHY,
        _ERROR,
        "Look into the server's log: it crashed, or something before it cut the connection.",
    ),
    Rule(
        "header-size",
        "The header lines of an answer are too long",
        "Browsers give up on such an answer, and the page sees a failed fetch.",
        "https://www.rfc-editor.org/rfc/rfc9110#section-5.4",
        "Send fewer and shorter header lines.",
    ),
    Rule(
        "unread-body",
        "The body was not read to its end",
        "It is longer than 64 KiB, slow, endless, or breaks off; a page waits for its end.",
        "https://www.rfc-editor.org/rfc/rfc9112#section-6.3",
        "Nothing, where the response is meant to be so.",
    ),
    Rule(
        "redirect-elsewhere",
        "A redirect leads to a host that was not named",
        "What a page gets is decided there, and that host was not asked.",
        "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch",
        "Name the host with --allow-host, where it may be asked.",
    ),
    Rule(
        "redirect-chain",
        "The redirects go on and on",
        "Browsers follow 20 and then give up.",
        "https://fetch.spec.whatwg.org/#concept-http-redirect-fetch",
        "Let the first redirect lead to the end, or take away the one that leads back.",
    ),
    Rule(
        "unfinished",
        "Not everything was asked",
        "What was not asked may be wrong, too.",
        "https://www.rfc-editor.org/rfc/rfc6585#section-4",
        "Probe again, when the reason is gone.",
    ),
)
