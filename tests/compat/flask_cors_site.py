"""A site of Flask, and how it is asked.

Here: its one view, and requests without a server. Not here: who puts CORS around it.
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Response
from reading import HEADERS, Answer, Ask
from werkzeug.test import EnvironBuilder


def things() -> Response:
    return Response("things", headers=HEADERS)


def asking(app: Flask) -> Ask:
    def ask(method: str, path: str, headers: dict[str, str]) -> Answer:
        environ = EnvironBuilder(path, method=method, headers=headers).get_environ()
        started: list[Any] = []
        body: Iterable[bytes] = app(environ, lambda *start: started.append(start))
        b"".join(body)
        [(status, lines)] = started
        return int(status[:3]), {name.lower(): value for name, value in lines}

    return ask
