"""Which requests are worth sending, in which order, and what the browser's model makes of each.

Here: `ask`, which fills `Answers`, and `planned`, which says beforehand how many it takes at most.
Not here: hosts, rate and bounds (`_asker.py`), the judging (`_judge.py`).
Nothing is sent but GET and OPTIONS: where the model would send another method, it is cut off.
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

import urllib.parse
from typing import Final

from corsac.browser import (
    Fetch,
    Kind,
    NoResponse,
    Request,
    Response,
    Verdict,
    exchange,
    predict,
)

from ._answers import Answers, Page, Preflight, Tried
from ._asker import Asked, Asker, Stopped
from ._failures import HostNotNamed, RedirectsOn
from ._options import Options
from ._tries import NULL, Try, base_origin, stranger, tries_of

#: How many redirects of the first request and of each page are followed. Chosen by us because
#: three lead from http to https, to the right host and to the right path.
MOST_REDIRECTS: Final = 3
_UNLIKELY_METHOD: Final = "CORSAC-PROBE"
_UNLIKELY_HEADER: Final = "x-corsac-probe"
_MISSING: Final = "corsac-probe-no-such-page"


def planned(options: Options) -> int:
    """The most requests that a probe needs, without those that follow redirects."""
    base = base_origin(options.url, options.origins)
    tries = len(tries_of(base, options.url, options.origins))
    pages = len(options.origins)
    preflights = max(1, pages) + 2
    return 1 + pages + 2 + tries + preflights + 1


def ask(answers: Answers, asker: Asker) -> None:
    """Asks all, and puts down what comes back; `stopped` says so where it ends before.

    `KeyboardInterrupt` comes through, with what was found so far in `answers`.
    """
    answers.record = asker.record
    try:
        _ask(answers, asker)
    except Stopped as stop:
        answers.stopped = str(stop)


def _ask(answers: Answers, asker: Asker) -> None:
    options = answers.options
    _ask_plainly(answers, asker)
    for origin in options.origins:
        _ask_for_page(answers, asker, origin)
    _try(answers, asker, stranger(answers.target))
    _try(answers, asker, NULL)
    for origin in options.origins or _first(answers.reader):
        preflight = _ask_preflight(
            answers,
            asker,
            origin,
            options.method or "GET",
            _named(options),
            "a preflight",
        )
        if preflight is not None:
            answers.preflights.append(preflight)
    answers.strange = _ask_preflight(
        answers,
        asker,
        stranger(answers.target).origin,
        options.method or "PUT",
        _named(options),
        "a preflight of an arbitrary origin",
    )
    reflects_all = any(
        tried.readable and tried.tried.rule == "reflected-origin"
        for tried in answers.tries
    )
    if not reflects_all:
        # A server that lets in an arbitrary origin lets in these, too.
        base = base_origin(options.url, options.origins)
        for one in tries_of(base, answers.target, options.origins):
            _try(answers, asker, one)
    reader = answers.reader
    if reader is None:
        return
    answers.unlikely = _ask_preflight(
        answers,
        asker,
        reader,
        _UNLIKELY_METHOD,
        ((_UNLIKELY_HEADER, "1"),),
        "a preflight for what nobody needs",
    )
    _ask_missing(answers, asker, reader)


def _first(origin: str | None) -> tuple[str, ...]:
    return () if origin is None else (origin,)


def _named(options: Options) -> tuple[tuple[str, str], ...]:
    """The headers that a page would set: those that were named, and Authorization."""
    names = {name.lower() for name, _ in options.headers}
    if options.authorization is None or "authorization" in names:
        return options.headers
    return (*options.headers, ("Authorization", "hidden"))


def _ask_plainly(answers: Answers, asker: Asker) -> None:
    """Without an Origin, as a cache or a link does; the tries ask where its redirects end."""
    for _ in range(1 + MOST_REDIRECTS):
        response = asker.ask(
            Request("GET", answers.target), "without an origin", reads_body=True
        )
        answers.plain = asker.record[-1]
        location = _location(answers.target, response)
        if location is None:
            return
        try:
            asker.may_ask(location)
        except HostNotNamed as error:
            answers.cut = error
            return
        answers.target = location
    answers.cut = RedirectsOn(f"more than {MOST_REDIRECTS} redirects in a row")


def _location(url: str, response: Response) -> str | None:
    """Where a response redirects to, or None. https://fetch.spec.whatwg.org/#concept-response-location-url"""
    if response.status not in (301, 302, 303, 307, 308):
        return None
    lines = [value for name, value in response.headers if name.lower() == "location"]
    if len(lines) != 1:
        return None
    try:
        joined = urllib.parse.urljoin(url, lines[0].strip())
        fetch = Fetch(page_origin="null", url=joined)
    except ValueError:
        return None
    if not fetch.url.startswith(("http://", "https://")) or "@" in fetch.url:
        return None
    return fetch.url.partition("#")[0]


def _ask_for_page(answers: Answers, asker: Asker, origin: str) -> None:
    """The fetch of a page that should be let in, its redirects followed."""
    answers.pages.append(
        _fetch(answers, asker, origin, answers.options.url, "a page that is allowed")
    )


def _fetch(answers: Answers, asker: Asker, origin: str, url: str, purpose: str) -> Page:
    before = len(asker.record)
    cut: list[NoResponse] = []

    def send(request: Request) -> Response:
        try:
            if len(asker.record) - before > MOST_REDIRECTS:
                raise RedirectsOn(f"more than {MOST_REDIRECTS} redirects in a row")
            return asker.ask(request, purpose)
        except (HostNotNamed, RedirectsOn) as error:
            cut.append(error)
            raise

    includes = answers.options.credentials
    verdict = predict(_get(origin, url, includes), send)
    asked = tuple(asker.record[before:])
    other = _replay(_get(origin, url, not includes), asked)
    reads = (verdict.readable, other.readable)
    return Page(
        origin,
        verdict,
        readable=reads[1] if includes else reads[0],
        readable_with_credentials=reads[0] if includes else reads[1],
        asked=asked,
        cut=cut[0] if cut else None,
    )


def _get(origin: str, url: str, includes_credentials: bool) -> Fetch:
    return Fetch(
        page_origin=origin,
        url=url,
        credentials="include" if includes_credentials else "omit",
    )


def _replay(fetch: Fetch, asked: tuple[Asked, ...]) -> Verdict:
    """The verdict on another fetch that sends the same requests, from what was answered to them.

    Cookies are in the lines beside the model's requests, so that these are the same with them and
    without.
    """
    responses = [one.response for one in asked if one.response is not None]

    def send(request: Request) -> Response:
        if not responses:
            raise NoResponse("a redirect is not followed here")
        return responses.pop(0)

    return predict(fetch, send)


def _try(answers: Answers, asker: Asker, one: Try) -> None:
    """One origin: one request, judged with credentials and without.

    A redirect is not followed: what is said there is not this server's.
    """
    before = len(asker.record)
    try:
        Fetch(page_origin=one.origin, url=answers.target)
    except ValueError:
        # No browser sends it; it shows how the server compares.
        request = Request("GET", answers.target, (("Origin", one.origin),))
        try:
            response = asker.ask(request, one.purpose)
        except NoResponse:
            return
        echoed = ("access-control-allow-origin", one.origin) in (
            (name.lower(), value.strip()) for name, value in response.headers
        )
        answers.tries.append(Tried(one, asker.record[-1], echoed, False))
        return

    def send(request: Request) -> Response:
        if len(asker.record) > before:
            raise NoResponse("a redirect is not followed here")
        return asker.ask(request, one.purpose)

    with_credentials = predict(_get(one.origin, answers.target, True), send)
    if len(asker.record) == before or asker.record[-1].response is None:
        return
    asked = asker.record[-1]
    without = _replay(_get(one.origin, answers.target, False), (asked,))
    answers.tries.append(Tried(one, asked, without.readable, with_credentials.readable))


def _ask_preflight(
    answers: Answers,
    asker: Asker,
    origin: str,
    method: str,
    headers: tuple[tuple[str, str], ...],
    purpose: str,
) -> Preflight | None:
    """A preflight alone; None where the browser would send none, or got no answer."""
    fetch = Fetch(
        page_origin=origin,
        url=answers.target,
        method=method,
        headers=headers,
        credentials="include" if answers.options.credentials else "same-origin",
        kind=Kind.XML_HTTP_REQUEST,
        # What makes a browser ask first even for a plain GET.
        has_upload_listener=True,
    )
    steps = exchange(fetch)
    try:
        request = next(steps)
    except StopIteration:
        return None
    if not request.is_preflight:
        return None
    names = tuple(
        name
        for line, value in request.headers
        if line == "Access-Control-Request-Headers"
        for name in value.split(",")
    )
    try:
        response = asker.ask(request, purpose)
    except NoResponse:
        return None
    try:
        steps.send(response)
    except StopIteration as end:
        return Preflight(origin, fetch.method, names, asker.record[-1], end.value)
    steps.close()
    return Preflight(origin, fetch.method, names, asker.record[-1], None)


def _ask_missing(answers: Answers, asker: Asker, origin: str) -> None:
    """A path that is not there: whether the server's own answers speak to pages, too."""
    parts = urllib.parse.urlsplit(answers.target)
    path = f"{parts.path.rstrip('/')}/{_MISSING}"
    url = urllib.parse.urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    answers.missing = _fetch(answers, asker, origin, url, "a path that is not there")
