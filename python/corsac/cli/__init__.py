"""The command line: `corsac`, which comes with the extra `cli`.

Here: the commands by name, and what stands around them. Not here: a command's options and help (a
file each), what it does (its own package), anything that the engine needs.
Spec: https://packaging.python.org/en/latest/specifications/entry-points/
"""

import os
import sys
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer

EXTRA = {"httpcore", "httpx", "rich", "tomli", "typer"}


def main() -> None:
    """Runs the command line; without its libraries, says in one line what to install."""
    try:
        if sys.argv[1:2] == ["explain"]:
            # It needs none of them, and answers before they would be imported.
            from corsac.explain.command import run

            sys.exit(run(sys.argv[2:]))
        _application()(prog_name="corsac")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        sys.exit("corsac: the command line needs its extra: pip install 'corsac[cli]'")
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell reports for a program that SIGINT ended
    except BrokenPipeError:
        # Whoever reads has seen enough; what is left must not fail at exit again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)  # what a shell reports for a program that SIGPIPE ended


def _application() -> "typer.Typer":
    """The commands. They are made here, not at import, because the module must load without the extra.

    # Errors: ModuleNotFoundError, without typer or rich.
    """
    import rich  # noqa: F401  --help must not work where a command would not
    import typer

    from . import _demo, _explain, _lint, _probe

    application = typer.Typer(
        help="corsac: CORS decided by the Fetch standard, for any Python server.",
        epilog="Start with [bold]corsac demo[/]: edit a policy and a fetch, see what your browser does.",
        rich_markup_mode="rich",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    def show_version(wanted: bool) -> None:
        if wanted:
            from importlib.metadata import version

            typer.echo(f"corsac {version('corsac')}")
            raise typer.Exit

    @application.callback()
    def corsac(
        version: Annotated[
            bool,
            typer.Option(
                "--version",
                callback=show_version,
                is_eager=True,
                help="Show the version and exit.",
            ),
        ] = False,
    ) -> None:
        pass

    for command in (_demo, _explain, _lint, _probe):
        command.register(application)
    return application
