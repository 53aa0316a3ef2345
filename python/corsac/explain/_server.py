"""What a server has to change that is not known to be corsac's.

Here: `change_server`, a header line or a status at a time; `why_other_origin`.
Not here: a corsac policy (`_policy.py`), the page (`_page.py`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from __future__ import annotations

from typing import Final

from corsac._names import is_token
from corsac.browser import Request, Response, Verdict
from corsac.browser._fields import elements_of, lines_of, value_of
from corsac.browser._url import parse

from ._changes import Attempt, Change, NoChange, Patch, Where
from ._page import serve_page, upper_method

ALLOW_ORIGIN: Final = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS: Final = "Access-Control-Allow-Credentials"
ALLOW_METHODS: Final = "Access-Control-Allow-Methods"
ALLOW_HEADERS: Final = "Access-Control-Allow-Headers"
RESOURCE_POLICY: Final = "Cross-Origin-Resource-Policy"
#: What mends a preflight by its status.
_STATUSES: Final = {
    401: "Preflights carry no cookies and no Authorization: answer them before authentication.",
    403: "Something refuses OPTIONS, most often authentication, a firewall or a check of tokens: "
    "preflights carry no cookies and no Authorization, and must be answered before.",
    404: "The router knows no OPTIONS here: answer preflights before routing.",
    405: "The router has no OPTIONS here: answer preflights before routing.",
    501: "The server knows no OPTIONS: answer preflights before it.",
}
_REDIRECTED: Final = (
    "Something redirects OPTIONS, most often to a login, to https or to a URL with a slash at its "
    "end: preflights follow no redirect and carry no cookies. Answer them before, and let the page "
    "ask the URL as it is in the end."
)
_UNANSWERED: Final = "Browsers send no {} before the preflight is answered."


def change_server(attempt: Attempt, verdict: Verdict) -> tuple[Change, Attempt]:
    """The server's next change. Raises `NoChange`."""
    exchange = verdict.exchanges[-1]
    request, response = exchange.request, exchange.response
    code = (verdict.failure or "").removeprefix("preflight-")
    if response is None:
        if request.is_preflight and verdict.steps[-1].code == "preflight-no-response":
            text = _UNANSWERED.format(attempt.fetch.method)
            return _with_status(attempt, None, text)
        raise NoChange(_of_silence(verdict.steps[-1].text))
    if request.is_preflight and not 200 <= response.status <= 299:
        # A status alone stands in the way of all the rest, whichever check a browser makes first.
        return _with_status(attempt, response, _of_status(response.status))
    origin = next((value for name, value in request.headers if name == "Origin"), "")
    if code.startswith("allow-origin"):
        return _allow_origin(attempt, request, response, origin, code)
    match code:
        case "allow-credentials":
            said = value_of(response, ALLOW_CREDENTIALS)
            text = "The page includes credentials"
            text += "." if said is None else f", and {said!r} is not true."
            return _with_line(
                attempt, request, response, ALLOW_CREDENTIALS, "true", text
            )
        case "allow-methods" | "allow-methods-syntax":
            spelling = upper_method(attempt)
            if spelling is not None:
                return spelling
            method = attempt.fetch.method
            values = _tokens(response, ALLOW_METHODS)
            text = f"The page asks for {method}."
            return _with_line(
                attempt,
                request,
                response,
                ALLOW_METHODS,
                ", ".join([*values, method]),
                text,
            )
        case "allow-headers" | "allow-headers-syntax":
            return _allow_headers(attempt, request, response)
        case "resource-policy":
            text = "This header keeps the resource from pages of other origins."
            return _with_line(
                attempt, request, response, RESOURCE_POLICY, "cross-origin", text
            )
    raise NoChange(f"No header mends this: {verdict.steps[-1].text}")


def _of_silence(said: str) -> str:
    return (
        f"{said} No header mends that: the server must be reached at all (its address, its port, "
        "its certificate; a blocker in the browser; a firewall)."
    )


def _of_status(status: int) -> str:
    if 300 <= status <= 399:
        return _REDIRECTED
    return _STATUSES.get(
        status,
        f"The server answers OPTIONS with {status}: a preflight needs 200 to 299.",
    )


def _allow_origin(
    attempt: Attempt, request: Request, response: Response, origin: str, code: str
) -> tuple[Change, Attempt]:
    if origin == "null":
        if attempt.fetch.page_origin == "null":
            return serve_page(attempt)
        raise NoChange("Do not allow null: any site can have that origin.")
    value = value_of(response, ALLOW_ORIGIN)
    match code:
        case "allow-origin-missing" if attempt.is_withheld and not request.is_preflight:
            text = f"The {request.method} was not sent; its answer needs the line, too."
        case "allow-origin-missing" if response.status >= 500:
            text = (
                f"The error {response.status} is answered without the headers: whatever sets "
                "them must stand around what makes errors. The error itself is the other half."
            )
        case "allow-origin-missing" if (
            not request.is_preflight and response.status >= 400
        ):
            text = (
                f"The answer {response.status} is made without the headers: whatever sets them "
                "must stand around it."
            )
        case "allow-origin-missing":
            text = "Nothing in the response lets a page of another origin read it."
        case "allow-origin-wildcard":
            text = (
                "With credentials * does not count, and no server should echo whatever asks: "
                "answer the origins that you know."
            )
        case "allow-origin-multiple" if len(lines_of(response, ALLOW_ORIGIN)) > 1:
            text = (
                "Two parts of the server set it, most often the application and a proxy before "
                "it: let one of them speak."
            )
        case "allow-origin-multiple":
            text = "It names one origin, never a list: answer the one that asks, and add Vary: Origin."
        case _ if "*" in (value or ""):
            text = "Browsers know no patterns here, only the one origin or *; add Vary: Origin."
        case _:
            why = why_other_origin(value or "", origin)
            text = (
                why
                or "It must name the origin that asks; add Vary: Origin where several may."
            )
    return _with_line(attempt, request, response, ALLOW_ORIGIN, origin, text)


def _allow_headers(
    attempt: Attempt, request: Request, response: Response
) -> tuple[Change, Attempt]:
    asked = [
        name.strip()
        for line, value in request.headers
        if line == "Access-Control-Request-Headers"
        for name in value.split(",")
    ]
    credentialed = attempt.fetch.credentials == "include"
    values = _tokens(response, ALLOW_HEADERS, keeps_wildcard=not credentialed)
    listed = {value.lower() for value in values}
    covered = "*" in listed
    spellings = {name.lower(): name for name, _ in attempt.fetch.headers}
    missing = [
        spellings.get(name, name)
        for name in asked
        if name.lower() not in listed and (not covered or name == "authorization")
    ]
    text = f"The page sends {', '.join(missing)}."
    if covered:
        text = "* does not cover Authorization: the standard says so, and browsers announce it."
    return _with_line(
        attempt, request, response, ALLOW_HEADERS, ", ".join([*values, *missing]), text
    )


def _tokens(
    response: Response, name: str, *, keeps_wildcard: bool = False
) -> list[str]:
    """What of a list can stay."""
    return [
        element
        for element in elements_of(response, name)
        if is_token(element) and (element != "*" or keeps_wildcard)
    ]


def _with_status(
    attempt: Attempt, response: Response | None, text: str
) -> tuple[Change, Attempt]:
    before = "no response" if response is None else f"status {response.status}"
    change = Change("preflight", "status 204", (before,), text)
    return change, attempt._replace(patch=attempt.patch._replace(status=204))


def _with_line(
    attempt: Attempt,
    request: Request,
    response: Response,
    name: str,
    value: str,
    text: str,
) -> tuple[Change, Attempt]:
    before = tuple(f"{name}: {line}" for line in lines_of(response, name))
    where: Where = "preflight" if request.is_preflight else "response"
    lines = attempt.patch.preflight if request.is_preflight else attempt.patch.response
    lines = (*(line for line in lines if line[0] != name), (name, value))
    patch: Patch = (
        attempt.patch._replace(preflight=lines)
        if request.is_preflight
        else attempt.patch._replace(response=lines)
    )
    change = Change(where, f"{name}: {value}", before, text)
    return change, attempt._replace(patch=patch)


def why_other_origin(value: str, origin: str) -> str | None:
    """What keeps a value from being the origin that it looks like, as a sentence, or None."""
    if value.rstrip("/") == origin:
        return "An origin has no slash at its end."
    if value.lower() == origin:
        return "An origin is in lower case."
    listed, asked = parse(value), parse(origin)
    if "*" in value and asked is not None:
        apex = value.partition("*.")[2]
        if apex and apex == origin.partition("://")[2]:
            return f"{value} covers names below {apex}, and not {apex} itself."
        return None
    if listed is None or asked is None:
        return None
    if listed.path != "/" and listed.origin == origin:
        return "An origin has no path: it ends with the host or the port."
    if listed.host == asked.host and listed.scheme != asked.scheme:
        return (
            f"{asked.scheme} is not {listed.scheme}: the scheme belongs to the origin."
        )
    if listed.host == asked.host and listed.port != asked.port:
        return "The port belongs to the origin, and is another."
    if listed.host.removeprefix("www.") == asked.host.removeprefix("www."):
        return "With www. it is another host, and another origin."
    if {listed.host, asked.host} == {"localhost", "127.0.0.1"}:
        return "localhost and 127.0.0.1 are different hosts."
    return None
