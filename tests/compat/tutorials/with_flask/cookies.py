"""flask-cors with cookies: credentials, and the default of all origins.

Here: the extension with its documentation's option for cookies. Not here: the other pages (`views.py`), who asks
(`../projects.py`).
Spec: https://corydolphin.github.io/flask-cors/configuration/
"""

from typing import Any

from flask import Flask
from flask_cors import CORS
from views import add_views, read_or_create_items

app = Flask(__name__)
CORS(app, supports_credentials=True)
add_views(app)


@app.get("/")
def root() -> dict[str, str]:
    return {"message": "welcome"}


@app.route("/api/items/", methods=["GET", "POST"])
def items() -> Any:
    return read_or_create_items()
