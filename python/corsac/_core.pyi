"""The compiled core: text in, facts out. Private; the promises are in `corsac`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, final

from typing_extensions import Self, disjoint_base

__all__ = ["OriginMatcher", "Pattern", "PatternError", "Regex", "Rules", "is_token"]

class PatternError(ValueError):
    """A text is no pattern; `args` are (refusal, message, position): "invalid" or "prohibited",
    what to write instead, and an offset into the text in bytes."""

@final
class Pattern:
    """A configured pattern that parsed; anything else raises `PatternError`."""

    def __new__(cls, text: str, /) -> Self: ...
    @property
    def is_insecure(self) -> bool:
        """Plain http, and not from the machine itself."""
    @property
    def is_under_public_suffix(self) -> bool:
        """A wildcard directly under a listed public suffix."""

@final
class Regex:
    """A configured regex that parsed; anything else raises `PatternError`."""

    def __new__(cls, source: str, ignores_case: bool, /) -> Self: ...
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

    def __new__(
        cls, patterns: Sequence[Pattern], regexes: Sequence[Regex], /
    ) -> Self: ...
    def matches(self, origin: str | bytes | None, /) -> bool: ...
    def match_many(self, origins: Iterable[str | bytes | None], /) -> list[bool]: ...
    def __contains__(self, origin: str | bytes | None, /) -> bool: ...
    def __len__(self) -> int: ...

@final
class Rules:
    """What a policy allows, as far as requests can ask for it."""

    def __new__(
        cls,
        patterns: Sequence[Pattern],
        regexes: Sequence[Regex],
        /,
        *,
        null: bool,
        methods: Sequence[str],
        headers: Sequence[str],
        echoes: bool,
    ) -> Self: ...
    def facts(
        self,
        method: str,
        headers: Iterable[Sequence[str | bytes]] | Mapping[str, str],
        /,
    ) -> tuple[int, str | None, tuple[str, str] | None]:
        """The facts as bits, the origin where it is allowed, and, where all is allowed and the
        answer repeats it, the method and the header names that were asked for."""

    def facts_of_environ(
        self, environ: dict[str, Any], /
    ) -> tuple[int, str | None, tuple[str, str] | None]:
        """The same for a WSGI environ."""

def is_token(text: str, /) -> bool:
    """Whether the text is a token, the form of methods and header names."""
