"""The compiled core: text in, facts out. Private; the promises are in `corsac`."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, final

from typing_extensions import Self, disjoint_base

__all__ = [
    "ASGIMiddleware",
    "Answers",
    "Counter",
    "Exchange",
    "FinishedLines",
    "HeldAnswers",
    "OriginAnswers",
    "OriginMatcher",
    "Pattern",
    "PatternError",
    "Patterns",
    "Regex",
    "RoutedAnswers",
    "Routes",
    "Rules",
    "Spoken",
    "WSGIMiddleware",
    "Watch",
    "hear",
    "is_token",
    "value_of",
]

class PatternError(ValueError):
    """A text is no pattern; `args` are (refusal, message, position): "invalid" or "prohibited",
    what to write instead, and an offset into the text in bytes."""

@final
class Pattern:
    """What is dangerous about a pattern; anything that is none raises `PatternError`."""

    def __new__(cls, text: str, /) -> Self: ...
    @property
    def is_insecure(self) -> bool:
        """Plain http, and not from the machine itself."""
    @property
    def is_under_public_suffix(self) -> bool:
        """A wildcard directly under a listed public suffix."""

@final
class Patterns:
    """A list of configured patterns, without an object for each; the skipped text is left out."""

    def __new__(cls, values: tuple[object, ...], skipped: str, /) -> Self: ...
    @property
    def others(self) -> list[int]:
        """The places of what is no text; a str that is no Unicode is none."""
    @property
    def refused(self) -> list[tuple[int, tuple[str, str, int]]]:
        """The places of texts that are no patterns, each with the arguments of its `PatternError`."""

    def dangerous(self) -> list[int]:
        """The places of patterns that are `*`, or dangerous together with credentials."""

@final
class Regex:
    """A configured regex that parsed; anything else raises `PatternError`. Leniently, shapes that
    are nearly always mistakes are let pass."""

    def __new__(
        cls, source: str, ignores_case: bool, leniently: bool = False, /
    ) -> Self: ...
    @property
    def matches_everything(self) -> bool:
        """It matches sites that have nothing in common; only a lenient one can."""
    @property
    def begins_with_scheme(self) -> bool:
        """Every match begins with one of a few whole schemes and `://`."""
    @property
    def lets_http_through(self) -> bool:
        """A match can begin with `http://`; False where `begins_with_scheme` is False."""

    @property
    def is_under_public_suffix(self) -> bool:
        """It matches a name that anybody could register under a listed public suffix."""

@disjoint_base
class OriginMatcher:
    """Matches origins against patterns and regexes."""

    def __new__(cls, patterns: Patterns, regexes: Sequence[Regex], /) -> Self: ...
    def matches(self, origin: str | bytes | None, /) -> bool: ...
    def match_many(self, origins: Iterable[str | bytes | None], /) -> list[bool]: ...
    def __contains__(self, origin: str | bytes | None, /) -> bool: ...
    def __len__(self) -> int: ...

@final
class Rules:
    """What a policy allows, as far as requests can ask for it."""

    def __new__(
        cls,
        patterns: Patterns,
        regexes: Sequence[Regex],
        /,
        *,
        null: bool,
        methods: Sequence[str],
        headers: Sequence[str],
        echoes: bool,
        passing: bool,
    ) -> Self:
        """`echoes`: answers to preflights name what was asked for, where all of it is allowed;
        `passing`: what passed, also where something else did not."""

    def allows_origin(self, origin: str | bytes, /) -> bool: ...
    def facts(
        self,
        method: str,
        headers: Iterable[Sequence[str | bytes]] | Mapping[str, str],
        /,
    ) -> tuple[int, str | None, tuple[str, str] | None]:
        """The facts as bits, the origin where it is allowed, and, where all is allowed and the
        answer repeats it, the method and the header names that were asked for, each empty where
        the answer does not name it."""

    def facts_of_environ(
        self, environ: dict[str, Any], /
    ) -> tuple[int, str | None, tuple[str, str] | None]:
        """The same for a WSGI environ."""

@final
class Counter:
    """How many requests had each set of facts."""

    def __new__(cls) -> Self: ...
    def snapshot(self) -> list[int]:
        """The counts by the bits of the facts."""

@final
class Watch:
    """Looks at the requests of one policy: `counter` counts them, `shadow` is decided beside, and
    `tell` is called for the facts of the bits `always`, of `heard` where anybody wants to hear,
    and where the shadow found others; it gives the facts that count."""

    def __new__(
        cls,
        counter: Counter | None,
        shadow: Rules | None,
        always: int,
        heard: int,
        tell: Callable[[int, int | None, Any], int],
        /,
    ) -> Self: ...
    def facts(
        self,
        rules: Rules,
        method: str,
        headers: Iterable[Sequence[str | bytes]] | Mapping[str, str],
        request: Any = None,
        /,
    ) -> tuple[int, str | None, tuple[str, str] | None]:
        """What `Rules.facts` says, watched; `request` is what is told, or else the rest."""

    def facts_of_environ(
        self, rules: Rules, environ: dict[str, Any], /
    ) -> tuple[int, str | None, tuple[str, str] | None]:
        """The same for a WSGI environ."""

@final
class Spoken:
    """Which header names the policy alone speaks, in lower case, and how the values of the one
    are merged that an application speaks too."""

    def __new__(
        cls, replaced: Sequence[str], merged: str, merge: Callable[..., str], /
    ) -> Self: ...

@final
class FinishedLines:
    """The header lines of one outcome: pairs (name, value), where an int is the gap for the
    origin (0), the method (1) or the header names (2); and the merged line, which is the last."""

    def __new__(
        cls,
        spoken: Spoken,
        lines: Sequence[tuple[str, str | int]],
        merged: tuple[str, str | None],
        /,
    ) -> Self: ...
    def merge(
        self,
        origin: str | bytes | None,
        asked: tuple[str | bytes, str | bytes] | None,
        headers: Iterable[Any],
        /,
    ) -> list[Any] | None:
        """A new list of the application's header lines with these in them; None for header lines
        that are no list or tuple of pairs of str or bytes."""

@final
class Answers:
    """What becomes of requests, for each set of facts: the header lines, what merges the shapes
    that these leave to it, and how the answer begins where it needs no application, with its
    header lines without ours."""

    def __new__(
        cls,
        rules: Rules,
        watch: Watch | None,
        rows: Sequence[
            tuple[
                FinishedLines,
                Callable[[str | None, None, Iterable[Any], bool], list[Any]],
                tuple[Any, list[Any]] | None,
            ]
        ],
        /,
        *,
        as_bytes: bool,
    ) -> Self: ...
    def under(self, rules: Rules, watch: Watch | None, /) -> Answers:
        """The same answers under other rules."""

    @property
    def is_watched(self) -> bool: ...
    def ask(
        self,
        method: str,
        headers: Iterable[tuple[str | bytes, str | bytes]] | Mapping[str, str],
        /,
    ) -> Exchange:
        """Decides a request, for a framework that writes the answer from Python."""

    def ask_environ(self, environ: dict[str, Any], /) -> Exchange:
        """The same for a WSGI environ."""

    def ask_watched(
        self,
        method: str,
        headers: Iterable[tuple[str | bytes, str | bytes]] | Mapping[str, str],
        request: Any,
        /,
    ) -> Exchange:
        """As `ask`, where somebody may watch; `request` is what is told of it."""

    def ask_environ_watched(
        self, environ: dict[str, Any], request: Any = None, /
    ) -> Exchange:
        """The same for a WSGI environ, which is what is told where there is no `request`."""

@final
class Exchange:
    """What was decided of a request, until its response is there."""

    @property
    def start(self) -> tuple[Any, list[Any]] | None:
        """How the answer begins, and all its header lines, where it needs no application."""
    @property
    def refuses_origin(self) -> bool:
        """The request has an origin, and it is refused."""

    def merge(self, headers: Any, /) -> list[Any]:
        """The application's header lines with ours in them."""

    def place(self, lines: dict[str, tuple[str, str]], /) -> None:
        """Merges the header lines into a dict that holds each under its name in lower case."""

@final
class Routes:
    """Routes, and what stands at each.

    A row is a host in lower case and a path, in bytes, each empty for all, and the number of a
    choice, or None for none. The first choice is for paths that lead to two of them. An
    `IndexError` says that a number is no choice's.
    """

    def __new__(
        cls, rows: list[tuple[bytes, bytes, int | None]], choices: Sequence[Any], /
    ) -> Self: ...
    @property
    def is_by_host(self) -> bool:
        """Whether a host makes a difference."""

    def choose(self, host: str, path: str, /) -> Any:
        """What stands where a request comes to; None for no route, and for one without a choice."""

#: Answers, or a way to them for each request.
_Assembled: TypeAlias = Answers | RoutedAnswers | OriginAnswers | HeldAnswers

@final
class RoutedAnswers:
    """Answers by the route of a request. `assemble` makes those of a choice, or gives None where
    Python must choose; it is called when the first request comes to that choice."""

    def __new__(
        cls, routes: Routes, assemble: Callable[[Any], _Assembled | None], /
    ) -> Self: ...

@final
class OriginAnswers:
    """Answers of several policies: of the first that allows the origin, or else of the last."""

    def __new__(cls, policies: Sequence[Answers], /) -> Self: ...

@final
class HeldAnswers:
    """Answers of what a handle holds at the moment. `assemble` makes those of what is held, and
    leaves them in its `_answers` under `key`; or gives None where Python must choose."""

    def __new__(
        cls, handle: Any, assemble: Callable[[Any], _Assembled | None], key: object, /
    ) -> Self: ...

@disjoint_base
class ASGIMiddleware:
    """An ASGI application around another; `answer` sends a first message and an empty body."""

    def __new__(cls, *_arguments: object, **_keywords: object) -> Self: ...
    def __init__(
        self,
        app: Callable[..., Awaitable[None]],
        assembled: _Assembled | None,
        answer: Callable[..., Awaitable[None]],
        /,
    ) -> None:
        """Without anything assembled, `self._serve` chooses the answers for each request."""

    def under(
        self, answers: Answers, scope: Any, receive: Any, send: Any, /
    ) -> Awaitable[None]:
        """Serves a request of HTTP under these answers, watched where somebody watches."""
    @property
    def app(self) -> Any: ...
    def __call__(self, scope: Any, receive: Any, send: Any, /) -> Awaitable[None]: ...

@disjoint_base
class WSGIMiddleware:
    """A WSGI application around another."""

    def __new__(cls, *_arguments: object, **_keywords: object) -> Self: ...
    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        assembled: _Assembled | None,
        /,
    ) -> None:
        """Without anything assembled, `self._serve` chooses the answers for each request."""

    def under(
        self, answers: Answers, environ: dict[str, Any], start_response: Any, /
    ) -> Iterable[bytes]:
        """Serves a request under these answers, watched where somebody watches."""
    @property
    def app(self) -> Any: ...
    def __call__(
        self, environ: dict[str, Any], start_response: Any, /
    ) -> Iterable[bytes]: ...

def hear(heard: bool, /) -> None:
    """Says whether anybody wants to hear of refused requests."""

def is_token(text: str, /) -> bool:
    """Whether the text is a token, the form of methods and header names."""

def value_of(lines: list[tuple[str | bytes, str | bytes]], name: str, /) -> str | None:
    """What the lines of this name say, in whatever case it is written, several joined as one."""
