"""Policies of views and of blueprints, for Flask and Quart, which share their routing.

Here: whose policy a request gets, and when its route is looked up. Not here: how a view gets a
policy (`_marks.py`), the extension (`_extension.py`), requests and responses (`flask.py`, `quart.py`).
Spec: https://flask.palletsprojects.com/en/stable/extensiondev/
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar

from flask.sansio.app import App
from werkzeug.exceptions import HTTPException

from .._policy import Policy
from .._source_policies import is_fixed, is_plain, may_enforce, policies_in
from .._sources import Source
from ._marks import await_mark, bearers_of_view, count_marks, marks_of, nearest_policy

if TYPE_CHECKING:
    from typing_extensions import Self
    from werkzeug.routing import MapAdapter, Rule

#: Where a request carries its route to whoever writes its response.
ROUTE: Final = "corsac.route"
#: An origin that nobody has. https://www.rfc-editor.org/rfc/rfc2606#section-2
_NOBODY: Final = "https://nobody.invalid"

Application = TypeVar("Application", bound=App)
#: A WSGI or an ASGI application.
Handler = TypeVar("Handler", bound=Callable[..., Any])


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
    nothing of a request is looked at. What a policy with `enforce` refuses must not run, so that
    its route is looked up like that of a preflight; otherwise the framework finds it alone.
    """

    def __init__(
        self,
        app: Application,
        source: Source | None,
        inner: Handler,
        wrap: Callable[[Handler, Source], Handler],
    ) -> None:
        self.app = app
        self.inner = inner
        self._source = source
        self._wrapper = wrap
        #: By the identity of a source, which its middleware keeps alive.
        self._wrapped: dict[int, Handler] = {id(None): inner}
        self._handler = self._under(source)
        self._size = -1
        self._by_route: tuple[Handler, Handler] | None = None
        self._marks: list[Source | None] = []
        #: Whether a request may be enforced upon; None: that is seen when it comes.
        self._may_enforce: bool | None = None

    @abstractmethod
    def prepare(self) -> tuple[Handler, Handler]:
        """Sees to it that each `Route` gets its request; gives what answers under its policy.

        The first one where every policy is plain, the second one where others are.
        """

    def choose(self) -> Handler:
        """What answers the next request."""
        app = self.app
        # What is new since the last time is a mark or a view, perhaps of a blueprint. Registering
        # stays possible while requests come: Quart lets it happen at any time.
        size = count_marks() + len(app.view_functions)
        if size != self._size:
            marks: list[Source | None] = list(marks_of(self._bearers()))
            if marks:
                self._by_route = self._by_route or self.prepare()
                sources = (self._source, *marks)
                self._marks = marks
                fixed = all(map(is_fixed, sources))
                self._may_enforce = any(map(may_enforce, sources)) if fixed else None
                self._handler = self._by_route[not all(map(is_plain, sources))]
            self._size = size
        return self._handler

    def looks_first(self) -> bool:
        """Whether the policy of a request must be known before anything runs."""
        if self._may_enforce is None:
            return any(map(may_enforce, (self._source, *self._marks)))
        return self._may_enforce

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
            self.app.logger.exception("the route of a request cannot be looked up")
            return self._without_route()
        return self._under(self._source_of(rule, method))

    def source_of(self, route: Route) -> Source | None:
        """Whose policy speaks for what the framework's routing found, or failed to find."""
        request = route.request
        if request is None:
            return self._source
        return self._source_of(request.url_rule, request.method)

    def _source_of(self, rule: Rule | None, method: str) -> Source | None:
        if rule is None:
            return self._source
        # Werkzeug routes in capitals.
        bearers = self._bearers_of(rule.endpoint, method.upper())
        return nearest_policy(bearers, self._source)

    def _without_route(self) -> Handler:
        """The application where a converter of its own failed, so that nobody knows whose policy it is.

        None is a guess, and the application mostly meets the same error, and answers it. But it
        may not, since a converter can use there what is not here; so where a view enforces, every
        page is refused that is not the server's own.
        """
        if not self.looks_first():
            return self.inner
        marked = [policy for mark in self._marks for _, policy in policies_in(mark)]
        enforcing = [policy for policy in marked if policy.enforce]
        if not enforcing:
            return self._under(self._source)
        own = {origin for policy in enforcing for origin in policy.own_origins}
        nobody = Policy(allow_origins=[_NOBODY], enforce=True, own_origins=own)
        return self._wrapper(self.inner, nobody)

    def _under(self, source: Source | None) -> Handler:
        if id(source) not in self._wrapped:
            assert source is not None
            self._wrapped[id(source)] = self._wrapper(self.inner, source)
        return self._wrapped[id(source)]

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
