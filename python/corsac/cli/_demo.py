"""`corsac demo` among the commands.

Here: its options and their help. Not here: the page and its server (`corsac/demo/`).
Spec: https://typer.tiangolo.com/
"""

from typing import Annotated

import typer


def register(application: typer.Typer) -> None:
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
                help="Run every example and its prediction once without a browser, print a table, exit 0 or 1.",
            ),
        ] = False,
    ) -> None:
        """See why a request is blocked: edit a policy and a fetch on a live page.

        Each step is predicted for Chromium, Firefox and WebKit, and drawn beside
        what your browser did. Every state is a link.

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
