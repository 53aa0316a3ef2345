"""Serves a project under any server, and says which warnings it gives.

Here: `asgi` and `wsgi`, the project's own application behind one page that tells a test that this
is the server it started; one of the two libraries is out of reach.
Not here: the projects, and which server serves them (`projects.py`).
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import warnings
from typing import Any

TOKEN = os.environ["CORSAC_TEST_TOKEN"].encode()
MODULE, _, NAME = os.environ["CORSAC_TEST_PROJECT"].partition(":")


def tell(message: object, category: type[Warning], *_where: object) -> None:
    """A line of JSON for each warning, in the server's output."""
    line = json.dumps({"category": category.__name__, "text": str(message)})
    print(line, file=sys.stderr, flush=True)


warnings.simplefilter("always")
warnings.showwarning = tell
#: An import of these fails, as if nobody had installed them.
for absent in os.environ["CORSAC_TEST_ABSENT"].split():
    sys.modules[absent] = None  # type: ignore[assignment]  # what import takes for a failure
application = getattr(importlib.import_module(MODULE), NAME)


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    if scope.get("path") != "/token":
        await application(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": TOKEN})


def wsgi(environ: Any, start_response: Any) -> Any:
    if environ["PATH_INFO"] != "/token":
        return application(environ, start_response)
    start_response("200 OK", [("Content-Length", str(len(TOKEN)))])
    return [TOKEN]
