"""`corsac probe` as a command: its words, its output, its exit code.

Here: `run`. Not here: options and their help (`corsac/cli.py`), what is asked (`_probe.py`).
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from .._severity import Severity
from ._finding import (
    Report,
)
from ._json import to_json
from ._options import (
    DEFAULT_MAX_REQUESTS,
    DEFAULT_RATE,
    DEFAULT_TIMEOUT,
    OptionError,
    Options,
    read_headers,
)
from ._probe import planned
from ._progress import Display
from ._run import INTERRUPTED, probe
from ._sarif import to_sarif
from ._terminal import show
from .remedies import SERVERS

_WIDEST = 1000


def run(
    url: str,
    *,
    origins: Sequence[str] = (),
    method: str | None = None,
    headers: Sequence[str] = (),
    credentials: bool = False,
    cookie: str | None = None,
    authorization: str | None = None,
    allow_hosts: Sequence[str] = (),
    rate: float = DEFAULT_RATE,
    timeout: float = DEFAULT_TIMEOUT,
    max_requests: int = DEFAULT_MAX_REQUESTS,
    json: bool = False,
    sarif: str | None = None,
    fail_on: str = "warning",
    servers: Sequence[str] = (),
) -> int:
    """The command; returns the exit code.

    The arguments are those of `Options`, as a person writes them (`headers`: `"X-Id: 7"`).
    `json`: one document on stdout in place of the text. `sarif`: a path to write to, or `"-"` for
    stdout. `fail_on`: the least severity that makes the exit code 1. `servers`: whose lines are
    shown beside corsac's, keys of `remedies.SERVERS`, or `"all"`.

    0: nothing as severe as `fail_on`; 1: something; 2: wrong use; 130: Ctrl-C.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    errors = Console(stderr=True, highlight=False)
    try:
        least = _read_severity(fail_on)
        shown = _read_servers(servers)
        if json and sarif == "-":
            raise OptionError(
                "stdout takes one document: write --sarif FILE, or leave out --json"
            )
        options = Options(
            url=url,
            origins=tuple(origins),
            method=method,
            headers=read_headers(headers),
            credentials=credentials,
            cookie=cookie,
            authorization=authorization,
            allow_hosts=tuple(allow_hosts),
            rate=rate,
            timeout=timeout,
            max_requests=max_requests,
        )
        report = _probe(options, errors)
        _write(report, json, sarif, shown)
    except OptionError as error:
        errors.print(f"corsac probe: {error}", markup=False, soft_wrap=True)
        return 2
    if report.stopped == INTERRUPTED:
        return 130
    worst = report.worst()
    return 1 if worst is not None and worst.weight >= least.weight else 0


def _probe(options: Options, errors: Console) -> Report:
    needed = planned(options)
    most = min(needed, options.max_requests)
    said = f"Asking {options.host} {most} times at most, {options.rate:g} a second"
    if needed > options.max_requests:
        said += f"; for all, write --max-requests {needed}"
    elif needed < options.max_requests:
        said += f"; {options.max_requests} where it redirects"
    errors.print(f"{said}.", markup=False, soft_wrap=True)
    with Display(errors, most) as display:
        return probe(options, listener=display)


def _write(
    report: Report, json: bool, sarif: str | None, servers: tuple[str, ...]
) -> None:
    """Raises `OptionError` where the file cannot be written."""
    if sarif is not None and sarif != "-":
        try:
            Path(sarif).write_text(to_sarif(report) + "\n", encoding="utf-8")
        except OSError as error:
            raise OptionError(
                f"{sarif} cannot be written ({error.strerror}): name another file"
            ) from None
    if json:
        sys.stdout.write(to_json(report) + "\n")
    elif sarif == "-":
        sys.stdout.write(to_sarif(report) + "\n")
    else:
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _WIDEST  # a pipe folds nothing
        show(report, console, servers)


def _read_severity(text: str) -> Severity:
    try:
        return Severity(text)
    except ValueError:
        known = ", ".join(severity.value for severity in Severity)
        raise OptionError(f"fail-on is {text!r}: write one of {known}") from None


def _read_servers(names: Sequence[str]) -> tuple[str, ...]:
    if "all" in names:
        return tuple(SERVERS)
    for name in names:
        if name not in SERVERS:
            known = ", ".join(SERVERS)
            raise OptionError(f"server is {name!r}: write one of {known}, or all")
    return tuple(dict.fromkeys(("corsac", *names))) if names else ()
