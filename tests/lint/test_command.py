"""`corsac lint` as a command: subjects, documents, exit codes, terminals and pipes.

Here: what a user names, and what is printed. Not here: the findings themselves
(`test_policy_rules.py`, `test_applications.py`).
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from corsac.lint import RULES
from corsac.lint.command import run

GOOD = 'allow_origins = ["https://app.example"]\n'
NOTE = f"{GOOD}max_age = 86400\n"
WARNING = f'{GOOD}allow_headers = ["*"]\n'
ERROR = 'allow_origins = ["https://app.example/"]\n'


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (GOOD, "note", 0),
        (NOTE, "error", 0),
        (NOTE, "warning", 0),
        (NOTE, "note", 1),
        (WARNING, "error", 0),
        (WARNING, "warning", 1),
        (ERROR, "error", 1),
        (ERROR, "never", 0),
    ],
)
def test_the_exit_code_is_by_the_worst_finding(here, text, fail_on, code):
    """From the level on that was asked for."""
    (here / "corsac.toml").write_text(text)
    assert code == run(fail_on=fail_on)
    assert code == run(subjects=["corsac.toml"], fail_on=fail_on, json=True)


def test_findings_are_lines_that_editors_follow(here, capsys):
    """File, line, column, severity, text and rule; nothing else is on the line."""
    (here / "corsac.toml").write_text(ERROR + 'max_age = "x"\n')
    run()
    out, err = capsys.readouterr()
    assert "" == err
    assert [
        (
            'corsac.toml:1:18: error: allow_origins[0] = "https://app.example/": an origin ends '
            "after its host and port: no slash, path, query or fragment; write "
            '"https://app.example" [invalid-origin-pattern]'
        ),
        (
            'corsac.toml:2:11: error: max_age = "x": write seconds from 0 to 86400; 0 means that '
            'browsers keep nothing, "browser" leaves it to them (5 seconds) [invalid-max-age]'
        ),
    ] == [line for line in out.splitlines() if line.startswith("corsac.toml:")]
    assert out.endswith("\n2 errors\n")
    assert "\x1b" not in out


def test_both_files_are_linted_where_nothing_is_named(here, capsys):
    """As far as they are there, and hold a policy."""
    (here / "pyproject.toml").write_text("[project]\nname = 'x'")
    (here / "corsac.toml").write_text(GOOD)
    assert 0 == run()
    out = capsys.readouterr().out
    assert "the file corsac.toml" in out
    assert "note: pyproject.toml has no [tool.corsac]" in out

    (here / "pyproject.toml").write_text(f"[tool.corsac]\n{ERROR}")
    assert 1 == run()
    assert "pyproject.toml:2:18: error: " in capsys.readouterr().out


def test_a_named_file_without_a_policy_is_no_failure(here, capsys):
    """A hook hands over each file that could hold one."""
    (here / "pyproject.toml").write_text("[project]\nname = 'x'")
    assert 0 == run(subjects=["pyproject.toml"])
    assert "note: pyproject.toml has no [tool.corsac]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({}, "nothing to lint here: write the path of a TOML file"),
        ({"subjects": ["none.toml"]}, "there is no file none.toml"),
        ({"subjects": ["no_such:app"]}, "there is no module no_such"),
        ({"fail_on": "fatal"}, "write one of error, warning, note, never"),
        ({"json": True, "sarif": True}, "write one of them"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(here, capsys, keywords, said):
    """On standard error, and nothing on standard output."""
    assert 2 == run(**keywords)
    out, err = capsys.readouterr()
    assert ("", 1) == (out, err.count("\n"))
    assert err.startswith("corsac lint: ")
    assert said in err


def test_what_can_be_linted_is_though_another_name_is_wrong(here, capsys):
    """One run says all that there is to say."""
    (here / "corsac.toml").write_text(ERROR)
    assert 2 == run(subjects=["none.toml", "corsac.toml"])
    out, err = capsys.readouterr()
    assert "[invalid-origin-pattern]" in out
    assert "none.toml" in err


APPLICATION = '''
"""A site that speaks while it is imported and asked."""
print("starting")
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

class Loud:
    def __init__(self, app):
        self.app = app
    async def __call__(self, scope, receive, send):
        print("asked")
        await self.app(scope, receive, send)

app = Starlette(middleware=[
    Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True),
    Middleware(Loud),
])
'''


def command(here, *arguments, **environment):
    """The command in a process of its own, as the command line calls it."""
    code = (
        "import sys; from corsac.lint.command import run;"
        "flags = {a[2:]: True for a in sys.argv[1:] if a.startswith('--')};"
        "names = [a for a in sys.argv[1:] if not a.startswith('--')];"
        "sys.exit(run(subjects=names, **flags))"
    )
    return [sys.executable, "-c", code, *arguments], {**os.environ, **environment}


def test_json_is_one_document_whatever_the_application_prints(here):
    """What it prints goes where errors go."""
    (here / "loud_site.py").write_text(APPLICATION)
    arguments, environment = command(here, "loud_site:app", "--json")
    run = subprocess.run(
        arguments, env=environment, capture_output=True, text=True, check=False
    )
    assert 1 == run.returncode
    assert run.stderr.startswith("starting\nasked\n")
    [report] = json.loads(run.stdout)["reports"]
    assert ("loud_site:app", "application", "error") == (
        report["subject"],
        report["kind"],
        report["worst"],
    )
    [policy] = report["policies"]
    assert policy["python"].startswith('Policy(\n    allow_origins=["*"],')
    assert policy["toml"].startswith('allow_origins = ["*"]')
    row = policy["rows"][0]
    assert {
        "meaning": "open to others, with credentials",
        "rank": 0,
        "page_origin": "https://stranger.example",
        "reason": "stranger",
        "url": "https://localhost/corsac-lint",
        "method": "GET",
        "headers": [],
        "credentials": "include",
        "before": {"readable": ["chromium", "firefox", "webkit"], "failure": None},
        "after": {"readable": [], "failure": "allow-origin-wildcard"},
    } == row
    assert all(
        finding["source"].startswith("https://") for finding in policy["findings"]
    )


def test_sarif_names_files_and_rules(here, capsys):
    """As services that show findings beside the code read it."""
    (here / "a b.toml").write_text(f"{ERROR}max_age = 1.5\n")
    assert 1 == run(subjects=["a b.toml"], sarif=True)
    log = json.loads(capsys.readouterr().out)
    [one] = log["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert "2.1.0" == log["version"]
    assert ["invalid-max-age", "invalid-origin-pattern"] == [r["id"] for r in rules]
    assert all(rule["helpUri"] == RULES[rule["id"]].source for rule in rules)
    assert [("invalid-origin-pattern", 1, 18), ("invalid-max-age", 2, 11)] == [
        (
            rules[result["ruleIndex"]]["id"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
            result["locations"][0]["physicalLocation"]["region"]["startColumn"],
        )
        for result in one["results"]
    ]
    location = one["results"][0]["locations"][0]["physicalLocation"]
    assert "a%20b.toml" == location["artifactLocation"]["uri"]
    assert {"error"} == {result["level"] for result in one["results"]}


def test_the_text_shows_the_policy_and_the_requests(here, capsys):
    """What to write in the application's place, and what would change by that."""
    (here / "plain_site.py").write_text(APPLICATION.replace("print(", "str("))
    assert 1 == run(subjects=["plain_site:app"])
    out = capsys.readouterr().out
    assert "plain_site:app: CORSMiddleware in app.user_middleware (starlette)\n" in out
    assert '        allow_origins=["*"],\n' in out
    assert "would end otherwise under it:" in out
    assert (
        "    open to others, with credentials\n"
        "      https://stranger.example (stranger): GET, GET + Content-Type; with credentials\n"
        "        readable -> blocked: allow-origin-wildcard / blocked: "
        "preflight-allow-origin-wildcard\n"
    ) in out
    assert 1 == run(subjects=["plain_site:app"], toml=True)
    assert '    allow_origins = ["*"]\n' in capsys.readouterr().out


@pytest.mark.parametrize("no_color", [False, True])
def test_on_a_terminal_lines_are_wrapped_and_coloured(here, no_color):
    """Code excepted, which is copied; and without colours for who wants none."""
    import pty

    (here / "corsac.toml").write_text(ERROR)
    extra = {"NO_COLOR": "1"} if no_color else {}
    arguments, environment = command(
        here, "corsac.toml", COLUMNS="60", TERM="xterm-256color", **extra
    )
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        arguments, env=environment, stdin=follower, stdout=follower, stderr=follower
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # how Linux says that nobody writes any more
            break
        if not part:
            break
        shown += part
    os.close(leader)
    assert 1 == process.wait()
    text = shown.decode().replace("\r\n", "\n")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert (plain == text) is no_color or "\x1b[1m" in text
    assert ("\x1b[31m" in text) is not no_color
    assert max(map(len, plain.splitlines())) <= 60
    assert "[invalid-origin-pattern]" in plain


def test_what_is_wrapped_goes_in_as_far_as_its_begin():
    """Once, not twice, and further in where it goes on."""
    from corsac.lint._terminal import _wrapped
    from corsac.lint._text import Line

    assert ["  error: some", "    long text"] == _wrapped(
        Line("  error: some long text", "error", 4), 14
    )
    assert ["    a_long_line_of_code"] == _wrapped(
        Line("    a_long_line_of_code", "code"), 8
    )
