"""The README does what it says.

Here: every Python block runs, what a block prints is what stands below it, every link leads
somewhere, and the whole program answers a browser's requests.
"""

import asyncio
import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"(?ms)^```(\w+)\n(.*?)^```", README)
PYTHON = [code for language, code in BLOCKS if language == "python"]


def run(code, folder):
    """The names that a block defines."""
    path = folder / "example.py"
    path.write_text(code)
    return runpy.run_path(str(path))


@pytest.mark.parametrize("code", PYTHON, ids=lambda code: code.split("\n", 1)[0])
def test_a_python_block_runs(code, tmp_path, monkeypatch, capsys):
    """Its own asserts hold, and what it prints is shown below it."""
    monkeypatch.chdir(tmp_path)
    run(code, tmp_path)
    printed = capsys.readouterr().out
    shown = [text for language, text in BLOCKS if language == "text"]
    assert printed == "" or printed in shown


def test_the_whole_program_answers_a_preflight_and_a_request(tmp_path):
    """What stands in the first block is a server's application."""
    app = run(PYTHON[0], tmp_path)["app"]

    def ask(method, *lines):
        sent = []

        async def send(message):
            sent.append(message)

        headers = [(b"origin", b"https://shop.example.com"), *lines]
        scope = {"type": "http", "method": method, "path": "/", "headers": headers}
        asyncio.run(app(scope, None, send))
        return sent[0]["status"], dict(sent[0]["headers"])

    status, headers = ask("OPTIONS", (b"access-control-request-method", b"PUT"))
    assert (204, b"PUT, DELETE") == (status, headers[b"access-control-allow-methods"])
    status, headers = ask("GET")
    assert (200, b"X-Request-Id") == (status, headers[b"access-control-expose-headers"])
    assert b"https://shop.example.com" == headers[b"access-control-allow-origin"]


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
def test_a_link_leads_to_a_file(link):
    """Nothing is promised that is not there."""
    assert (ROOT / link).exists()


def test_the_two_commands_stand_at_the_top_on_one_line_each():
    """One runs the demo, one the tests, and each sets itself up."""
    commands = [code for language, code in BLOCKS if language == "sh"][:2]
    assert ["corsac demo\n", "pytest\n"] == [c.split("/bin/")[-1] for c in commands]
    assert all(c.startswith("python3 -m venv") and c.count("\n") == 1 for c in commands)
