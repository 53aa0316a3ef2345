"""Refused requests in logs, as `logging` and structlog write them.

Here: loggers, levels, keys, and texts that would forge a line. Not here: the hook's own rules
(`test_subscription.py`).
Spec: https://cwe.mitre.org/data/definitions/117.html
"""

from __future__ import annotations

import io
import json
import logging
import re
from typing import Any

import pytest
import structlog
from corsac.sight import log_refusals
from corsac.sight._text import plain
from requesting import EVIL, GOOD, ask_decide, ask_wsgi, make_policy, preflight

KEYS = [
    "policy",
    "origin",
    "method",
    "path",
    "refusal",
    "reason",
    "allow",
    "suppressed",
]


def test_logging_gets_a_line_of_keys_and_values(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And the same as attributes of its record, for whoever writes JSON."""
    policy = make_policy()
    with log_refusals():
        ask_wsgi(policy, "OPTIONS", preflight(GOOD, "DELETE"), "/a b")

    [record] = caplog.records
    assert ("corsac", logging.WARNING) == (record.name, record.levelno)
    assert record.getMessage() == (
        f"cors_refused policy={policy.name} origin={GOOD} method=DELETE "
        'path="/a b" refusal=method reason="allow_methods does not name DELETE" '
        r'allow="allow_methods=[\"DELETE\"]" suppressed=0'
    )
    assert "cors_refused" == record.__dict__["event"]
    assert 'allow_methods=["DELETE"]' == record.__dict__["allow"]
    assert set(KEYS) <= record.__dict__.keys()


def test_a_logger_and_a_level_can_be_chosen(caplog: pytest.LogCaptureFixture) -> None:
    """An adapter of `logging` is a logger too."""
    caplog.set_level(logging.DEBUG)
    adapter = logging.LoggerAdapter(logging.getLogger("mine"), {"site": "a"})
    policy = make_policy()
    with log_refusals(adapter, level=logging.DEBUG):
        ask_decide(policy, "GET", [("Origin", EVIL)])

    assert [("mine", logging.DEBUG)] == [(r.name, r.levelno) for r in caplog.records]


@pytest.mark.parametrize(
    "wrapper",
    [
        structlog.make_filtering_bound_logger(logging.INFO),
        structlog.BoundLogger,
        structlog.stdlib.BoundLogger,
    ],
    ids=["filtering", "generic", "of the standard library"],
)
def test_structlog_gets_keywords(wrapper: type[Any]) -> None:
    """Whichever of its loggers; the event is the event."""
    written = io.StringIO()
    logger = structlog.wrap_logger(
        structlog.WriteLogger(written),
        processors=[structlog.processors.JSONRenderer()],
        wrapper_class=wrapper,
    )
    policy = make_policy()
    with log_refusals(logger, level=logging.ERROR):
        ask_decide(policy, "GET", [("Origin", EVIL)])

    line = json.loads(written.getvalue())
    assert "cors_refused" == line.pop("event")
    assert sorted(KEYS) == sorted(line)
    assert f'allow_origins=["{EVIL}"]' == line["allow"]


def test_structlog_gets_the_context_of_the_request() -> None:
    """What a middleware has bound, like the number of the request."""
    written = io.StringIO()
    processors = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.JSONRenderer(),
    ]
    logger = structlog.wrap_logger(structlog.WriteLogger(written), processors)
    policy = make_policy()
    with (
        log_refusals(logger),
        structlog.contextvars.bound_contextvars(request_id="7"),
    ):
        ask_decide(policy, "GET", [("Origin", EVIL)])

    assert "7" == json.loads(written.getvalue())["request_id"]


def test_a_logger_that_wants_to_be_awaited_is_told_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In a thread nobody awaits it."""

    class Awaited:
        async def warning(self, event: str, **_: object) -> None: ...

    policy = make_policy()
    with log_refusals(Awaited()):
        ask_decide(policy, "GET", [("Origin", EVIL)])

    [record] = caplog.records
    assert record.exc_info and "give one that does not" in str(record.exc_info[1])


WRONG = {
    "a text": ("corsac", logging.WARNING, TypeError, "is no logger"),
    "a number": (7, logging.WARNING, TypeError, "is no logger"),
    "a level that is a text": (None, "WARNING", TypeError, "like logging.WARNING"),
    "a level of one's own": (structlog.get_logger(), 25, ValueError, "like WARNING"),
}


@pytest.mark.parametrize(
    ("logger", "level", "error", "text"), WRONG.values(), ids=WRONG
)
def test_what_is_no_logger_is_refused(
    logger: Any, level: Any, error: type[Exception], text: str
) -> None:
    """With what to give instead."""
    with pytest.raises(error, match=text):
        log_refusals(logger, level=level)


HOSTILE = {
    "a line of its own": f"{EVIL}\r\nWARNING:corsac:cors_refused policy=api",
    "the next key": f"{EVIL} refusal=none allow=all",
    "quotes and the next key": f'{EVIL}" refusal="none',
    "an escape": f'{EVIL}\\" refusal=none',
    "a terminal's command": f"{EVIL}\x1b]0;title\x07\x1b[2J",
    "a line's end in Unicode": f"{EVIL}\u2028\u0085next",
    "a turn of direction": f"{EVIL}\u202etxt.exe",
    "no bytes of a text": f"{EVIL}\udc80\x00",
    "a format": "%s %d %(name)s {0} {event}",
    "a long one": "https://" + "a" * 300 + ".example",
    "a very long one": "\x1b" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("where", ["origin", "method", "header", "path"])
def test_no_text_of_a_request_forges_a_line(text: str, where: str) -> None:
    """What is written is one line of printable ASCII, in which every key stands once."""
    written = io.StringIO()
    handler, logger = logging.StreamHandler(written), logging.getLogger("alone")
    logger.addHandler(handler)
    logger.propagate = False
    parts = {"origin": GOOD, "method": "DELETE", "header": "", "path": "/"}
    parts[where] = text
    lines = preflight(parts["origin"], parts["method"], parts["header"])
    if where == "header":
        lines = preflight(GOOD, "PUT", text)
    policy = make_policy()
    with log_refusals(logger):
        ask_wsgi(policy, "OPTIONS", lines, parts["path"])
    logger.removeHandler(handler)

    line = written.getvalue()
    assert line.endswith("\n") and line.count("\n") == 1
    assert line[:-1].isprintable() and line.isascii()
    assert len(line) < 1500
    unquoted = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    assert KEYS == re.findall(r" (\w+)=", unquoted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/items?", "/items?"),
        ("\r\n\t\x1b", r"\r\n\t\x1b"),
        ("\\r", r"\\r"),
        ("\xe9\u202e\ud800\U0001f600", r"\xe9\u202e\ud800\U0001f600"),
        ("a" * 200, "a" * 200),
        ("a" * 201, "a" * 197 + "..."),
        ("\x00" * 51, (r"\x00" * 50)[:197] + "..."),
        ("", ""),
    ],
)
def test_a_text_is_escaped_and_cut(text: str, expected: str) -> None:
    """At most 200 characters, which no other text could be mistaken for."""
    assert expected == plain(text)
