"""flask-cors' third example: a decorator for single views.

Here: the decorator as its documentation shows it. Not here: the other pages (`views.py`), who asks
(`../projects.py`).
Spec: https://corydolphin.github.io/flask-cors/
"""

from typing import Any

from flask import Flask
from flask_cors import cross_origin
from views import add_views, read_or_create_items

app = Flask(__name__)
add_views(app)


@app.get("/")
@cross_origin(expose_headers=["X-Total-Count"])
def root() -> tuple[dict[str, str], dict[str, str]]:
    return {"message": "welcome"}, {"X-Total-Count": "2"}


@app.route("/api/items/", methods=["GET", "POST"])
@cross_origin()
def items() -> Any:
    return read_or_create_items()
