"""flask-cors in a Flask application of one view.

Here: the application with the extension, with corsac's, with the swapped one, and without.
Not here: per-resource options, which other peers do not have.
Spec: https://corydolphin.github.io/flask-cors/
"""

import re

import flask_cors
from corsac.adapters.flask import install
from corsac.compat import flask_cors as compat
from flask import Flask, Response

from .cases import EXPOSED, HEADERS, MAX_AGE, METHODS, WILDCARD_REGEX
from .doors import BODY, WSGI

door = WSGI


def bare():
    app = Flask(__name__)

    @app.route("/")
    def view():
        return Response(BODY, content_type="application/json")

    return app


def adapted(policy):
    return install(bare(), policy)


def passing():
    """With what stands in a response's way and does nothing there."""
    app = bare()
    inner = app.wsgi_app

    def wsgi_app(environ, start_response):
        def respond(status, headers, exc_info=None):
            return start_response(status, headers)

        return inner(environ, respond)

    app.wsgi_app = wsgi_app
    return app


def guarded(terms):
    return extended(terms, flask_cors.CORS)


def swapped(terms):
    return extended(terms, compat.CORS)


def extended(terms, extension):
    app = bare()
    regexes = [re.compile(f"{WILDCARD_REGEX}$")] if terms.wildcard else []
    extension(
        app,
        origins=[*terms.exact, *regexes],
        methods=METHODS,
        allow_headers=HEADERS,
        supports_credentials=terms.credentials,
        expose_headers=EXPOSED,
        max_age=MAX_AGE,
    )
    return app
