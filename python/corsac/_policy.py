"""What the user allows: every option of a policy, and every problem at once.

Here: `Policy`. Not here: requests; its origins (`_allowed_origins.py`); methods and header names
(`_names.py`); its other values (`_options.py`); codes, lists and flags (`_problems.py`); answers
(`_headers.py`); several policies (`_sources.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NoReturn, TypedDict

from ._allowed_origins import read_allowed_origins
from ._core import PatternError, Rules
from ._names import read_methods, read_request_headers, read_response_headers
from ._options import (
    read_max_age,
    read_name,
    read_own_origins,
    read_preflight_status,
    read_resource_policy,
)
from ._origins import OriginPattern, spell
from ._problems import FIELDS, Problems, warn

if TYPE_CHECKING:  # the types of what comes after, since `decide` leads there
    from typing_extensions import Self, Unpack

    from ._core import Answers
    from ._decision import Decision, Table
    from ._requests import Request

_FIELDS: Final = FIELDS[1:]
_FLAGS: Final = (
    "dangerously_allow_null_origin",
    "dangerously_allow_insecure_origins",
    "dangerously_allow_public_suffix_origins",
    "enforce",
    "debug",
    "timing_allow_origin",
)
_READERS: Final[dict[str, Callable[[Problems, object], object]]] = {
    "max_age": read_max_age,
    "preflight_status": read_preflight_status,
    "name": read_name,
    "own_origins": read_own_origins,
    "cross_origin_resource_policy": read_resource_policy,
}


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
    name: str | None
    enforce: bool
    own_origins: Iterable[str]
    debug: bool
    shadow: Policy | None
    timing_allow_origin: bool
    cross_origin_resource_policy: Literal["same-origin", "same-site"] | None


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
    - `name`: a str of 1 to 100 letters, digits, `.`, `_` and `-`; requests are counted under it,
      and `corsac.sight` can tell of those that were refused. None: nobody watches.
    - `enforce`: a bool; whether requests of refused origins are answered with 403 before the
      application runs. Those without an origin pass, and those of the server's own.
    - `own_origins`: an iterable of str, exact origins that are the server's own where it does not
      see them itself, behind a proxy; only `enforce` asks for them.
    - `debug`: a bool; whether the answer to a refused preflight carries what passed, so that the
      browser names the check that failed. Whoever asks learns it too.
    - `shadow`: a `Policy` that is decided beside this one and only counted; it needs a `name`.
    - `timing_allow_origin`: a bool; whether allowed origins may read the timing of a response.
    - `cross_origin_resource_policy`: `"same-origin"` or `"same-site"`, who may embed a response
      that is no answer to an allowed origin, which gets `cross-origin`; None: no such header.

    A policy cannot be changed; policies are equal by value, can be hashed and pickled.
    Raises `PolicyError` with every problem; warns with `PolicyWarning` of what is hardly meant.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    __slots__ = (*_FIELDS, "_answers", "_is_shared", "_rules", "_table", "_template")

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
    name: str | None
    enforce: bool
    own_origins: tuple[str, ...]
    debug: bool
    shadow: Policy | None
    timing_allow_origin: bool
    cross_origin_resource_policy: str | None
    _rules: Rules
    _table: Table
    #: What adapters made of it, by how their answers begin; None until one did.
    _answers: dict[Any, Answers] | None
    #: A policy that differs in its origins alone, whose table this one shares.
    _template: Policy | None
    #: Whether another policy may answer the next request at the same place, by its origin.
    _is_shared: bool
    #: Whether regexes in shapes that are nearly always mistakes pass, as those of other libraries.
    _leniently: ClassVar[bool] = False
    #: The next stage, which makes a policy's table of decisions; it sets itself here.
    _make_table: ClassVar[Callable[[Policy], Table]]
    #: What reads and writes policies outside of Python; it sets itself here.
    _read_toml: ClassVar[Callable[[str | PathLike[str], str | None], Policy]]
    _read_environment: ClassVar[
        Callable[[str, Mapping[str, str] | None, str | None], Policy]
    ]
    _write_toml: ClassVar[Callable[[Policy], str]]

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
        name: str | None = None,
        enforce: bool = False,
        own_origins: Iterable[str] = (),
        debug: bool = False,
        shadow: Policy | None = None,
        timing_allow_origin: bool = False,
        cross_origin_resource_policy: Literal["same-origin", "same-site"] | None = None,
    ) -> None:
        if hasattr(self, "_table"):
            raise AttributeError(
                "a Policy cannot be changed; write policy.replace(...)"
            )
        given = locals()
        self._build(None, {field: given[field] for field in _FIELDS}, stacklevel=3)

    def _build(
        self, template: Policy | None, given: Mapping[str, Any], stacklevel: int
    ) -> None:
        """`template`: a policy that differs in its origins alone, if in anything."""
        problems = Problems()

        def put(field: str, value: object) -> Any:
            object.__setattr__(self, field, value)
            return value

        # Whatever is no flag counts as True, so that all that goes with it is reported too.
        problems.read_flag("allow_credentials", given["allow_credentials"])
        credentials = put("allow_credentials", given["allow_credentials"] is not False)
        for field in _FLAGS:
            put(field, problems.read_flag(field, given[field]))
        values, origins = read_allowed_origins(
            problems, given["allow_origins"], self, self._leniently
        )
        put("allow_origins", values)
        methods = put("allow_methods", read_methods(problems, given["allow_methods"]))
        headers = put(
            "allow_headers", read_request_headers(problems, given["allow_headers"])
        )
        put(
            "expose_headers",
            read_response_headers(problems, given["expose_headers"], credentials),
        )
        for field, read in _READERS.items():
            put(field, read(problems, given[field]))
        put("shadow", _read_shadow(problems, given["shadow"], self.name))
        problems.raise_found()
        try:
            rules = Rules(
                origins.patterns,
                origins.regexes,
                null=self.dangerously_allow_null_origin,
                methods=methods,
                headers=headers,
                echoes=self.debug or (credentials and "*" in (*methods, *headers)),
                passing=self.debug,
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
        put("_answers", None)
        put("_is_shared", False)
        put("_template", template)
        put("_table", self._make_table())
        if self.debug:
            problems.warnings.append(
                "debug=True tells whoever asks what the policy allows; leave it out in production"
            )
        # What a template has warned of already is said once.
        for message in problems.warnings if template is None else ():
            warn(message, stacklevel)

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

    def _decide_request(self, request: Request) -> Decision:
        """The same for a `Request`, for adapters."""
        return self._table.decide_request(request)

    def _decide_environ(self, environ: dict[str, Any]) -> Decision:
        """The same for a WSGI environ, for adapters."""
        return self._table.decide_environ(environ)

    def replace(self, **changes: Unpack[PolicyKeywords]) -> Policy:
        """A new policy, with some keywords changed.

        `changes`: keywords of `Policy`, of the same types.
        Raises `PolicyError` and warns with `PolicyWarning` as `Policy` does.
        Source: https://fetch.spec.whatwg.org/#http-cors-protocol
        """
        if unknown := changes.keys() - set(_FIELDS):
            raise TypeError(f"a Policy has no keyword {min(unknown)!r}")
        policy = object.__new__(type(self))
        template = None
        if changes.keys() == {"allow_origins"} and not self._is_shared:
            template = self._template or self
        policy._build(template, {**self._keywords(), **changes}, stacklevel=3)
        return policy

    @classmethod
    def from_toml(cls, path: str | PathLike[str], name: str | None = None) -> Policy:
        """The policy of a TOML file.

        `path`: of the file; in `pyproject.toml` the table `[tool.corsac]` is read. `name`: which
        of the tables `[policies.NAME]`; None where the file holds one policy.

        Raises `ConfigurationError`, a `PolicyError` whose problems have line and column, also for
        a file that cannot be read.
        Source: https://toml.io/en/v1.0.0
        """
        return cls._read_toml(path, name)

    @classmethod
    def from_env(
        cls,
        prefix: str = "CORSAC_",
        environ: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> Policy:
        """The policy of environment variables like `CORSAC_ALLOW_ORIGINS`.

        `prefix`: a str with which their names begin. `environ`: a mapping in place of
        `os.environ`. `name`: which of several, `CORSAC_NAME__ALLOW_ORIGINS`.

        Raises `ConfigurationError`, a `PolicyError` whose problems name their variables.
        Source: https://12factor.net/config
        """
        return cls._read_environment(prefix, environ, name)

    def to_toml(self) -> str:
        """The policy as the text of a TOML file, which `from_toml` reads back as its equal.

        Source: https://toml.io/en/v1.0.0
        """
        return Policy._write_toml(self)

    @property
    def _is_watched(self) -> bool:
        """Whether anybody looks at its requests."""
        return self.name is not None or self.enforce

    def _copy(self) -> Self:
        """The same policy as another object, of which nobody made anything yet."""
        policy = object.__new__(type(self))
        for field in Policy.__slots__:
            if hasattr(self, field):  # it may be half made
                object.__setattr__(policy, field, getattr(self, field))
        object.__setattr__(policy, "_answers", None)
        return policy

    def _shared(self) -> Self:
        """The same policy where others may answer by the origin: with no answer for all alike."""
        policy = self._copy()
        object.__setattr__(policy, "_is_shared", True)
        object.__setattr__(policy, "_template", None)
        object.__setattr__(policy, "_table", policy._make_table())
        return policy

    def _keywords(self) -> dict[str, Any]:
        return {field: getattr(self, field) for field in _FIELDS}

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
            f"{field}={spell(value)}"
            for field, value in self._keywords().items()
            if value != defaults.get(field)
        ]
        return f"{type(self).__name__}({', '.join(shown)})"


def _restore(kind: type[Policy], keywords: dict[str, Any]) -> Policy:
    return kind(**keywords)


def _read_shadow(problems: Problems, value: object, name: str | None) -> Policy | None:
    def refuse(message: str) -> None:
        problems.add("invalid-shadow", "shadow", None, value, message)

    if value is None:
        return None
    if not isinstance(value, Policy):
        refuse("write a Policy")
        return None
    if value.shadow is not None:
        refuse("leave out the shadow's own shadow")
    if name is None:
        refuse('add name="..."; what the shadow would change is counted under it')
    return value
