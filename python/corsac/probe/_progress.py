"""What is shown while the probe runs, on stderr.

Here: a bar where stderr is a terminal, a line for each exchange where it is not.
Not here: the report (`_terminal.py`). Spec: https://no-color.org/
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from ._asker import Asked
from ._lines import safe

if TYPE_CHECKING:
    from typing_extensions import Self


class Display:
    """Tells of exchanges as they happen; a context manager, and a listener of `probe`."""

    def __init__(self, console: Console, planned: int) -> None:
        self._console = console
        self._planned = planned
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=20),
                MofNCompleteColumn(),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task("connecting", total=self._planned)
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, asked: Asked, count: int) -> None:
        got = "no answer" if asked.response is None else str(asked.response.status)
        total = max(self._planned, count)
        if self._bar is not None and self._task is not None:
            self._bar.update(
                self._task, completed=count, total=total, description=asked.purpose
            )
            return
        line = f"{count}/{total} {asked.request.method} {asked.purpose}: {got}"
        self._console.print(safe(line), markup=False, soft_wrap=True)
