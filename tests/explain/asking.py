"""Runs `corsac explain` in this process, and reads its answer as JSON.

Here: `ask`, `lines`. Not here: any expectation; processes of their own (`test_command.py`).
Spec: https://www.rfc-editor.org/rfc/rfc8259
"""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

from corsac.explain.command import run


def ask(*words: str) -> tuple[int, Any]:
    """Exit code and document."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = run([*words, "--json"])
    out.seek(0)
    text = out.read()
    return code, json.loads(text) if text else None


def show(*words: str) -> tuple[int, str]:
    """Exit code and text."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out):
        code = run(words)
    out.seek(0)
    return code, out.read()


def lines(document: Any) -> list[str]:
    """The lines to change, each after where it is."""
    remedy = document["remedy"]
    return [f"{one['where']} {one['line']}" for one in remedy["changes"]]
