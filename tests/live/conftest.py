"""Lets the tests of this folder import what they share, and gives them a database.

Here: a place to import from, and the fixtures `database` and `log`. Not here: what a test asks it.
"""

import logging
import sys
from pathlib import Path

import pytest
from postgres import PostgreSQL

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.append(HERE)

from hearing import Log  # from the place above


@pytest.fixture(scope="module")
def server():
    """A database server of these tests' own; skips where there is none to be had."""
    with PostgreSQL() as server:
        yield server


@pytest.fixture
def database(server):
    """The same, which a test may stop, pause and restart."""
    yield server
    server.resume()
    if not server.is_ready():
        server.restart()


@pytest.fixture
def log():
    """What is said at INFO and above, while the test runs."""
    heard, logger = Log(), logging.getLogger("corsac.live")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(heard)
    yield heard
    logger.removeHandler(heard)
    logger.setLevel(level)
