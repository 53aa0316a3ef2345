"""`corsac explain` as a command: exit codes, wrong use, terminals and pipes, what is imported.

Here: what a user types, and what comes on which stream. Not here: what is explained (beside).
Spec: https://no-color.org
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from corsac.browser import Kind
from corsac.explain._canvas import Canvas
from corsac.explain.command import complete, run
from explain.asking import show

TESTS = Path(__file__).parent.parent
DEADLINE = 30  # seconds; nothing is timed by it, it only ends a test that hangs
ESCAPE = "\x1b["


def process(*words, stdin=b"", **environ):
    """`python -m corsac.explain` in a process of its own, in the folder of the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TERM")
    }
    return subprocess.run(
        [sys.executable, "-m", "corsac.explain", *words],
        check=False,
        capture_output=True,
        input=stdin,
        timeout=DEADLINE,
        cwd=TESTS,
        env={**kept, "PYTHONUTF8": "1", **environ},
    )


WRONG = [
    ("nothing is named", [], "nothing is named that answers"),
    ("no such module", ["nowhere:policy"], "nowhere"),
    ("no such object", ["explain.policies:nobody"], "nobody"),
    ("no module at all", ["what is this"], "write package.module:name"),
    ("a number", ["explain.policies:DEADLINE"], "DEADLINE"),
    ("an unknown option", ["a:b", "--orgin", "x"], "--help"),
    ("an unknown kind", ["a:b", "--kind", "carrot"], "carrot"),
    (
        "an origin without its scheme",
        ["a:b", "--origin", "app.example"],
        '"https://app.example"',
    ),
    ("a header without a colon", ["a:b", "--header", "X"], 'write "Name: value"'),
    (
        "a header name with a space",
        ["a:b", "--origin", "https://a.example", "--header", "X Y: 1"],
        "is no token",
    ),
    (
        "a method with a space",
        ["a:b", "--origin", "https://a.example", "--method", "GE T"],
        "is no token",
    ),
    (
        "a URL of another scheme",
        ["a:b", "--origin", "https://a.example", "--url", "ftp://a.example/"],
        "no absolute URL",
    ),
    (
        "a status that is none",
        ["explain.policies:plain", "--status", "99"],
        "--status 99",
    ),
    ("no message", ["--message", "hello"], "paste the whole line"),
    ("no command", ["--curl", "hello"], "no curl command"),
    ("no file", ["--har", "nowhere.har"], "nowhere.har cannot be read"),
    ("nothing pasted", ["-"], "nothing was pasted"),
]


@pytest.mark.parametrize(
    ("words", "sentence"), [pytest.param(*row[1:], id=row[0]) for row in WRONG]
)
def test_wrong_use_is_one_sentence(words, sentence, capsys, monkeypatch):
    """On the standard error, with the exit code 2; the standard output stays empty."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    code = run(words)
    said = capsys.readouterr()

    assert (2, "") == (code, said.out)
    assert said.err.startswith("corsac explain: ")
    assert sentence in said.err and 1 == said.err.count("\n")


def test_a_faulty_policy_in_a_toml_file_is_said(tmp_path, capsys):
    """With the name of the command that says where."""
    file = tmp_path / "corsac.toml"
    file.write_text('allow_origins = ["https://a.example/"]\n')

    assert 2 == run([str(file)])
    said = capsys.readouterr().err
    assert "corsac lint" in said and "https://a.example" in said


@pytest.mark.parametrize(("method", "code"), [("GET", 0), ("PUT", 1)])
def test_the_exit_code_says_whether_the_page_can_read(method, code):
    """In a process as in a shell script."""
    done = process("explain.policies:plain", "--method", method)

    assert (code, b"") == (done.returncode, done.stderr)
    assert "What goes over the wire" in done.stdout.decode()


def test_a_pipe_gets_whole_lines_without_colours():
    """So that a console's line can be searched for."""
    done = process("explain.policies:plain", "--method", "PUT")
    text = done.stdout.decode()

    assert ESCAPE not in text
    line = (
        "    Access to fetch at 'https://api.example/' from origin 'https://app.example' has "
        "been blocked by CORS policy: Response to preflight request doesn't pass access "
        "control check: No 'Access-Control-Allow-Origin' header is present on the requested "
        "resource."
    )
    assert line in text.splitlines()


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_lines_are_as_wide_as_the_terminal(columns):
    """Only a word that is longer keeps its line, so that it can be copied."""
    done = process("explain.policies:plain", "--method", "PUT", COLUMNS=str(columns))
    for line in done.stdout.decode().splitlines():
        assert len(line) <= columns or " " not in line.strip().lstrip("→✓✗*+- ")


COLOURS = [
    ({"FORCE_COLOR": "1"}, [], True),
    ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
    ({"FORCE_COLOR": "1"}, ["--no-color"], False),
    ({}, [], False),
]


@pytest.mark.parametrize(("environ", "words", "coloured"), COLOURS)
def test_colours_are_as_asked_for(environ, words, coloured):
    """By the environment and by the option, which goes first."""
    done = process("explain.policies:plain", *words, **environ)

    assert coloured == (ESCAPE in done.stdout.decode())


def test_without_colours_and_in_ascii_nothing_is_lost():
    """A console that knows no arrows gets other marks, and no traceback."""
    words = ("explain.policies:plain", "--method", "PUT")
    done = process(*words, PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C")
    text = done.stdout.decode("ascii")

    assert (1, b"") == (done.returncode, done.stderr)
    assert "-> OPTIONS" in text and "NO The response has no" in text


def test_json_is_one_document_and_nothing_else():
    """Whatever the environment says of colours."""
    done = process("explain.policies:plain", "--json", FORCE_COLOR="1", COLUMNS="40")
    document = json.loads(done.stdout)

    assert document["readable"]
    assert ["chromium", "firefox", "webkit"] == list(document["browsers"])
    keys = ("fetch", "server", "outcome", "standard", "remedy", "exposing", "remarks")
    assert set(keys) <= set(document)


def test_what_a_users_module_prints_is_no_part_of_the_document():
    """It goes to the standard error."""
    done = process("explain.talkative:policy", "--json")

    assert json.loads(done.stdout)["readable"]
    assert b"connected to the database" in done.stderr


def test_a_reader_that_goes_away_is_no_error():
    """As `head` does."""
    command = [sys.executable, "-m", "corsac.explain", "explain.policies:plain"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=TESTS
    ) as run_:
        assert run_.stdout is not None and run_.stderr is not None
        run_.stdout.close()
        errors = run_.stderr.read()
        run_.wait(DEADLINE)

    assert b"" == errors


def test_what_was_pasted_is_told_apart():
    """A message, a command and a file, all by `-`."""
    message = b"Preflight response is not successful. Status code: 405"
    har = json.dumps({"log": {"entries": []}}).encode()

    assert "WebKit says:" in process("-", stdin=message).stdout.decode()
    assert "0 fetches across origins" in process("-", stdin=har).stdout.decode()


def test_what_was_pasted_may_stand_where_the_subject_should(tmp_path):
    """Which a path with a space in it may, too."""
    message = "Preflight response is not successful. Status code: 405"
    har = tmp_path / "saved.HAR"
    har.write_text(json.dumps({"log": {"entries": []}}))
    policy = tmp_path / "a policy.toml"
    policy.write_text('allow_origins = ["https://app.example"]')
    asked = ["--origin", "https://app.example"]

    assert "WebKit says:" in process(message).stdout.decode()
    assert "0 fetches across origins" in process(str(har)).stdout.decode()
    assert "Readable" in process(str(policy), *asked).stdout.decode()
    assert 2 == process("curl").returncode
    assert "no message about CORS" in process("no such policy").stderr.decode()


SLOW = {
    "asyncio",
    "corsac.browser.applications",
    "corsac.subject",
    "email",
    "http.client",
    "httpx",
    "json",
    "pathlib",
    "rich",
    "shutil",
    "textwrap",
    "tomllib",
    "typer",
    "urllib.parse",
}


def test_a_policy_is_explained_without_what_is_slow_to_import():
    """The answer takes less than 100 ms with the start of the interpreter, of which half is imports."""
    code = (
        "import sys; before = set(sys.modules); from corsac.explain.command import run; "
        "run(['explain.policies_alone:policy', '--method', 'PUT']); "
        "print(*sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=TESTS
    )

    assert not SLOW & set(done.stderr.decode().split())


COMPLETIONS = [
    (["--cred"], ["--credentials"]),
    (["--credentials", ""], ["omit", "same-origin", "include"]),
    (["--credentials", "i"], ["include"]),
    (["--browser", ""], ["chromium", "firefox", "webkit"]),
    (["--kind", "x"], ["xmlhttprequest"]),
    (["--method", "P"], ["POST", "PUT", "PATCH", "PROPFIND"]),
    (["--json", "--js"], []),
    (["--header", "X: 1", "--head"], ["--header"]),
    (["--har", ""], []),
    ([""], []),
    ([], []),
]


@pytest.mark.parametrize(("words", "known"), COMPLETIONS)
def test_words_are_completed(words, known):
    """By the parser that reads them."""
    assert known == complete(words)


def test_every_option_is_completed_and_every_kind_known():
    """None has a list of its own."""
    options = complete(["-"])

    assert {"--origin", "--page", "--har", "--curl", "--message", "--json"} <= set(
        options
    )
    assert [kind.value for kind in Kind] == complete(["--kind", ""])


def test_help_shows_whole_commands(capsys):
    """Help teaches by examples."""
    with pytest.raises(SystemExit) as done:
        run(["--help"])

    text = capsys.readouterr().out
    assert 0 == done.value.code
    assert "corsac explain --har saved.har" in text and "exit status" in text


def test_a_paragraph_keeps_its_indentation():
    """Under a mark, the lines that follow stand where the first text stands."""
    canvas = Canvas(20, colours=False, is_unicode=True)
    canvas.line("one two three four five", indent=2, mark="*")

    assert "  * one two three\n    four five\n" == canvas.text()


def test_the_subject_may_be_a_page_of_the_user_without_a_policy():
    """An application with no policy at all is a server like another."""
    code, text = show("explain.policies:items", "--origin", "https://app.example")

    assert 1 == code
    assert "With corsac this policy does it:" in text
