"""Flask and Quart, under one roof for the tests that both must pass.

Here: their names for the same things, and one way to ask an application of either.
Not here: what only one of them has (`test_flask.py`, `test_quart.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import ModuleType
from typing import Any, NamedTuple

import flask.views
import quart.views
from corsac.adapters import flask as corsac_flask
from corsac.adapters import quart as corsac_quart


class Answer(NamedTuple):
    status: int
    #: Names are in lower case.
    lines: list[tuple[str, str]]
    body: bytes


class Framework(NamedTuple):
    package: ModuleType
    adapter: ModuleType
    Application: Any
    #: The attribute that extensions replace.
    protocol: str

    def make(self, name: str = "site", **options: Any) -> Any:
        return self.Application(name, **options)

    def ask(
        self,
        app: Any,
        method: str,
        path: str,
        headers: Mapping[str, str] = {},
        root_path: str = "",
    ) -> Answer:
        """The answer to one request of the framework's own test client."""
        if self.Application is flask.Flask:
            return _ask_flask(app, method, path, headers, root_path)
        return asyncio.run(_ask_quart(app, method, path, headers, root_path))


def _ask_flask(
    app: Any, method: str, path: str, headers: Mapping[str, str], root_path: str
) -> Answer:
    environ = {"SCRIPT_NAME": root_path}
    response = app.test_client().open(
        path, method=method, headers=headers, environ_overrides=environ
    )
    return Answer(response.status_code, _lower(response.headers), response.data)


async def _ask_quart(
    app: Any, method: str, path: str, headers: Mapping[str, str], root_path: str
) -> Answer:
    response = await app.test_client().open(
        root_path + path, method=method, headers=dict(headers), root_path=root_path
    )
    body = await response.get_data()
    return Answer(response.status_code, _lower(response.headers), body)


def _lower(headers: Any) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers]


FRAMEWORKS = {
    "flask": Framework(flask, corsac_flask, flask.Flask, "wsgi_app"),
    "quart": Framework(quart, corsac_quart, quart.Quart, "asgi_app"),
}
