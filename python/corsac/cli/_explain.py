"""`corsac explain` among the commands: for their list, its help and its completion.

Here: how its words get to the command. Not here: its options, which it reads itself so that it can
answer without the extra (`corsac/explain/_options.py`).
Spec: https://typer.tiangolo.com/tutorial/options-autocompletion/
"""

from typing import Annotated, Any

import typer
from typer.core import TyperCommand


class _Command(TyperCommand):
    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        # An option, which for typer is a word like any other.
        return self.params[0].shell_complete(ctx, incomplete)


def _complete(ctx: typer.Context, incomplete: str) -> list[str]:
    from corsac.explain.command import complete

    return complete([*(ctx.params.get("words") or ()), incomplete])


def register(application: typer.Typer) -> None:
    @application.command(
        cls=_Command,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )
    def explain(
        words: Annotated[
            list[str] | None,
            typer.Argument(metavar="[OPTIONS] SUBJECT", autocompletion=_complete),
        ] = None,
    ) -> None:
        """Why is it blocked? What a browser does with a fetch, and the line to change."""
        from corsac.explain.command import run

        raise typer.Exit(run(words or []))
