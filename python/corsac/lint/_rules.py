"""The closed list of what the linter finds, each with its severity and its link.

Here: `RULES`. Not here: when each is found (`_policy_rules.py`, `_lint.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .._problems import CODES
from .._severity import Severity

_FETCH: Final = "https://fetch.spec.whatwg.org/#"
_CREDENTIALS: Final = f"{_FETCH}cors-protocol-and-credentials"
_TOML: Final = "https://toml.io/en/v1.0.0"
_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding.

    `id`: what tools refer to. `severity`: a `Severity`. `summary`: what it is, a phrase.
    `source`: the link to what it rests on.
    """

    id: str
    severity: Severity
    summary: str
    source: str


#: The links of a policy's problems, by how their codes end.
_SOURCES: Final = {
    "-with-credentials": _CREDENTIALS,
    "-origin-pattern": f"{_FETCH}origin-header",
    "-origin-regex": f"{_FETCH}origin-header",
    "-origins": f"{_FETCH}origin-header",
    "-null-origin": f"{_FETCH}origin-header",
    "forbidden-method": f"{_FETCH}forbidden-method",
    "invalid-method": f"{_FETCH}concept-method",
    "forbidden-request-header": f"{_FETCH}forbidden-request-header",
    "-request-header": f"{_FETCH}http-access-control-allow-headers",
    "forbidden-response-header": f"{_FETCH}forbidden-response-header-name",
    "-response-header": f"{_FETCH}http-access-control-expose-headers",
    "-max-age": f"{_FETCH}http-access-control-max-age",
    "-preflight-status": f"{_FETCH}ok-status",
    "": f"{_FETCH}http-cors-protocol",
}


def _of_policies() -> Iterator[Rule]:
    for code, summary in CODES.items():
        source = next(link for end, link in _SOURCES.items() if code.endswith(end))
        yield Rule(code, _ERROR, summary, source)


_OF_FILES: Final = (
    Rule("invalid-toml", _ERROR, "A text that is no TOML.", _TOML),
    Rule("unknown-key", _ERROR, "A key that is no keyword of a policy.", _TOML),
    Rule("invalid-table", _ERROR, "Something else where a table belongs.", _TOML),
    Rule("unknown-policy", _ERROR, "A name that no policy of a file has.", _TOML),
    Rule(
        "unreadable-options",
        _ERROR,
        "Options that no policy can be made of.",
        f"{_FETCH}http-cors-protocol",
    ),
)
_OF_APPLICATIONS: Final = (
    Rule(
        "no-middleware",
        _WARNING,
        "Settings that no middleware reads.",
        "https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering",
    ),
    Rule(
        "middleware-outside",
        _WARNING,
        "Something stands outside that can answer without the headers.",
        "https://fetch.spec.whatwg.org/#http-responses",
    ),
    Rule(
        "two-policies",
        _WARNING,
        "Two policies for the same paths: only the outer one answers preflights.",
        f"{_FETCH}concept-cors-check",
    ),
    Rule(
        "answered-without-credentials",
        _ERROR,
        "Every site can act as the user; the equivalent policy lets none.",
        _CREDENTIALS,
    ),
    Rule(
        "dangerous-option",
        _ERROR,
        "An option that the equivalent policy has only with a dangerous flag, or not at all.",
        _CREDENTIALS,
    ),
    Rule(
        "idle-origin",
        _ERROR,
        "A listed origin that no browser's origin equals.",
        f"{_FETCH}origin-header",
    ),
    Rule(
        "idle-option",
        _WARNING,
        "An option that no browser heeds.",
        f"{_FETCH}http-new-header-syntax",
    ),
    Rule(
        "translated-option",
        _NOTE,
        "An option that means something else as a policy.",
        f"{_FETCH}http-cors-protocol",
    ),
    Rule(
        "open-with-credentials",
        _ERROR,
        "A browser lets pages of others read answers that are for the user.",
        _CREDENTIALS,
    ),
    Rule(
        "open-to-lookalike",
        _WARNING,
        "A browser lets pages read that only look like those that are listed.",
        f"{_FETCH}concept-cors-check",
    ),
)
_OF_LEGAL_POLICIES: Final = (
    Rule(
        "hardly-meant",
        _WARNING,
        "What a policy warns of when it is made.",
        f"{_FETCH}methods",
    ),
    Rule(
        "nobody-allowed",
        _WARNING,
        "A policy that lets nobody in.",
        f"{_FETCH}origin-header",
    ),
    Rule(
        "wide-regex",
        _WARNING,
        "A regex that lets more in than it looks.",
        f"{_FETCH}origin-header",
    ),
    Rule(
        "dangerous-flag",
        _WARNING,
        "A dangerous flag that is in use.",
        _CREDENTIALS,
    ),
    Rule(
        "idle-flag",
        _NOTE,
        "A dangerous flag that nothing needs.",
        _CREDENTIALS,
    ),
    Rule(
        "localhost-beside-production",
        _WARNING,
        "With credentials, whatever runs on a developer's machine acts as the user.",
        "https://www.w3.org/TR/secure-contexts/#localhost",
    ),
    Rule(
        "wildcard-methods-with-credentials",
        _WARNING,
        "Every method is allowed, with credentials.",
        _CREDENTIALS,
    ),
    Rule(
        "wildcard-headers-with-credentials",
        _NOTE,
        "Every request header is allowed, with credentials.",
        _CREDENTIALS,
    ),
    Rule(
        "authorization-not-covered",
        _WARNING,
        "The wildcard for request headers leaves Authorization out.",
        f"{_FETCH}cors-non-wildcard-request-header-name",
    ),
    Rule(
        "wildcard-exposes-less-with-credentials",
        _NOTE,
        "The wildcard for exposed headers is a plain name to a fetch with credentials.",
        f"{_FETCH}http-access-control-expose-headers",
    ),
    Rule(
        "max-age-above-cap",
        _NOTE,
        "A preflight is kept for less than that.",
        f"{_FETCH}http-access-control-max-age",
    ),
    Rule(
        "unreachable-pattern",
        _NOTE,
        "A pattern that another one covers.",
        f"{_FETCH}origin-header",
    ),
    Rule(
        "redundant-name",
        _NOTE,
        "A name that the wildcard beside it covers.",
        f"{_FETCH}http-new-header-syntax",
    ),
    Rule(
        "many-subdomains",
        _NOTE,
        "Many origins that one wildcard would cover.",
        f"{_FETCH}origin-header",
    ),
)
#: Every rule, by its id.
RULES: Final[dict[str, Rule]] = {
    rule.id: rule
    for rule in (*_of_policies(), *_OF_FILES, *_OF_APPLICATIONS, *_OF_LEGAL_POLICIES)
}
