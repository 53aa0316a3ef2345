"""The report for people: which pages can read, and each finding with its evidence and its cure.

Here: `show`. Not here: progress (`_progress.py`), machine formats (`_json.py`, `_sarif.py`).
Spec: https://no-color.org/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .._severity import Severity
from ._asker import Asked
from ._finding import (
    Finding,
    Page,
    Report,
)
from ._lines import request_lines, response_lines
from .remedies import SERVERS, lines

_STYLES: Final = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "bold cyan",
}


def show(report: Report, console: Console, servers: tuple[str, ...]) -> None:
    """Prints a report. `servers`: whose lines are shown, keys of `remedies.SERVERS`; none: corsac's,
    and those of the server that answered."""
    if not servers:
        known = report.server
        servers = ("corsac",) if known is None else ("corsac", known)
    if report.pages:
        console.print(_pages(report))
    for finding in report.findings:
        console.print()
        for text, indent in _finding(finding, report.origin, servers):
            _print(console, text, indent)
    console.print()
    console.print(_summary(report), soft_wrap=True)


def _pages(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("reads")
    table.add_column("a page of")
    table.add_column("asked as")
    for page in report.pages:
        origin = Text(page.origin, overflow="fold")
        table.add_row(_reads(page), origin, Text(page.asked))
    return table


def _reads(page: Page) -> Text:
    if page.readable_with_credentials:
        return Text("with cookies", style="green" if page.is_allowed else "yellow")
    if page.readable:
        return Text("without cookies", style="green" if page.is_allowed else "")
    return Text("nothing", style="red" if page.is_allowed else "dim")


def _print(console: Console, text: Text, indent: int) -> None:
    """One part of a finding; only a terminal folds long lines."""
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent)))
    else:
        for line in text.split(allow_blank=True):
            console.print(Text(" " * indent) + line, soft_wrap=True)


def _finding(
    finding: Finding, origin: str, servers: tuple[str, ...]
) -> Iterator[tuple[Text, int]]:
    """The parts, each with its indent."""
    rule = finding.rule
    yield (
        Text.assemble(
            (finding.severity.value, _STYLES[finding.severity]),
            "  ",
            (rule.title, "bold"),
            (f"  [{rule.id}]", "dim"),
        ),
        0,
    )
    yield Text(finding.text), 2
    for asked in finding.evidence[:2]:
        yield _exchange(asked), 4
    yield Text.assemble(f"Why: {rule.why} ", (rule.source, "dim")), 2
    yield Text(f"Fix: {rule.fix}"), 2
    if rule.remedy is None:
        return
    for server in servers:
        yield Text(f"{SERVERS[server]}:", style="dim"), 2
        yield Text(lines(server, rule.remedy, origin), style="green"), 4


def _exchange(asked: Asked) -> Text:
    text = Text(style="dim")
    sent = [f"> {line}" for line in request_lines(asked)]
    got = [f"< {line}" for line in response_lines(asked)]
    text.append("\n".join([*sent, *got]))
    return text


def _summary(report: Report) -> Text:
    counts = []
    for severity in Severity:
        count = sum(finding.severity is severity for finding in report.findings)
        if count:
            counts.append(f"{count} {severity.value}{'s' if count > 1 else ''}")
    said = ", ".join(counts) or "nothing to find fault with"
    requests = "1 request" if report.requests == 1 else f"{report.requests} requests"
    style = "green" if not counts else "bold"
    return Text.assemble((f"{report.url}: ", ""), (said, style), f" ({requests}).")
