"""flask-cors in a Flask application of one view.

Here: the application with the extension and without.
Not here: per-resource options, which other peers do not have.
Spec: https://corydolphin.github.io/flask-cors/
"""

import re

from flask import Flask, Response
from flask_cors import CORS

from .cases import EXPOSED, HEADERS, MAX_AGE, METHODS, WILDCARD_REGEX
from .doors import BODY, WSGI

door = WSGI


def bare():
    app = Flask(__name__)

    @app.route("/")
    def view():
        return Response(BODY, content_type="application/json")

    return app


def guarded(terms):
    app = bare()
    regexes = [re.compile(f"{WILDCARD_REGEX}$")] if terms.wildcard else []
    CORS(
        app,
        origins=[*terms.exact, *regexes],
        methods=METHODS,
        allow_headers=HEADERS,
        supports_credentials=terms.credentials,
        expose_headers=EXPOSED,
        max_age=MAX_AGE,
    )
    return app
