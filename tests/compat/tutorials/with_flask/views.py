"""The pages of every Flask project here.

Here: `add_views`, which says nothing of CORS. Not here: the extension, which each project uses in
its own way.
Spec: https://flask.palletsprojects.com/en/stable/quickstart/#routing
"""

from typing import Any

from flask import Blueprint, Flask, Response, abort, jsonify, request

api = Blueprint("api", __name__, url_prefix="/api")


def add_views(app: Flask) -> None:
    """Everything but `/` and `/api/items/`, whose views the projects write themselves."""
    app.register_blueprint(api)


def read_or_create_items() -> Response | tuple[dict[str, Any], int]:
    if request.method == "POST":
        return {"created": request.get_json()["name"]}, 201
    response = jsonify(["plum", "pear"])
    response.headers["X-Total-Count"] = "2"
    return response


@api.put("/items/<int:number>")
def replace_item(number: int) -> dict[str, Any]:
    with_what = request.headers.get("X-Requested-With", "")
    return {"number": number, "name": request.get_json()["name"], "with": with_what}


@api.patch("/items/<int:number>")
def change_item(number: int) -> dict[str, int]:
    return {"number": number}


@api.delete("/items/<int:number>")
def delete_item(number: int) -> tuple[str, int]:
    return "", 204


@api.get("/visitor")
def visitor() -> dict[str, str]:
    cookie = request.cookies.get("visitor", "")
    return {
        "cookie": cookie,
        "authorization": request.headers.get("Authorization", ""),
    }


@api.get("/closed")
def closed() -> None:
    abort(503)


@api.get("/broken")
def broken() -> None:
    raise RuntimeError("broken on purpose")
