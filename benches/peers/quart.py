"""quart-cors in a Quart application of one view.

Here: the application with the extension, with corsac's, and without.
Not here: its decorators for routes and WebSockets.
Spec: https://github.com/pgjones/quart-cors
"""

import re

from corsac.adapters.quart import install
from quart import Quart, Response
from quart_cors import cors

from .cases import EXPOSED, HEADERS, MAX_AGE, METHODS, WILDCARD_REGEX
from .doors import ASGI, BODY, passing_asgi

door = ASGI


def bare():
    app = Quart(__name__)

    @app.route("/")
    async def view():
        return Response(BODY, content_type="application/json")

    return app


def adapted(policy):
    return install(bare(), policy)


def passing():
    """With what stands in a response's way and does nothing there."""
    app = bare()
    app.asgi_app = passing_asgi(app.asgi_app)
    return app


def guarded(terms):
    regexes = [re.compile(f"{WILDCARD_REGEX}$")] if terms.wildcard else []
    return cors(
        bare(),
        allow_origin=[*terms.exact, *regexes],
        allow_methods=METHODS,
        allow_headers=HEADERS,
        allow_credentials=terms.credentials,
        expose_headers=EXPOSED,
        max_age=MAX_AGE,
    )
