"""A pytest plugin for another library's suite: the import swapped, every assertion reported.

Here: the swap, and the report; `asserting` notes what fails and goes on, so that one difference
hides no other. Not here: who puts assertions under it (`test_peer_suites.py`). To import this is
to swap, so that only a suite's own process may.
Spec: https://docs.pytest.org/en/stable/reference/reference.html#hooks
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: The old names, and where the drop-ins have them.
SWAPPED = {
    "starlette.middleware.cors": "corsac.compat.starlette",
    "flask_cors": "corsac.compat.flask_cors",
    "flask_cors.core": "corsac.compat.flask_cors.core",
    "flask_cors.decorator": "corsac.compat.flask_cors.decorator",
    "flask_cors.extension": "corsac.compat.flask_cors.extension",
}

for _old, _new in SWAPPED.items():
    sys.modules[_old] = importlib.import_module(_new)

#: Tests that ran, how many assertions they made, and which failed, as pairs (test, assertion).
ran: set[str] = set()
failed: set[tuple[str, str]] = set()
made = 0


@contextmanager
def asserting(text: str) -> Iterator[None]:
    """Notes a failed assertion under the running test, and goes on."""
    global made
    made += 1
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever an assertion meets is its failure
        failed.add((_name(os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]), text))


def _name(node: str) -> str:
    """A test's name without its parameters, which are event loops in these suites."""
    return node.partition("[")[0]


def pytest_runtest_logreport(report: Any) -> None:
    if report.failed:
        error = str(report.longrepr.reprcrash.message).splitlines()[0]
        failed.add((_name(report.nodeid), error))
    if report.when == "call" and not report.skipped:
        ran.add(_name(report.nodeid))


def pytest_sessionfinish() -> None:
    found = {"ran": sorted(ran), "made": made, "failed": sorted(failed)}
    Path(os.environ["SWAPPED_REPORT"]).write_text(json.dumps(found))
