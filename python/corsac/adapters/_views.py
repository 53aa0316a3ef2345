"""Policies of views and of blueprints, for Flask and Quart, which share their routing.

Here: the extension, but for how an application is wrapped; who chooses the policy of a request.
Not here: how a view gets a policy (`_marks.py`), requests and responses (`flask.py`, `quart.py`).
Spec: https://flask.palletsprojects.com/en/stable/extensiondev/
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from flask.sansio.app import App
from werkzeug.exceptions import HTTPException

from .._policy import Policy, PolicyKeywords, read_policy
from ._marks import (
    await_mark,
    bearers_of_view,
    count_marks,
    is_marked,
    nearest_policy,
)

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack
    from werkzeug.routing import MapAdapter, Rule

#: Where a request carries its route to whoever writes its response.
ROUTE: Final = "corsac.route"
_EXTENSION: Final = "corsac"

Application = TypeVar("Application", bound=App)
#: A WSGI or an ASGI application.
Handler = TypeVar("Handler", bound=Callable[..., Any])


class Extension(ABC, Generic[Application]):
    """What the extensions of both frameworks share."""

    _kind: type[Application]

    def __init__(
        self,
        app: Application | None = None,
        policy: Policy | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        #: The policy of every application that is given none; None: they have none.
        self.policy = _read_own(policy, keywords)
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Application,
        policy: Policy | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        """Puts CORS around an application, in place; once for each application.

        `app`: the application. `policy`, or the keywords of `Policy`: its policy, in the place of
        the one that this object was made with.
        Raises `PolicyError` for keywords that make no policy; `TypeError` for a policy and
        keywords, and for what is no application; `RuntimeError` for one that has CORS already.
        Source: https://flask.palletsprojects.com/en/stable/extensiondev/
        """
        if not isinstance(app, self._kind):
            raise TypeError(
                f"CORS takes a {self._kind.__name__} application, not {app!r}; "
                "a blueprint is decorated: cors(policy)(blueprint)"
            )
        own = _read_own(policy, keywords)
        if _EXTENSION in app.extensions:
            raise RuntimeError("this application has a CORS object already")
        self._wrap(app, self.policy if own is None else own)
        app.extensions[_EXTENSION] = self

    @abstractmethod
    def _wrap(self, app: Application, policy: Policy | None) -> None: ...


def _read_own(policy: Policy | None, keywords: PolicyKeywords) -> Policy | None:
    if policy is None and not keywords:
        return None
    return read_policy(policy, keywords)


class Request(Protocol):
    """What requests of both frameworks have."""

    @property
    def method(self) -> str: ...
    @property
    def url_rule(self) -> Rule | None: ...


class Route:
    """Travels with a request, and holds the framework's own object for it as soon as there is one.

    The framework routes that, so that it knows its rule by the time of the response. A middleware
    may copy what a server handed over, deeply too, and still carries this on.
    """

    __slots__ = ("request",)

    def __init__(self) -> None:
        self.request: Request | None = None

    def __deepcopy__(self, memo: object) -> Self:
        return self


class Unmarked:
    """Makes of a native middleware one that leaves its place when there is something to choose.

    Its class changes then, so that whatever wraps it keeps the same object, and no request has to
    ask before that whether anything is marked.
    """

    _chooser: Any
    _choosing: type[Any]

    def stand_for(self, chooser: Callable[..., Any], choosing: type[Self]) -> Self:
        """`choosing`: the subclass that asks the chooser."""
        self._chooser, self._choosing = chooser, choosing
        await_mark(self)
        return self

    def give_way(self) -> None:
        self.__class__ = self._choosing


class Chooser(ABC, Generic[Application, Handler]):
    """Chooses policies around the WSGI or ASGI application of a framework's application.

    As long as no view and no blueprint of its own bears a policy, there is nothing to choose, and
    nothing of a request is looked at.
    """

    def __init__(
        self,
        app: Application,
        policy: Policy | None,
        inner: Handler,
        wrap: Callable[[Handler, Policy], Handler],
    ) -> None:
        self.app = app
        self.inner = inner
        self._policy = policy
        self._wrapper = wrap
        self._wrapped: dict[Policy | None, Handler] = {None: inner}
        self._handler = self._under(policy)
        self._size = -1
        self._by_route: Handler | None = None

    @abstractmethod
    def prepare(self) -> Handler:
        """Sees to it that each `Route` gets its request; gives what answers under the policy of a route."""

    def choose(self) -> Handler:
        """What answers the next request."""
        app = self.app
        # What is new since the last time is a mark or a view, perhaps of a blueprint. Registering
        # stays possible while requests come: Quart lets it happen at any time.
        size = count_marks() + len(app.view_functions)
        if size != self._size:
            if any(is_marked(bearer) for bearer in self._bearers()):
                self._by_route = self._by_route or self.prepare()
                self._handler = self._by_route
            self._size = size
        return self._handler

    def look_up(self, make_request: Callable[[], Request], method: str) -> Handler:
        """The application under the policy of what a request of this method would reach.

        The framework's own routing is asked, and nothing else runs.
        """
        try:
            adapter: MapAdapter | None = self.app.create_url_adapter(make_request())  # type: ignore[attr-defined]  # both frameworks add it
            rule = None if adapter is None else adapter.match(return_rule=True)[0]
        except HTTPException:
            rule = None
        except Exception:
            # A converter of the application failed. Whose policy it is, nobody knows, so that
            # none is a guess; the application meets the same error, and answers it.
            self.app.logger.exception("the route of a preflight cannot be looked up")
            return self.inner
        return self._under(self._policy_of(rule, method))

    def policy_of(self, route: Route) -> Policy | None:
        """The policy of what the framework's routing found, or failed to find."""
        request = route.request
        if request is None:
            return self._policy
        return self._policy_of(request.url_rule, request.method)

    def _policy_of(self, rule: Rule | None, method: str) -> Policy | None:
        if rule is None:
            return self._policy
        # Werkzeug routes in capitals.
        bearers = self._bearers_of(rule.endpoint, method.upper())
        return nearest_policy(bearers, self._policy)

    def _under(self, policy: Policy | None) -> Handler:
        if policy not in self._wrapped:
            assert policy is not None
            self._wrapped[policy] = self._wrapper(self.inner, policy)
        return self._wrapped[policy]

    def _bearers(self) -> Iterator[object]:
        yield from self.app.blueprints.values()
        for view in self.app.view_functions.values():
            for method in getattr(view, "methods", None) or [""]:
                yield from bearers_of_view(view, method)

    def _bearers_of(self, endpoint: str, method: str) -> Iterator[object]:
        """Whatever may bear the policy of a route, the nearest first."""
        yield from bearers_of_view(self.app.view_functions.get(endpoint), method)
        while "." in endpoint:
            endpoint = endpoint.rpartition(".")[0]
            yield self.app.blueprints.get(endpoint)
