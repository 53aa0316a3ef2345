"""`corsac explain` as a command: from words to an answer and an exit code.

Here: `run`, which of the inputs was given, where the answer goes. Not here: options (`_options.py`),
the answer itself (`_explanation.py`), how it looks (`_render.py`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import replace
from typing import TYPE_CHECKING

from corsac.browser import Browser, Fetch
from corsac.browser._url import parse

from ._asked import extras_of, fetch_of, read_page, url_of
from ._canvas import Canvas, canvas_for
from ._explanation import Explanation, explain
from ._options import WrongWords, complete, parser
from ._source import Source
from ._subjects import PAGE, Extras, WrongUse, find_source, page_of

if TYPE_CHECKING:
    from corsac.browser._url import Url

__all__ = ["complete", "run"]

_EXTRA = "a live server is asked through httpx: pip install 'corsac[cli]'"


def run(words: Sequence[str]) -> int:
    """Runs the command.

    `words`: a sequence of str, what stands after `corsac explain`. Returns the exit code: 0 for
    what the page can read, 1 for what it cannot, 2 for wrong use, which one sentence on the
    standard error explains.
    Source: https://fetch.spec.whatwg.org/#concept-fetch
    """
    for stream in (sys.stdout, sys.stderr):
        # A console that knows no arrows shows a question mark, and no traceback.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        options = parser().parse_args(words)
        with ExitStack() as leave:
            code = _run(options, leave)
        sys.stdout.flush()
        return code
    except WrongWords as error:
        return _refuse(f"{error}; corsac explain --help shows all options")
    except WrongUse as error:
        return _refuse(str(error))
    except ModuleNotFoundError as error:
        if error.name != "httpx":
            raise
        return _refuse(_EXTRA)
    except BrokenPipeError:
        # Whoever read this has seen enough, as `head` has; what is left must not be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _refuse(sentence: str) -> int:
    print(f"corsac explain: {sentence}", file=sys.stderr)
    return 2


def _run(options: Namespace, leave: ExitStack) -> int:
    browsers = (Browser(options.browser),) if options.browser else tuple(Browser)
    _read_pasted(options)
    canvas = canvas_for(sys.stdout, colours=False if options.no_color else None)
    if options.har is not None or options.har_text is not None:
        return _explain_har(options, browsers, canvas, leave)
    if options.message is not None:
        return _explain_message(options.message, options.json, canvas)
    if options.curl is not None:
        one = _explain_curl(options, browsers, leave)
    elif options.subject is None:
        raise WrongUse(
            "nothing is named that answers: write package.module:policy, a TOML file or a URL "
            "(corsac explain --help shows examples)"
        )
    else:
        one = _explain_options(options, browsers, leave)
    _show([one], options.json, canvas)
    return 0 if one.is_good or one.is_undecided else 1


def _read_pasted(options: Namespace) -> None:
    """Puts what was pasted where it belongs: a command, a file or a message.

    It came on the standard input, or stands where the subject should, as people paste it.
    """
    if "-" in (options.subject, options.curl, options.message):
        text = _read_input()
        options.subject = None if options.subject == "-" else options.subject
    elif " " in (options.subject or "") and not os.path.exists(options.subject):
        text, options.subject = options.subject.strip(), None
    elif (options.subject or "").lower().endswith(".har"):
        options.har, options.subject = options.subject, None
        return
    else:
        return
    command = text.removeprefix("$ ")
    if options.curl == "-" or command.startswith(("curl ", "curl.exe ")):
        options.curl = command
    elif text.startswith("{"):
        options.har_text = text
    else:
        options.message = text


def _read_input() -> str:
    if sys.stdin is None or sys.stdin.closed:
        raise WrongUse("there is no standard input to read: name a SUBJECT")
    if sys.stdin.isatty():
        print("Paste here, then press Ctrl-D (Ctrl-Z on Windows):", file=sys.stderr)
    text = sys.stdin.buffer.read().decode("utf-8", "replace").strip("\ufeff \n\r\t")
    if not text:
        raise WrongUse(
            "nothing was pasted: give a curl command, a HAR file or a message"
        )
    return text


def _find_source(
    subject: str, url: Url | None, extras: Extras, leave: ExitStack
) -> Source:
    """Who answers. What a user's module prints when it is imported is no part of the answer."""
    with redirect_stdout(sys.stderr):
        return find_source(subject, url, extras, leave)


def _explain_options(
    options: Namespace, browsers: Sequence[Browser], leave: ExitStack
) -> Explanation:
    extras = extras_of(options)
    url = parse(url_of(options))
    origin, page_url = read_page(options.origin) if options.origin else ("", "")
    # What is wrong with the fetch is said before anything is imported or asked.
    fetch_of(options, origin or PAGE, page_url)
    source = _find_source(options.subject, url, extras, leave)
    if not origin:
        origin, page_url = read_page(page_of(source.policy))
    one = explain(fetch_of(options, origin, page_url), source, browsers)
    if options.origin:
        return one
    made_up = f"No --origin was given, so this is a page of {origin}."
    return one._replace(remarks=(*one.remarks, made_up))


def _explain_curl(
    options: Namespace, browsers: Sequence[Browser], leave: ExitStack
) -> Explanation:
    from ._curl import read_curl

    pasted = read_curl(options.curl, options.origin)
    fetch = _overridden(pasted.fetch, options)
    extras = Extras(options.send, pasted.body, pasted.added, extras_of(options).answer)
    url = parse(fetch.url)
    assert url is not None, "a Fetch has a URL that parses"
    subject = options.subject or fetch.url
    source = _find_source(subject, url, extras, leave)
    return explain(fetch, source, browsers)


def _overridden(fetch: Fetch, options: Namespace) -> Fetch:
    """What stands in options goes before what was pasted."""
    changes = {
        name: value
        for name in ("credentials", "mode", "redirect", "kind", "url")
        if (value := getattr(options, name)) is not None
    }
    try:
        return replace(fetch, **changes)
    except ValueError as error:
        raise WrongUse(str(error)) from None


def _explain_har(
    options: Namespace, browsers: Sequence[Browser], canvas: Canvas, leave: ExitStack
) -> int:
    from ._har import read_har

    recorded = read_har(options.har or "the standard input", options.har_text)
    failing = []
    for one in recorded:
        source = one.source
        if options.subject is not None:
            url = parse(one.fetch.url)
            source = _find_source(options.subject, url, extras_of(options), leave)
        explained = explain(one.fetch, source, browsers)
        if not explained.is_good:
            failing.append(explained)
    if options.json:
        _show(failing, True, canvas, is_list=True)
        return 1 if failing else 0
    many = "1 fetch" if len(recorded) == 1 else f"{len(recorded)} fetches"
    canvas.line(f"{many} across origins, {len(failing)} of them not readable.")
    canvas.gap()
    _show(failing, False, canvas)
    canvas.flush(sys.stdout)
    return 1 if failing else 0


def _explain_message(text: str, as_json: bool, canvas: Canvas) -> int:
    from ._message import read_message
    from ._told import document_of_told, draw_told, tell

    told = tell(read_message(text))
    if as_json:
        _print_json(document_of_told(told))
    else:
        draw_told(canvas, told)
        canvas.flush(sys.stdout)
    return 1


def _show(
    explanations: Sequence[Explanation],
    as_json: bool,
    canvas: Canvas,
    *,
    is_list: bool = False,
) -> None:
    if as_json:
        from ._json import document

        found = [document(one) for one in explanations]
        _print_json({"fetches": found} if is_list else found[0])
        return
    from ._render import draw

    for place, one in enumerate(explanations):
        if place:
            canvas.rule()
        draw(canvas, one)
    canvas.flush(sys.stdout)


def _print_json(document: object) -> None:
    import json

    print(json.dumps(document, indent=2, ensure_ascii=not _is_unicode()))


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
