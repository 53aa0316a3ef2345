"""What `corsac demo` says on the console, and how it starts and stops.

Here: the words, the browser, Ctrl-C, exit codes.
Not here: options and their help (`corsac/cli.py`), servers (`server.py`), the check itself (`check.py`).
Spec: https://docs.python.org/3/library/webbrowser.html
"""

from __future__ import annotations

import os
import signal
import sys
import time
import webbrowser
from collections.abc import Callable

from rich.box import HORIZONTALS
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corsac import PolicyError

from .check import Row, rows_of
from .server import DEFAULT_PORT, AddressError, Demo


def run(
    *, host: str, port: int | None, api_port: int | None, browser: bool, check: bool
) -> int:
    """The command; returns the exit code."""
    console, errors = Console(highlight=False), Console(stderr=True, highlight=False)
    if check and port is None:
        # Nobody looks at the page of a check, so any free port will do.
        port = 0
    try:
        demo = Demo(host, port, api_port)
    except AddressError as error:
        errors.print(Text.assemble(("corsac demo: ", "bold red"), str(error)))
        return 1
    except PolicyError as error:
        said = f"{host} cannot be an origin's host: {error}"
        errors.print(Text.assemble(("corsac demo: ", "bold red"), said))
        return 1
    return _check(demo, console) if check else _serve(demo, console, port, browser)


def _check(demo: Demo, console: Console) -> int:
    with demo:
        rows = rows_of(demo)
    console.print(_table(rows, demo))
    wrong = [row for row in rows if not row.right]
    for row in wrong:
        for difference in row.differences:
            console.print(Text.assemble((f"{row.name}: ", "bold red"), difference))
    if wrong:
        console.print(Text(f"{len(wrong)} of {len(rows)} are not as they should be."))
        return 1
    console.print(Text(f"All {len(rows)} as they should be.", style="green"))
    return 0


def _table(rows: list[Row], demo: Demo) -> Table:
    title = f"page {demo.origins.page[0]}, API {demo.origins.api[0]}"
    table = Table(title=title, title_justify="left", box=HORIZONTALS, show_lines=True)
    table.add_column("", no_wrap=True)
    table.add_column("Example")
    table.add_column("Requests", no_wrap=True)
    table.add_column("The policy says", min_width=len("preflight_allowed"))
    table.add_column("The browser")
    for row in rows:
        mark = Text("ok", style="green") if row.right else Text("NO", style="bold red")
        table.add_row(
            mark,
            Text(row.title),
            Text("\n".join(row.requests)),
            Text("\n".join(row.policy)),
            Text(row.browser),
        )
    return table


def _serve(demo: Demo, console: Console, asked: int | None, browser: bool) -> int:
    stopping: list[int] = []
    _on_stop_signals(stopping.append)
    with demo:
        _greet(demo, console, asked)
        if browser:
            _open(demo.origins.page[0] + "/", console)
        # Not an Event: its `set` can meet its own lock when a signal handler calls it.
        while not stopping:
            time.sleep(0.1)
    # Asked to stop, and stopped: that is success, as it is for other development servers.
    console.print("\nStopped.")
    return 0


def _on_stop_signals(note: Callable[[int], None]) -> None:
    """Takes the place of KeyboardInterrupt, which may strike in the middle of a line or of the stopping."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # A shell that starts a job in the background has it ignore SIGINT, and means it.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, frame: note(number))


def _greet(demo: Demo, console: Console, asked: int | None) -> None:
    if asked is None and demo.port != DEFAULT_PORT:
        console.print(
            f"Port {DEFAULT_PORT} or its neighbour is taken, so this is the next free pair.",
            style="yellow",
        )
    for label, origins in (("page", demo.origins.page), ("API", demo.origins.api)):
        # Text, not markup: an IPv6 address stands in brackets, as a tag does.
        links = Text("  ").join(Text(f"{one}/", style="bold cyan") for one in origins)
        console.print(Text.assemble(f"  {label:<6}", links), soft_wrap=True)
    if demo.origins.insecure:
        console.print(
            "Others on your network can reach both. Plain http with credentials takes "
            "[bold]dangerously_allow_insecure_origins=True[/], which the demo's policy therefore sets: "
            "fine for trying, never for production.",
            style="yellow",
        )
    console.print("Two ports are two origins. Press Ctrl+C to stop.")


def _open(url: str, console: Console) -> None:
    """Opens the page where there is a screen; a text browser would take this very terminal."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "BROWSER")
    if sys.platform in ("win32", "darwin") or any(map(os.environ.get, screens)):
        if webbrowser.open(url):
            return
    console.print(f"No browser here to open: visit {url} yourself.", soft_wrap=True)
