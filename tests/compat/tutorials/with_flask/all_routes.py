"""flask-cors' first example: one call, for all routes and everybody.

Here: the extension as its documentation shows it. Not here: the other pages (`views.py`), who asks
(`../projects.py`).
Spec: https://corydolphin.github.io/flask-cors/
"""

from typing import Any

from flask import Flask
from flask_cors import CORS
from views import add_views, read_or_create_items

app = Flask(__name__)
CORS(app)
add_views(app)


@app.get("/")
def root() -> dict[str, str]:
    return {"message": "welcome"}


@app.route("/api/items/", methods=["GET", "POST"])
def items() -> Any:
    return read_or_create_items()
