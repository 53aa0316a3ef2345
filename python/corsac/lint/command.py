"""`corsac lint` as a command: which subjects, how the report is shown, exit codes.

Here: `run`. Not here: options and their help (`corsac/cli.py`), the report (`_lint.py`), its shapes
(`_text.py`, `_json.py`, `_sarif.py`).
Spec: https://docs.python.org/3/library/sys.html#sys.exit
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final

from .._severity import Severity
from ..subject import NoPolicyError, SubjectError, read_subject
from ._finding import (
    Report,
)
from ._lint import lint

#: What is linted where nothing is named, as far as it is there.
DEFAULTS: Final = ("corsac.toml", "pyproject.toml")
#: The levels of `--fail-on`, and the weight from which on a finding fails.
LEVELS: Final = {**{one.value: one.weight for one in Severity}, "never": 100}


def run(
    *,
    subjects: Sequence[str] = (),
    json: bool = False,
    sarif: bool = False,
    toml: bool = False,
    fail_on: str = "error",
) -> int:
    """The command; returns the exit code.

    `subjects`: what `read_subject` takes; none: `corsac.toml` and `pyproject.toml` of the current
    directory. `json`, `sarif`: one document in place of the text. `toml`: equivalent policies as
    TOML. `fail_on`: a key of `LEVELS`, the least severity that fails.

    0: no finding fails. 1: one does. 2: wrong use, one sentence on standard error.
    Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
    """
    if fail_on not in LEVELS:
        return _refuse(f"--fail-on is {fail_on!r}: write one of {', '.join(LEVELS)}")
    if json and sarif:
        return _refuse("--json and --sarif are two documents: write one of them")
    named = list(subjects) or [name for name in DEFAULTS if Path(name).exists()]
    reports: list[Report] = []
    wrong: list[str] = []
    without: list[str] = []
    # What an application prints is no part of the report.
    with redirect_stdout(sys.stderr):
        for name in dict.fromkeys(named):
            try:
                reports.append(lint(read_subject(name)))
            except NoPolicyError as error:
                without.append(str(error))
            except SubjectError as error:
                wrong.append(str(error))
    if not subjects and not reports and not wrong:
        wrong = without or [
            (
                "nothing to lint here: write the path of a TOML file, "
                "package.module:app, or the module of Django's settings"
            )
        ]
    if reports or not wrong:
        _show(reports, without, json=json, sarif=sarif, toml=toml)
    if wrong:
        return max(map(_refuse, wrong))
    weights = [f.severity.weight for report in reports for f in report.findings()]
    return int(max(weights, default=0) >= LEVELS[fail_on])


def _show(
    reports: list[Report], without: list[str], *, json: bool, sarif: bool, toml: bool
) -> None:
    if json:
        from ._json import json_document

        print(json_document(reports))
    elif sarif:
        from ._sarif import sarif_document

        print(sarif_document(reports))
    else:
        from ._terminal import show

        show(reports, without, toml=toml)


def _refuse(sentence: str) -> int:
    print(f"corsac lint: {sentence}", file=sys.stderr)
    return 2
