"""What a console's message means, and what to do about it.

Here: `tell`, and its drawing and document. Not here: reading the message (`_message.py`).
Spec: https://fetch.spec.whatwg.org/#cors-protocol
"""

from __future__ import annotations

from dataclasses import dataclass

from corsac.browser import Browser, Step, predict

from ._canvas import Canvas
from ._changes import Remedy
from ._message import Meaning
from ._remedy import find_remedy, is_good
from ._render import draw_remarks, draw_remedy
from ._source import Source
from ._words import NAMES

_MADE_UP = {
    "origin": "The message does not name the page; https://app.example stands for its origin.",
    "url": "The message does not name the URL; https://api.example/ stands for it.",
}
_VAGUE = (
    "The same for every reason, since scripts must not learn it: the reason is in the line before "
    "it on the console. Paste that one, or ask the server: corsac explain URL --origin PAGE."
)
#: What a message leaves open, where the check's own sentence would say more than is known.
_OPEN = {
    "allow-methods": "Access-Control-Allow-Methods of the response to the preflight does not name "
    "{method}.",
    "allow-headers": "Access-Control-Allow-Headers of the response to the preflight does not name "
    "{name}.",
}
_OPEN_IN_WEBKIT = (
    "Access-Control-Allow-Origin is missing, or names another origin than {origin}: WebKit says "
    "the same of both."
)


@dataclass(frozen=True)
class Told:
    """`step`: the check that failed. `text`: what the message says of it. `remedy`: as for a fetch, None
    where nothing failed, or nothing is known.
    """

    meaning: Meaning
    step: Step
    text: str
    remedy: Remedy | None
    remarks: tuple[str, ...]


def tell(meaning: Meaning) -> Told:
    """What a message means: the fetch that it is about, made again and mended."""
    fetch, answer = meaning.scene.make(meaning.words)
    source = Source("the server", answer)
    verdict = predict(fetch, source.send, browser=meaning.browser)
    code = meaning.scene.code
    step = next((s for s in verdict.steps if s.code == code), verdict.steps[-1])
    standard = predict(fetch, source.send)
    is_fine = is_good(fetch, verdict) and is_good(fetch, standard)
    remedy = None
    if not is_fine and not meaning.is_vague:
        remedy = find_remedy(fetch, source, (meaning.browser,))
    text = _text(meaning) or step.text
    return Told(meaning, step, text, remedy, tuple(_remarks(meaning)))


def _text(meaning: Meaning) -> str:
    if meaning.is_vague:
        return f"Something failed. {_VAGUE}"
    code = meaning.scene.code.removeprefix("preflight-")
    text = _OPEN.get(code, "")
    if meaning.browser is Browser.WEBKIT and code == "allow-origin-missing":
        text = _OPEN_IN_WEBKIT
    words = meaning.words
    return text.format(origin=words.origin, method=words.method, name=words.name)


def _remarks(meaning: Meaning) -> list[str]:
    if meaning.is_vague:
        return []
    found = [text for name, text in _MADE_UP.items() if name in meaning.unnamed]
    if meaning.scene.code.startswith("preflight-"):
        found.append(
            "The message does not say which method and headers the page sends: the response to the "
            "preflight must allow them too (corsac explain with --method and --header shows how)."
        )
    return found


def draw_told(canvas: Canvas, told: Told) -> None:
    """The same on a terminal."""
    meaning = told.meaning
    canvas.line(f"{NAMES[meaning.browser]} says:", "bold")
    canvas.line(meaning.line, indent=2)
    canvas.heading("What it means")
    mark = canvas.good if told.step.passed else canvas.bad
    if meaning.is_vague:
        canvas.line(told.text, indent=2)
    else:
        canvas.link(told.text, told.step.source, indent=2, mark=mark)
    if told.remedy is not None:
        name = NAMES[meaning.browser]
        draw_remedy(
            canvas,
            told.remedy,
            f"With that such a fetch is readable in {name}, if nothing else is wrong.",
        )
    draw_remarks(canvas, told.remarks)


def document_of_told(told: Told) -> dict[str, object]:
    """The same as JSON."""
    from ._json import remedy_document, step_document

    meaning = told.meaning
    words = {
        name: getattr(meaning.words, name)
        for name in ("origin", "url", "method", "name", "value", "status")
        if name not in meaning.unnamed and getattr(meaning.words, name)
    }
    return {
        "message": meaning.line,
        "browser": meaning.browser.value,
        "code": meaning.scene.code,
        "is_consequence": meaning.is_vague,
        "named": words,
        "meaning": told.text,
        "step": None if meaning.is_vague else step_document(told.step),
        "remedy": remedy_document(told.remedy),
        "remarks": list(told.remarks),
    }
