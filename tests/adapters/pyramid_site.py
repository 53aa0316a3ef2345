"""What the tests of the Pyramid adapter ask.

Here: pages as applications have them, with a policy around them; servers import this file.
Not here: what must come back (`test_pyramid.py`).
"""

from __future__ import annotations

import os
from typing import Any

from pyramid import httpexceptions
from pyramid.config import Configurator
from pyramid.response import FileResponse, Response
from spoken import policy

INCLUDED = "corsac.adapters.pyramid"
APP = policy("App")
CHUNKS = [b"one,", b"two,", b"three"]
#: One object for every request.
SHARED = Response(b"page")


def add_page(config: Any, name: str, view: Any, **options: Any) -> None:
    config.add_route(name, f"/{name}")
    config.add_view(view, route_name=name, **options)


def fail(request: Any) -> Any:
    raise LookupError("raised on purpose")


def conditional(request: Any) -> Any:
    return Response(b"page", etag="tag", conditional_response=True)


def refuse(request: Any) -> Any:
    raise httpexceptions.HTTPUnauthorized()


def configure(**settings: Any) -> Any:
    """Pages as applications have them."""
    config = Configurator(settings=settings)
    config.include(INCLUDED)
    token = os.environ.get("CORSAC_TEST_TOKEN", "").encode()
    add_page(config, "token", lambda request: Response(token))
    add_page(config, "", lambda request: Response(b"page"))
    add_page(config, "shared", lambda request: SHARED)
    add_page(config, "put", lambda request: Response(b"page"), request_method="PUT")
    add_page(config, "stream", lambda request: Response(app_iter=iter(CHUNKS)))
    add_page(config, "file", lambda request: FileResponse(__file__, request))
    add_page(config, "empty", lambda request: Response(status=204))
    add_page(config, "conditional", conditional)
    add_page(config, "moved", lambda request: httpexceptions.HTTPFound("/"))
    add_page(config, "private", refuse)
    add_page(config, "fails", fail)
    config.add_exception_view(lambda request: Response(b"own", status=500), LookupError)
    return config


site = configure(corsac=APP).make_wsgi_app()
