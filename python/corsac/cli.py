"""The command line: `corsac`, which comes with the extra `cli`.

Here: the commands, their options and their help. Each body imports what it needs when it is called.
Not here: what a command does (its own package), anything that the engine needs.
Spec: https://packaging.python.org/en/latest/specifications/entry-points/
"""

import sys
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer

EXTRA = {"typer", "rich", "click"}


def main() -> None:
    """Runs the command line; without its libraries, says in one line what to install."""
    try:
        _application()(prog_name="corsac")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        sys.exit("corsac: the command line needs its extra: pip install 'corsac[cli]'")
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell reports for a program that SIGINT ended


def _application() -> "typer.Typer":
    """The commands. They are made here, not at import, because the module must load without the extra.

    # Errors: ModuleNotFoundError, without typer or rich.
    """
    import rich  # noqa: F401  --help must not work where a command would not
    import typer

    application = typer.Typer(
        help="corsac: CORS decided by the Fetch standard, for any Python server.",
        epilog="Start with [bold]corsac demo[/]: two origins, one page, every case live.",
        rich_markup_mode="rich",
        no_args_is_help=True,
        add_completion=False,
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

    @application.command()
    def demo(
        host: Annotated[
            str,
            typer.Option(
                metavar="ADDRESS",
                help="The address to listen on. [bold]0.0.0.0[/] lets a phone on your network open the page.",
            ),
        ] = "127.0.0.1",
        port: Annotated[
            int | None,
            typer.Option(
                metavar="PORT",
                min=0,
                max=65535,
                show_default=False,
                help="The page's port; 0 takes any free one. Without it: 8000, or the next free pair.",
            ),
        ] = None,
        api_port: Annotated[
            int | None,
            typer.Option(
                metavar="PORT",
                min=0,
                max=65535,
                show_default=False,
                help="The API's port. Without it: the page's port + 1.",
            ),
        ] = None,
        no_browser: Annotated[
            bool,
            typer.Option(
                "--no-browser", help="Do not open the page; only say where it is."
            ),
        ] = False,
        check: Annotated[
            bool,
            typer.Option(
                "--check",
                help="Run every example once without a browser, print a table, exit 0 or 1.",
            ),
        ] = False,
    ) -> None:
        """See CORS work: a live page on one origin calls an API on another, guarded by corsac.

        Each example shows its script, every request that reached the server (the preflight too),
        what the policy said, and what the browser let the page read.

        [bold]corsac demo[/]                    open the page
        [bold]corsac demo --check[/]            the same over real sockets, without a browser
        [bold]corsac demo --port 9000[/]        the page on 9000, the API on 9001
        [bold]corsac demo --host 0.0.0.0[/]     try it from a phone
        """
        from corsac.demo.command import run

        code = run(
            host=host,
            port=port,
            api_port=api_port,
            browser=not no_browser,
            check=check,
        )
        raise typer.Exit(code)

    return application


if __name__ == "__main__":
    main()
