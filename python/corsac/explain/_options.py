"""The words of `corsac explain`: its options, their help, and what completes them.

Here: the parser, `complete`. Not here: what the options mean (`_asked.py`), what is done
(`command.py`). argparse, because typer takes longer to import than the whole answer may take.
Spec: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap12.html
"""

from __future__ import annotations

import argparse
from typing import Final, NoReturn

from corsac.browser import Browser, Kind

from ._canvas import help_width

_EPILOG: Final = """\
examples:
  corsac explain app.web:policy --origin https://app.example --method PUT
  corsac explain corsac.toml --origin https://app.example --header "X-Token: 1"
  corsac explain https://api.example/items --origin https://app.example
  corsac explain --curl 'curl https://api.example/ -H "Origin: https://app.example"'
  corsac explain --har saved.har
  corsac explain --message "Access to fetch at ... has been blocked by CORS policy: ..."
  xclip -o | corsac explain -          (a curl command, a HAR file or a message)

exit status: 0 the page can read it, 1 it cannot, 2 wrong use"""

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND")
_CHOICES: Final = {
    "--credentials": ("omit", "same-origin", "include"),
    "--mode": ("cors", "no-cors", "same-origin"),
    "--redirect": ("follow", "manual", "error"),
}


class WrongWords(Exception):
    """Words that the parser does not take; the text says why."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal. Without a width argparse imports shutil at the first option."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=help_width())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongWords(message)


def parser() -> argparse.ArgumentParser:
    """The parser. Raises `WrongWords` when it parses what it does not take."""
    found = _Parser(
        prog="corsac explain",
        description="Says what a browser does with a fetch across origins, why, and what to change.",
        epilog=_EPILOG,
        formatter_class=_Help,
        allow_abbrev=False,
    )
    found.add_argument(
        "subject",
        metavar="SUBJECT",
        nargs="?",
        help="who answers: package.module:policy, an application, a TOML file, a URL; "
        "a console message, a curl command or a HAR file; - reads those from the standard input",
    )
    page = found.add_argument_group("what the page asks")
    page.add_argument(
        "--origin",
        "--page",
        metavar="URL",
        help="where the page is: https://app.example, file:///page.html, or null",
    )
    page.add_argument(
        "--url", metavar="URL", help="what it asks for: a URL, or a path on the server"
    )
    page.add_argument(
        "--method", "-X", default="GET", metavar="NAME", help="GET if left out"
    )
    page.add_argument(
        "--header",
        "-H",
        action="append",
        default=[],
        metavar="LINE",
        help='a header that the script sets, as "Name: value"; may be repeated',
    )
    page.add_argument(
        "--body-type",
        metavar="TYPE",
        help="the Content-Type that the body brings, as text/plain;charset=UTF-8",
    )
    for option, choices in _CHOICES.items():
        page.add_argument(option, choices=choices, help=", ".join(choices))
    page.add_argument(
        "--kind",
        choices=[kind.value for kind in Kind],
        metavar="KIND",
        help=", ".join(kind.value for kind in Kind),
    )
    server = found.add_argument_group("who answers")
    server.add_argument(
        "--send",
        action="store_true",
        help="send the request itself too if it may change data (POST, PUT, DELETE, ...)",
    )
    server.add_argument(
        "--status",
        type=int,
        default=200,
        metavar="NUMBER",
        help="what the application behind a policy answers; 200 if left out",
    )
    server.add_argument(
        "--response-header",
        action="append",
        default=[],
        metavar="LINE",
        help='a header of that answer, as "Name: value"; may be repeated',
    )
    pasted = found.add_argument_group("what was pasted, in place of options")
    pasted.add_argument("--curl", metavar="COMMAND", help="a curl command; - reads it")
    pasted.add_argument("--har", metavar="FILE", help="a HAR file: its failing fetches")
    pasted.add_argument(
        "--message", metavar="TEXT", help="a line of a browser's console"
    )
    found.set_defaults(har_text=None)
    shown = found.add_argument_group("how it is shown")
    shown.add_argument(
        "--browser",
        choices=[browser.value for browser in Browser],
        help="one of "
        + ", ".join(browser.value for browser in Browser)
        + "; all if left out",
    )
    shown.add_argument("--json", action="store_true", help="one JSON document")
    shown.add_argument("--no-color", action="store_true", help="no colours")
    return found


def complete(words: list[str]) -> list[str]:
    """What the last of the words can become.

    `words`: a list of str, what stands after `corsac explain`, the last one unfinished, perhaps
    empty. Returns whole words; an empty list where a file or a name of the user's own belongs.
    Source: https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
    """
    *before, last = words or [""]
    options = {
        option: action
        for action in parser()._actions
        for option in action.option_strings
    }
    action = options.get(before[-1]) if before else None
    if action is not None and action.nargs != 0:
        known: tuple[str, ...] = tuple(action.choices or ())
        if action.dest == "method":
            known = _METHODS
        return [word for word in known if word.startswith(last)]
    if not last.startswith("-"):
        return []
    return sorted(
        option
        for option, action in options.items()
        if option.startswith(last if last != "-" else "--")
        and (action.dest in ("header", "response_header") or option not in before)
    )
