"""A report in lines, as people read it.

Here: `lines_of`, the words and their order. Not here: colours and the width of a terminal
(`_terminal.py`).
Spec: https://www.gnu.org/prep/standards/html_node/Errors.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from .._severity import Severity
from ..subject.policy_text import python_call, toml_table
from ._compare import Row
from ._finding import (
    Finding,
    LintedPolicy,
    Report,
)

Style = Literal["title", "head", "error", "warning", "note", "code", "plain", "good"]
#: Most rows of requests that are shown; `--json` has them all. Chosen by us: a screen.
_ROWS: Final = 12


@dataclass(frozen=True)
class Line:
    """A line: its text, how it looks, and how far what is wrapped goes in."""

    text: str = ""
    style: Style = "plain"
    indent: int = 0


def lines_of(
    reports: Iterable[Report], without: Iterable[str], toml: bool
) -> Iterator[Line]:
    """All lines of some reports, and of what held no policy."""
    counts: Counter[Severity] = Counter()
    for report in reports:
        for policy in report.policies:
            yield from _policy(report, policy, toml)
            yield Line()
        for note in report.notes:
            yield Line(f"note: {note}", "note")
        counts.update(finding.severity for finding in report.findings())
    for sentence in without:
        yield Line(f"note: {sentence}", "note")
    yield _sum(counts)


def _policy(report: Report, policy: LintedPolicy, toml: bool) -> Iterator[Line]:
    found = policy.found
    library = "" if found.library == "corsac" else f" ({found.library})"
    about = f"{report.subject.name}: " if report.subject.application else ""
    prefix = f" at {found.prefix}" if found.prefix else ""
    yield Line(f"{about}{found.sentence}{prefix}{library}", "title")
    for finding in policy.findings:
        yield _finding(finding)
    if found.policy is None and not found.problems:
        yield Line("  no CORS there", "plain")
    elif not policy.findings:
        yield Line("  nothing to say against it", "good")
    if policy.equivalent is not None and (library or toml):
        yield Line()
        yield Line("  as a corsac policy:", "head")
        text = (toml_table if toml else python_call)(policy.equivalent)
        for line in text.splitlines():
            yield Line(f"    {line}", "code")
        for change in policy.changes:
            yield Line(f"    # {change}", "code")
    if policy.rows is not None:
        yield Line()
        yield from _rows(policy.rows, policy.tried)


def _finding(finding: Finding) -> Line:
    """As compilers write it, so that editors find the place."""
    place = f"{finding.place}: " if finding.place else "  "
    text = f"{place}{finding.severity}: {finding.text} [{finding.rule}]"
    return Line(text, finding.severity.value, 4)


def _rows(rows: tuple[Row, ...], tried: int) -> Iterator[Line]:
    if not rows:
        yield Line(
            f"  all {tried} fetches that were tried end the same under it", "good"
        )
        return
    yield Line(
        f"  {len(rows)} of {tried} fetches that were tried would end otherwise under it:",
        "head",
    )
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        ends = (row.before.readable, row.after.readable)
        key = (row.rank, row.fetch.page_origin, row.fetch.credentials, ends)
        groups.setdefault(key, []).append(row)
    meaning = ""
    for group in list(groups.values())[:_ROWS]:
        if group[0].meaning != meaning:
            meaning = group[0].meaning
            yield Line(f"    {meaning}", "error" if group[0].rank == 0 else "plain", 4)
        yield from _group(group)
    if len(groups) > _ROWS:
        left = sum(len(group) for group in list(groups.values())[_ROWS:])
        yield Line(f"    and {left} more: --json shows all", "plain")


def _group(group: list[Row]) -> Iterator[Line]:
    """Fetches of one origin that end the same way."""
    row = group[0]
    shapes = ", ".join(dict.fromkeys(map(_shape, group)))
    cookies = "; with credentials" if row.fetch.credentials == "include" else ""
    origin = row.fetch.page_origin
    reason = "" if row.reason in ("listed", "everybody", "null") else f" ({row.reason})"
    yield Line(f"      {origin}{reason}: {shapes}{cookies}", "plain", 8)
    before = " / ".join(dict.fromkeys(str(one.before) for one in group))
    after = " / ".join(dict.fromkeys(str(one.after) for one in group))
    yield Line(f"        {before} -> {after}", "plain", 10)


def _shape(row: Row) -> str:
    names = " ".join(name for name, _ in row.fetch.headers)
    return f"{row.fetch.method} + {names}" if names else row.fetch.method


def _sum(counts: Counter[Severity]) -> Line:
    if not counts:
        return Line("no findings", "good")
    text = ", ".join(
        f"{counts[one]} {one}{'' if counts[one] == 1 else 's'}"
        for one in Severity
        if counts[one]
    )
    worst = next(one for one in Severity if counts[one])
    return Line(text, worst.value)
