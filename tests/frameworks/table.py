"""Writes the README's table of frameworks from what `test_conformance.py` runs.

Here: `python tests/frameworks/table.py` prints the table and the counts; with `--write` the table
goes into the README, between its two marks.
Not here: any pass (`test_conformance.py`), what a framework is (`recipes.py`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

if __name__ == "__main__":
    import conftest  # noqa: F401  # where the modules below lie

from departures import DEPARTURES
from left_out import is_left_out
from pages import ROWS
from peculiarities import PECULIARITIES, peculiarities_of
from recipes import IN_PROCESS, RECIPES, USES, Recipe, passes

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- frameworks -->", "<!-- /frameworks -->"
HEAD = (
    "framework",
    "version",
    "import",
    "use",
    "servers",
    "rows x passes",
    "left out",
    "changed by a server",
    "by the framework",
)
_DEPARTED = {(d.row, server) for d in DEPARTURES for server in d.servers}


def count_exceptions(recipe: Recipe) -> tuple[int, int, int]:
    """Answers that are not asked for, that servers change, and that the framework itself does."""
    left_out = of_servers = of_framework = 0
    for way, server in passes(recipe):
        for index, row in enumerate(ROWS):
            if is_left_out(recipe.protocol, index):
                left_out += 1
            elif (row["name"], server) in _DEPARTED:
                of_servers += 1
            elif peculiarities_of(recipe.site, way, server, index):
                of_framework += 1
    return left_out, of_servers, of_framework


def version_of(package: str) -> str:
    if not package:
        return ""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def cells() -> Iterator[tuple[str, ...]]:
    """One row for each framework, over whatever protocols it speaks."""
    for framework, (importing, using) in USES.items():
        recipes = [recipe for recipe in RECIPES if recipe.framework == framework]
        servers = [server for recipe in recipes for server in recipe.servers]
        count = sum(len(passes(recipe)) for recipe in recipes)
        exceptions = [count_exceptions(recipe) for recipe in recipes]
        yield (
            framework,
            version_of(recipes[0].package),
            importing,
            using,
            ", ".join(dict.fromkeys(re.sub("-[aw]sgi$", "", name) for name in servers)),
            f"{len(ROWS)} x {count}",
            *(str(sum(each)) for each in zip(*exceptions, strict=True)),
        )


def table() -> str:
    rule = ["---"] * 5 + ["--:"] * 4
    lines = [HEAD, tuple(rule), *cells()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def without_versions(text: str) -> str:
    """Newer packages change no promise of the table."""
    return re.sub(r"(?m)^(\| [^|]+ \|) [^|]* \|", r"\1 |", text)


def shown() -> str | None:
    """The table that stands in the README; None where the marks do not."""
    found = re.search(f"(?s){BEGIN}\n(.*?){END}", README.read_text())
    return found and found[1]


def write() -> None:
    text = README.read_text()
    between = re.compile(f"(?s){BEGIN}\n.*?{END}")
    README.write_text(between.sub(lambda _: f"{BEGIN}\n{table()}{END}", text))


def counts() -> str:
    """What the issue's note says."""
    called = [(r, p) for r in RECIPES for p in passes(r) if p[1] == IN_PROCESS]
    served = [(r, p) for r in RECIPES for p in passes(r) if p[1] != IN_PROCESS]
    exceptions = [count_exceptions(recipe) for recipe in RECIPES]
    left_out, of_servers, of_frameworks = map(sum, zip(*exceptions, strict=True))
    return (
        f"{len(USES)} frameworks, {len(ROWS)} rows; "
        f"in process {len(called)} passes, {len(called) * len(ROWS)} answers; "
        f"over sockets {len(served)} passes, {len(served) * len(ROWS)} answers; "
        f"{left_out} of them left out, since WSGI waits for no coroutine; "
        f"named exceptions: {of_servers} answers that servers change "
        f"({len({d.row for d in DEPARTURES})} rows), {of_frameworks} that frameworks do "
        f"({len(PECULIARITIES)} reasons)"
    )


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    print(table())
    print(counts())
