"""`corsac lint` among the commands.

Here: its options and their help. Not here: what it does (`corsac/lint/`).
Spec: https://typer.tiangolo.com/
"""

from typing import Annotated

import typer


def register(application: typer.Typer) -> None:
    @application.command()
    def lint(
        subjects: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="[SUBJECT]...",
                show_default=False,
                help="A TOML file, [bold]package.module:app[/], or the module of Django's settings. "
                "Without one: corsac.toml and pyproject.toml here.",
            ),
        ] = None,
        json: Annotated[
            bool, typer.Option("--json", help="One JSON document on stdout.")
        ] = False,
        sarif: Annotated[
            bool, typer.Option("--sarif", help="One SARIF 2.1.0 document on stdout.")
        ] = False,
        toml: Annotated[
            bool, typer.Option("--toml", help="Print the equivalent policy as TOML.")
        ] = False,
        fail_on: Annotated[
            str,
            typer.Option(
                metavar="SEVERITY",
                autocompletion=lambda: ["error", "warning", "note", "never"],
                help="The least severity that makes the exit code 1: error, warning, note or never.",
            ),
        ] = "error",
    ) -> None:
        """Find what is wrong with a policy, in a file or in a live application.

        Prints each problem, the equivalent corsac policy, and which requests it
        would answer differently, with what a browser makes of both.

        [bold]corsac lint[/]                     the policies of this project
        [bold]corsac lint shop.main:app[/]       whatever guards that application
        [bold]corsac lint shop.settings[/]       the settings of a Django project

        Exit codes: 0 nothing that severe, 1 something, 2 wrong use.
        """
        from corsac.lint.command import run

        code = run(
            subjects=subjects or [], json=json, sarif=sarif, toml=toml, fail_on=fail_on
        )
        raise typer.Exit(code)
