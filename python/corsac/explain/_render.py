"""An explanation on a terminal.

Here: `draw`, section by section. Not here: what is said (`_words.py`, `_explanation.py`),
columns and colours (`_canvas.py`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

from typing import Final

from corsac.browser import Exchange, Verdict

from ._canvas import Canvas
from ._changes import Change, Remedy, call
from ._explanation import Explanation
from ._words import NAMES, asked, details, differences, listed, outcome

#: Response headers that a rule looks at, or that say what is wrong.
_TELLING: Final = frozenset(
    {
        "allow",
        "cross-origin-resource-policy",
        "location",
        "vary",
        "www-authenticate",
    }
)
_WHERE: Final = {
    "policy": "In the policy",
    "preflight": "In the response to the preflight",
    "response": "In the response",
    "page": "In the page",
}


def draw(canvas: Canvas, one: Explanation) -> None:
    """Everything about one fetch."""
    canvas.line(asked(one.fetch), "bold")
    canvas.line(f"{details(one.fetch)}; {one.name} answers.", "dim", indent=2)
    for name, value in one.fetch.headers:
        canvas.line(f"{name}: {value}", indent=4)
    _draw_wire(canvas, one)
    _draw_steps(canvas, one)
    canvas.gap()
    canvas.line(outcome(one), "right" if one.is_good or one.is_undecided else "wrong")
    _draw_consoles(canvas, one)
    if one.remedy is not None:
        draw_remedy(canvas, one.remedy, _proof(one), is_good=one.is_good)
    if one.exposing is not None and one.is_good:
        canvas.heading("To let the page read more headers")
        _draw_changes(canvas, [one.exposing])
    draw_remarks(canvas, one.remarks)


def _draw_wire(canvas: Canvas, one: Explanation) -> None:
    canvas.heading("What goes over the wire")
    if not one.shown.exchanges:
        canvas.line("nothing", indent=2)
    decisions = one.decisions or (None,) * len(one.shown.exchanges)
    for exchange, decision in zip(one.shown.exchanges, decisions):
        _draw_exchange(canvas, exchange)
        if decision is not None:
            canvas.line(f"the policy: {decision}", "cyan", indent=6)


def _draw_exchange(canvas: Canvas, exchange: Exchange) -> None:
    request, response = exchange.request, exchange.response
    preflight = "  (preflight)" if request.is_preflight else ""
    canvas.line(
        f"{request.method} {request.url}{preflight}", indent=2, mark=canvas.arrow
    )
    for name, value in request.headers:
        canvas.line(f"{name}: {value}", "dim", indent=6)
    if response is None:
        canvas.line("no response", "red", indent=2, mark=canvas.back)
        return
    style = "green" if 200 <= response.status <= 299 else "yellow"
    said = f"{response.status} {response.reason}".strip()
    canvas.line(said, style, indent=2, mark=canvas.back)
    others: list[str] = []
    for name, value in response.headers:
        if name.lower().startswith("access-control-") or name.lower() in _TELLING:
            canvas.line(f"{name}: {value}", "dim", indent=6)
        else:
            others.append(name)
    if others:
        names = ", ".join(dict.fromkeys(others))
        canvas.line(f"and {names}", "dim", indent=6)


def _draw_steps(canvas: Canvas, one: Explanation) -> None:
    canvas.heading("Which rule says what")
    for step in one.shown.steps:
        mark = canvas.good if step.passed else canvas.bad
        canvas.link(step.text, step.source, indent=2, mark=mark)
    for sentence in differences(one):
        canvas.line(sentence, "yellow", indent=2, mark="*")


def _draw_consoles(canvas: Canvas, one: Explanation) -> None:
    if not any(v.console or v.script_error for v in one.browsers.values()):
        return
    canvas.heading("What the console says")
    for browser, verdict in one.browsers.items():
        canvas.line(NAMES[browser], "cyan", indent=2)
        for line in _console_of(verdict):
            canvas.line(line, indent=4)


def _console_of(verdict: Verdict) -> list[str]:
    lines = [line.rstrip() for line in verdict.console] or ["(nothing)"]
    if verdict.script_error is not None:
        lines.append(f"The script gets: {verdict.script_error}")
    return lines


def _proof(one: Explanation) -> str:
    every = listed(list(one.browsers))
    also = ", and by the standard" if one.is_good else ""
    return (
        f"With that the fetch is readable in {every}{also}: tried with the same model."
    )


def draw_remedy(
    canvas: Canvas, remedy: Remedy, proof: str, *, is_good: bool = False
) -> None:
    """What to change. `is_good`: whether only the standard wants it, and no browser yet."""
    many = len(remedy.changes) != 1
    heading = "The lines to change" if many else "The line to change"
    heading = heading if remedy.changes else "What to do"
    canvas.heading(f"{heading}, for the standard" if is_good else heading)
    _draw_changes(canvas, list(remedy.changes))
    if remedy.is_proven and remedy.changes:
        canvas.line(proof, "green", indent=2)
    for advice in remedy.advice:
        canvas.line(advice, "yellow", indent=2, mark="!")
    is_server = any(c.where in ("preflight", "response") for c in remedy.changes)
    if remedy.policy is not None and is_server:
        canvas.gap()
        canvas.line("With corsac this policy does it:", indent=2)
        canvas.line(call(remedy.policy), "bold", indent=4)


def _draw_changes(canvas: Canvas, changes: list[Change]) -> None:
    place = ""
    for change in changes:
        if change.where != place:
            place = change.where
            canvas.line(f"{_WHERE[place]}:", indent=2)
        for line in change.before:
            canvas.line(line, "red", indent=4, mark="-")
        canvas.line(change.line, "right", indent=4, mark="+")
        canvas.line(change.text, "dim", indent=6)


def draw_remarks(canvas: Canvas, remarks: tuple[str, ...]) -> None:
    """What there is to say besides."""
    if not remarks:
        return
    canvas.heading("Mind")
    for remark in remarks:
        canvas.line(remark, indent=2, mark="*")
