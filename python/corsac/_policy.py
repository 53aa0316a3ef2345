"""What the user allows: every option of a policy, and every problem at once.

Here: `Policy`, the rules for origins together with credentials, `max_age`, `preflight_status`.
Not here: requests; listed origins (`_origins.py`); methods, header names, and exposed headers with
credentials (`_names.py`); codes, lists and flags (`_problems.py`); answers (`_headers.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NoReturn, TypedDict

from ._core import Pattern, PatternError, Regex, Rules
from ._names import read_methods, read_request_headers, read_response_headers
from ._origins import OriginPattern, Origins
from ._problems import FIELDS, PolicyWarning, Problems

if TYPE_CHECKING:  # the types of what comes after, since `decide` leads there
    from typing_extensions import Unpack

    from ._decision import Decision, Table

#: The longest that any browser caches a preflight, in seconds: Firefox's bound.
#: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Access-Control-Max-Age
_MAX_MAX_AGE: Final = 86400


class PolicyKeywords(TypedDict, total=False):
    """The keywords of `Policy`, for whoever hands them on."""

    allow_origins: Iterable[OriginPattern]
    allow_methods: Iterable[str]
    allow_headers: Iterable[str]
    expose_headers: Iterable[str]
    allow_credentials: bool
    max_age: int | None
    preflight_status: Literal[200, 204]
    dangerously_allow_null_origin: bool
    dangerously_allow_insecure_origins: bool
    dangerously_allow_public_suffix_origins: bool


class Policy:
    """What a server allows to pages of other origins.

    Parameters, all by keyword:

    - `allow_origins`: an iterable of str and `re.Pattern[str]`. `"https://example.com"` is that
      origin, `"https://*.example.com"` any subdomain of it, `"http://localhost:*"` any port,
      `"*"` every origin; a compiled regex is matched against the whole origin, and all of them
      together take at most 512 KiB compiled, which are some hundred.
    - `allow_methods`: an iterable of str, case-sensitive; GET, HEAD and POST always pass; `"*"`.
    - `allow_headers`: an iterable of str, request-header names in any case; `"*"` stands for all
      but Authorization, which must be listed too.
    - `expose_headers`: an iterable of str, response-header names that pages may read; `"*"`.
    - `allow_credentials`: a bool; cookies and HTTP authentication.
    - `max_age`: an int, the seconds for which browsers keep a preflight's answer, from 0 to
      86400; None leaves that to the browser, which takes 5.
    - `preflight_status`: 204, or 200 for clients that know no other.
    - `dangerously_allow_null_origin`: a bool; any page can have the origin `null`.
    - `dangerously_allow_insecure_origins`: a bool; `http://` origins together with credentials.
    - `dangerously_allow_public_suffix_origins`: a bool; a wildcard under a suffix where anybody
      can register, together with credentials.

    A policy cannot be changed; policies are equal by value, can be hashed and pickled.
    Raises `PolicyError` with every problem; warns with `PolicyWarning` of what is hardly meant.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    __slots__ = (*FIELDS[1:], "_rules", "_table")

    allow_origins: tuple[OriginPattern, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    allow_credentials: bool
    max_age: int | None
    preflight_status: int
    dangerously_allow_null_origin: bool
    dangerously_allow_insecure_origins: bool
    dangerously_allow_public_suffix_origins: bool
    _rules: Rules
    _table: Table
    #: Whether regexes in shapes that are nearly always mistakes pass, as those of other libraries.
    _leniently: ClassVar[bool] = False
    #: The next stage, which makes a policy's table of decisions; it sets itself here.
    _make_table: ClassVar[Callable[[Policy], Table]]

    def __init__(
        self,
        *,
        allow_origins: Iterable[OriginPattern],
        allow_methods: Iterable[str] = (),
        allow_headers: Iterable[str] = (),
        expose_headers: Iterable[str] = (),
        allow_credentials: bool = False,
        max_age: int | None = 600,
        preflight_status: int = 204,
        dangerously_allow_null_origin: bool = False,
        dangerously_allow_insecure_origins: bool = False,
        dangerously_allow_public_suffix_origins: bool = False,
    ) -> None:
        if hasattr(self, "_table"):
            raise AttributeError(
                "a Policy cannot be changed; write policy.replace(...)"
            )
        problems = Problems()

        def put(field: str, value: object) -> Any:
            object.__setattr__(self, field, value)
            return value

        # Whatever is no flag counts as True, so that all that goes with it is reported too.
        problems.read_flag("allow_credentials", allow_credentials)
        credentials = put("allow_credentials", allow_credentials is not False)
        for field, flag in (
            ("dangerously_allow_null_origin", dangerously_allow_null_origin),
            ("dangerously_allow_insecure_origins", dangerously_allow_insecure_origins),
            (
                "dangerously_allow_public_suffix_origins",
                dangerously_allow_public_suffix_origins,
            ),
        ):
            put(field, problems.read_flag(field, flag))
        origins = self._read_origins(problems, allow_origins)
        methods = put("allow_methods", read_methods(problems, allow_methods))
        headers = put("allow_headers", read_request_headers(problems, allow_headers))
        put(
            "expose_headers",
            read_response_headers(problems, expose_headers, credentials),
        )
        put("max_age", _read_max_age(problems, max_age))
        put("preflight_status", _read_preflight_status(problems, preflight_status))
        problems.raise_found()
        try:
            rules = Rules(
                origins.patterns,
                origins.regexes,
                null=self.dangerously_allow_null_origin,
                methods=methods,
                headers=headers,
                echoes=credentials and "*" in (*methods, *headers),
            )
        except PatternError as error:
            problems.add(
                "prohibited-origin-regex",
                "allow_origins",
                None,
                origins.values,
                error.args[1],
            )
            raise problems.error() from None
        put("_rules", rules)
        put("_table", self._make_table())
        for message in problems.warnings:
            warnings.warn(message, PolicyWarning, stacklevel=2)

    def _read_origins(self, problems: Problems, value: object) -> Origins:
        values = _list_origins(problems, value, self.dangerously_allow_null_origin)
        distinct = dict.fromkeys(v for v in values if isinstance(v, (str, re.Pattern)))
        object.__setattr__(self, "allow_origins", tuple(distinct))
        origins = Origins(
            problems, "allow_origins", values, "null", leniently=self._leniently
        )
        if self.allow_credentials:
            for index, origin, parsed in origins.dangerous():
                for code, message in self._dangers(origin, parsed):
                    problems.add(code, "allow_origins", index, origin, message)
        return origins

    def _dangers(
        self, origin: OriginPattern, parsed: Pattern | Regex
    ) -> Iterator[tuple[str, str]]:
        """What this origin must not have together with credentials, as codes and messages.

        https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
        """
        if origin == "*" or (isinstance(parsed, Regex) and parsed.matches_everything):
            yield (
                "prohibited-wildcard-with-credentials",
                "every site could act as the user; list the origins, or leave out allow_credentials",
            )
        is_insecure = (
            parsed.lets_http_through
            if isinstance(parsed, Regex)
            else parsed.is_insecure
        )
        if isinstance(parsed, Regex) and not parsed.begins_with_scheme:
            yield (
                "prohibited-open-regex-with-credentials",
                'begin the regex with a whole scheme, like "https://", so that it cannot match another',
            )
        if is_insecure and not self.dangerously_allow_insecure_origins:
            yield (
                "prohibited-insecure-origin-with-credentials",
                "anybody on the network can act as an http page; write https://, or set dangerously_allow_insecure_origins=True",
            )
        if (
            parsed.is_under_public_suffix
            and not self.dangerously_allow_public_suffix_origins
        ):
            yield (
                "prohibited-public-suffix-origin-with-credentials",
                "anybody can register a name that this matches; write your own name with a dot before it, or set dangerously_allow_public_suffix_origins=True",
            )

    def decide(
        self,
        method: str,
        headers: Iterable[tuple[str | bytes, str | bytes]] | Mapping[str, str],
    ) -> Decision:
        """Decide a request by its method and its header lines.

        `method`: a str, as it came. `headers`: an iterable of pairs (name, value), each str or
        bytes, names in any case, one pair for each line; or a mapping of str to str.

        Raises `TypeError` where these are of another type; no request makes it raise.
        Source: https://fetch.spec.whatwg.org/#http-requests
        """
        return self._table.decide(method, headers)

    def _decide_environ(self, environ: dict[str, Any]) -> Decision:
        """The same for a WSGI environ, for adapters."""
        return self._table.decide_environ(environ)

    def replace(self, **changes: Unpack[PolicyKeywords]) -> Policy:
        """A new policy, with some keywords changed.

        `changes`: keywords of `Policy`, of the same types.
        Raises `PolicyError` and warns with `PolicyWarning` as `Policy` does.
        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        return type(self)(**{**self._keywords(), **changes})

    def _keywords(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in FIELDS[1:]}

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(
            f"a Policy cannot be changed; write policy.replace({name}=...)"
        )

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Policy cannot be changed")

    def __eq__(self, other: object) -> bool:
        return (
            self._keywords() == other._keywords()
            if isinstance(other, Policy)
            else NotImplemented
        )

    def __hash__(self) -> int:
        return hash(tuple(self._keywords().values()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self._keywords())

    def __repr__(self) -> str:
        defaults = Policy.__init__.__kwdefaults__ or {}
        shown = [
            f"{field}={_spell(value)}"
            for field, value in self._keywords().items()
            if value != defaults.get(field)
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


def _spell(value: object) -> str:
    """A keyword's value as a call writes it; a compiled regex itself shows only its beginning."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_spell, value))}]"
    if isinstance(value, re.Pattern):
        flags = re.RegexFlag(value.flags & (re.ASCII | re.IGNORECASE))
        return f"re.compile({value.pattern!r}{f', {flags!r}' if flags else ''})"
    return repr(value)


def _restore(kind: type[Policy], keywords: dict[str, Any]) -> Policy:
    return kind(**keywords)


def _list_origins(problems: Problems, value: object, null: bool) -> list[Any]:
    """The listed origins; `null` says whether that one may be among them."""
    field = "allow_origins"
    before = len(problems.found)
    values = problems.read_list(field, value)
    if not values and len(problems.found) == before:
        message = (
            'write ["null"]'
            if null
            else 'list the origins, like ["https://example.com"]'
        )
        problems.add("prohibited-empty-origins", field, None, values, message)
    for index, origin in enumerate(values):
        if origin == "null" and not null:
            message = (
                "any page can have the origin null, from a sandboxed frame; "
                "leave it out, or set dangerously_allow_null_origin=True"
            )
            problems.add("prohibited-null-origin", field, index, origin, message)
    return values


def _read_max_age(problems: Problems, value: object) -> int | None:
    if value is None or (
        isinstance(value, int)
        and not isinstance(value, bool)
        and 0 <= value <= _MAX_MAX_AGE
    ):
        return None if value is None else int(value)
    message = (
        f"write seconds from 0 to {_MAX_MAX_AGE}; 0 means that browsers keep nothing, "
        "None leaves it to them (5 seconds)"
    )
    problems.add("invalid-max-age", "max_age", None, value, message)
    return None


def _read_preflight_status(problems: Problems, value: object) -> int:
    if isinstance(value, int) and value in (200, 204):
        return int(value)
    problems.add(
        "invalid-preflight-status",
        "preflight_status",
        None,
        value,
        "write 204, or 200 for old clients",
    )
    return 204


def read_policy(policy: Policy | None, keywords: PolicyKeywords) -> Policy:
    """The policy that an adapter was given, as such or by its keywords."""
    if policy is None:
        return Policy(**keywords)
    if not isinstance(policy, Policy) or keywords:
        raise TypeError(
            "give either a Policy or its keywords: CORSMiddleware(app, Policy(...))"
        )
    return policy
