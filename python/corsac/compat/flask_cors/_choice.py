"""Which resource a request belongs to: by its view, by its blueprint, or by its path.

Here: marks of views and blueprints, tables of paths, and how a choice gets out of Flask.
Not here: what a resource allows (`_resource.py`), requests and responses.
Spec: https://corydolphin.github.io/flask-cors/configuration/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Protocol

from flask import Flask
from werkzeug.exceptions import HTTPException

from ..._policy import Policy
from ..._requests import actual_method_of_environ
from ._resource import Resource
from .core import ResourcePattern, try_match_pattern

if TYPE_CHECKING:
    from werkzeug.routing import Rule

_MARK: Final = "_corsac_compat"
_CHOICE: Final = "corsac.compat.choice"


class Chooser(Protocol):
    """What a view or a blueprint bears."""

    def resource_for(self, app: Flask, environ: dict[str, Any]) -> Resource | None: ...


class Paths:
    """Resources by the begin of a path, the first that matches."""

    def __init__(self, rows: list[tuple[ResourcePattern, Resource]]) -> None:
        self.rows = rows

    def resource_for(self, app: Flask, environ: dict[str, Any]) -> Resource | None:
        path = _path(environ)
        for pattern, resource in self.rows:
            if try_match_pattern(path, pattern):
                return resource
        return None


def _path(environ: dict[str, Any]) -> str:
    """The path that Flask routes. Unquoting it once more would choose by another one."""
    path: str = environ.get("PATH_INFO", "")
    if not path.isascii():
        path = path.encode("latin-1").decode("utf-8", "replace")
    return "/" + path.lstrip("/")


class Choice:
    """Travels with a request, and tells whoever stands around Flask what was chosen within."""

    __slots__ = ("policy",)

    def __init__(self) -> None:
        self.policy: Policy | None = None

    def __deepcopy__(self, memo: object) -> Choice:
        return self


def open_choice(environ: dict[str, Any]) -> Choice:
    """The choice of a request, which is open until something within makes it."""
    choice = environ.setdefault(_CHOICE, Choice())
    assert isinstance(choice, Choice)
    return choice


def make_choice(environ: dict[str, Any], policy: Policy) -> bool:
    """Makes the choice of a request, and says whether anybody around waits for it."""
    choice = environ.get(_CHOICE)
    if choice is None:
        return False
    choice.policy = policy
    return True


def mark(bearer: Any, chooser: Chooser) -> None:
    """Lets a view or a blueprint bear what chooses for it."""
    setattr(bearer, _MARK, chooser)


def has_marks(app: Flask) -> bool:
    """Whether any view or blueprint of an application chooses for itself."""
    bearers = [*app.view_functions.values(), *app.blueprints.values()]
    return any(hasattr(bearer, _MARK) for bearer in bearers)


def resource_of_route(app: Flask, environ: dict[str, Any]) -> Resource | None:
    """What a view or a blueprint has chosen for a preflight, by the route of its actual request.

    Where no route has that method, by the route that answers OPTIONS, as flask-cors does.
    """
    for method in (actual_method_of_environ(environ), "OPTIONS"):
        asked = app.request_class({**environ, "REQUEST_METHOD": method})
        try:
            adapter = app.create_url_adapter(asked)
            rule = None if adapter is None else adapter.match(return_rule=True)[0]
        except HTTPException:
            continue
        except Exception:
            # A converter of the application failed, as it will again for the actual request.
            app.logger.exception("the route of a preflight cannot be looked up")
            return None
        for bearer in _bearers(app, rule):
            chooser: Chooser | None = getattr(bearer, _MARK, None)
            if chooser and (resource := chooser.resource_for(app, environ)):
                return resource
        return None
    return None


def _bearers(app: Flask, rule: Rule | None) -> Iterator[object]:
    """Whatever may choose for a route, the nearest first."""
    if rule is not None:
        endpoint: str = rule.endpoint
        yield app.view_functions.get(endpoint)
        while "." in endpoint:
            endpoint = endpoint.rpartition(".")[0]
            yield app.blueprints.get(endpoint)
