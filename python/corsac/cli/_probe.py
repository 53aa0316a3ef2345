"""`corsac probe` among the commands.

Here: its options and their help. Not here: what it asks, and of whom (`corsac/probe/`).
Spec: https://typer.tiangolo.com/
"""

from typing import Annotated

import typer


def register(application: typer.Typer) -> None:
    from corsac.probe._options import (
        DEFAULT_MAX_REQUESTS,
        DEFAULT_RATE,
        DEFAULT_TIMEOUT,
    )
    from corsac.probe.remedies import SERVERS

    @application.command()
    def probe(
        url: Annotated[
            str,
            typer.Argument(metavar="URL", help="What to ask: http or https."),
        ],
        origins: Annotated[
            list[str] | None,
            typer.Option(
                "--origin",
                metavar="ORIGIN",
                help="An origin that should be let in; may be repeated.",
            ),
        ] = None,
        method: Annotated[
            str | None,
            typer.Option(
                metavar="NAME",
                help="The method that preflights ask for; it is never sent itself.",
            ),
        ] = None,
        headers: Annotated[
            list[str] | None,
            typer.Option(
                "--header",
                metavar="NAME[: VALUE]",
                help="A header that preflights ask for; may be repeated.",
            ),
        ] = None,
        credentials: Annotated[
            bool, typer.Option("--credentials", help="Pages include credentials.")
        ] = False,
        cookie: Annotated[
            str | None,
            typer.Option(
                metavar="VALUE", help="The Cookie header, for the host of URL alone."
            ),
        ] = None,
        authorization: Annotated[
            str | None,
            typer.Option(
                metavar="VALUE",
                help="The Authorization header, for the host of URL alone.",
            ),
        ] = None,
        allow_hosts: Annotated[
            list[str] | None,
            typer.Option(
                "--allow-host",
                metavar="HOST",
                help="A host that redirects may lead to; may be repeated.",
            ),
        ] = None,
        rate: Annotated[
            float, typer.Option(metavar="NUMBER", help="Requests a second.")
        ] = DEFAULT_RATE,
        timeout: Annotated[
            float, typer.Option(metavar="SECONDS", help="For one exchange.")
        ] = DEFAULT_TIMEOUT,
        max_requests: Annotated[
            int, typer.Option(metavar="NUMBER", help="Requests in all, at most.")
        ] = DEFAULT_MAX_REQUESTS,
        json: Annotated[
            bool, typer.Option("--json", help="One JSON document on stdout.")
        ] = False,
        sarif: Annotated[
            str | None,
            typer.Option(metavar="FILE", help="Write SARIF 2.1.0 there; - is stdout."),
        ] = None,
        fail_on: Annotated[
            str,
            typer.Option(
                metavar="SEVERITY",
                autocompletion=lambda: ["error", "warning", "note"],
                help="The least severity that makes the exit code 1: error, warning or note.",
            ),
        ] = "warning",
        servers: Annotated[
            list[str] | None,
            typer.Option(
                "--server",
                metavar="NAME",
                autocompletion=lambda: [*SERVERS, "all"],
                help="Show the fix for this server too (nginx, apache, express, ...; all); may be repeated.",
            ),
        ] = None,
    ) -> None:
        """Ask a live server what a browser, and an attacker, would ask.

        A fixed small number of requests, slowly, and only of the hosts that you
        name. Each finding has its severity, its evidence, and the fix for corsac
        and for other servers.

        [bold]corsac probe https://api.example.com/items --origin https://app.example[/]

        Exit codes: 0 nothing that severe, 1 something, 2 wrong use, 130 stopped by Ctrl-C.
        """
        from corsac.probe.command import run

        code = run(
            url,
            origins=origins or [],
            method=method,
            headers=headers or [],
            credentials=credentials,
            cookie=cookie,
            authorization=authorization,
            allow_hosts=allow_hosts or [],
            rate=rate,
            timeout=timeout,
            max_requests=max_requests,
            json=json,
            sarif=sarif,
            fail_on=fail_on,
            servers=servers or [],
        )
        raise typer.Exit(code)
