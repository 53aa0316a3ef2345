"""Puts the tables of a run into a Markdown file.

Here: the section `## One run`, which is replaced as a whole up to the next heading of its
level; whatever else stands in the file stays.
Not here: the tables themselves (`report.py`, `peer_tables.py`).
Spec: https://github.github.com/gfm/#tables-extension-
"""

import os
import platform
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from report import Row

HEADING = "## One run"


def write(tables: Iterable[tuple[str, list[Row]]], path: Path) -> None:
    """Replaces the section, or adds it at the end."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    where = f"{python} on {os.cpu_count()} cores"
    lines = [HEADING, "", f"`pytest benches`, {date.today()}, {where}.", ""]
    for title, rows in tables:
        lines += [f"### {title}", "", *table(rows), ""]
    section = "\n".join(lines)
    text = path.read_text() if path.exists() else ""
    before, _, rest = text.partition(f"{HEADING}\n")
    after = re.search(r"(?m)^## .*(?s:.*)", rest)
    path.write_text(before + section + (f"\n{after[0]}" if after else ""))


def table(rows: list[Row]) -> Iterator[str]:
    """Names to the left, figures to the right."""
    titles, *body = rows
    yield f"| {' | '.join(titles)} |"
    yield f"|---|{'--:|' * (len(titles) - 1)}"
    for name, *cells in body:
        yield f"| {' | '.join([f'`{name}`', *cells])} |"
