"""An old library's configuration, as a policy.

Here: `translate`, which asks `Policy`, and mends what that reports.
Not here: regexes (`_regexes.py`), the collector of differences (`_differences.py`), any library's
names and defaults, CORS rules.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final, NamedTuple

from .._listed import SAFELISTED_METHODS
from .._policy import Policy
from .._problems import PolicyError, PolicyWarning, Problem
from ._differences import Differences
from ._regexes import Meant, begin_with_scheme

#: An origin that no page has, for a policy that allows none.
#: https://www.rfc-editor.org/rfc/rfc6761#section-6.4
_NOBODY: Final = "https://nobody.invalid"
#: The longest that browsers keep a preflight's answer; `Policy` takes no more.
_MAX_MAX_AGE: Final = 86400
#: Takes the place of what is left out, until all is read.
_GONE: Final = object()

_ORIGIN_REGEX: Final = "prohibited-origin-regex"
_OPEN_REGEX: Final = "prohibited-open-regex-with-credentials"
_WILDCARD: Final = "prohibited-wildcard-with-credentials"
_NULL: Final = "prohibited-null-origin"
#: What browsers never send or read, or anybody could use.
_LEFT_OUT: Final = frozenset(
    {
        "invalid-origin-pattern",
        "prohibited-origin-pattern",
        "invalid-method",
        "forbidden-method",
        "invalid-request-header",
        "forbidden-request-header",
        "prohibited-request-header",
        "invalid-response-header",
        "forbidden-response-header",
        "prohibited-response-header",
        _WILDCARD,
    }
)
#: What is kept by a flag of the policy.
_KEPT: Final = {
    _NULL: "dangerously_allow_null_origin",
    "prohibited-insecure-origin-with-credentials": "dangerously_allow_insecure_origins",
    "prohibited-public-suffix-origin-with-credentials": "dangerously_allow_public_suffix_origins",
}


class Settings(NamedTuple):
    """An old library's names for `Policy`'s keywords, and for its regexes among the origins."""

    allow_origins: str
    origin_regexes: str
    allow_methods: str = "allow_methods"
    allow_headers: str = "allow_headers"
    expose_headers: str = "expose_headers"
    allow_credentials: str = "allow_credentials"
    max_age: str = "max_age"


class _LenientPolicy(Policy):
    """A policy that takes regexes in shapes that are nearly always mistakes."""

    __slots__ = ()
    _leniently = True


def translate(
    differences: Differences,
    settings: Settings,
    *,
    allow_origins: Iterable[Any],
    allow_methods: Iterable[Any],
    allow_headers: Iterable[Any],
    expose_headers: Iterable[Any],
    allow_credentials: object,
    max_age: object,
) -> Policy:
    """The policy that means what these options mean, as far as that is safe.

    Origins are patterns as `Policy` reads them, and compiled regexes; an empty list allows nobody.
    Names and methods are lists of str; what is no such thing is left out. `max_age` is an int, a
    str of digits, a timedelta or None. What becomes different goes to `differences`, under the
    names in `settings`. Raises `PolicyError` for what cannot be mended.
    """
    methods = list(allow_methods)
    _tell_of_safelisted_methods(differences, settings.allow_methods, methods)
    keywords = {
        "allow_origins": list(allow_origins) or [_NOBODY],
        "allow_methods": methods,
        "allow_headers": list(allow_headers),
        "expose_headers": list(expose_headers),
        "allow_credentials": bool(allow_credentials),
        "max_age": _seconds(max_age),
        "preflight_status": 200,
    }
    mending = _Mending(differences, settings, keywords)
    while True:
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always", PolicyWarning)
                policy = mending.kind(**mending.keywords)
        except PolicyError as error:
            mending.mend(error.problems)
        else:
            for warning in caught:
                place = f"{settings.allow_methods}["
                sentence = str(warning.message).replace("allow_methods[", place)
                differences.add_sentence(sentence)
            return policy


def _tell_of_safelisted_methods(
    differences: Differences, setting: str, methods: list[Any]
) -> None:
    """Browsers ask for these with or without leave, so that no policy refuses them.

    https://fetch.spec.whatwg.org/#cors-safelisted-method
    """
    listed = {str(method).upper() for method in methods}
    # Whoever lists GET means HEAD too.
    missing = SAFELISTED_METHODS - listed - ({"HEAD"} if "GET" in listed else set())
    if missing:
        names = ", ".join(sorted(missing))
        message = (
            f"preflights for {names} pass too, since Fetch has these methods need no leave; "
            "list them, and refuse in the application what it does not serve"
        )
        differences.add(setting, methods, message)


def _seconds(value: object) -> object:
    """A duration as `Policy` takes it, where it is one."""
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


class _Mending:
    """The keywords of a policy, until it takes them."""

    def __init__(
        self,
        differences: Differences,
        settings: Settings,
        keywords: dict[str, Any],
    ) -> None:
        self.kind: type[Policy] = Policy
        self.keywords = keywords
        self._differences = differences
        self._settings = settings
        #: Regexes that were made to begin with a scheme.
        self._closed: set[object] = set()

    def mend(self, problems: Iterable[Problem]) -> None:
        """Mends all problems; raises `PolicyError` with those for which there is no way."""
        problems = self._answer_without_credentials(list(problems))
        problems = self._read_leniently(problems)
        hopeless = tuple(p for p in problems if not self._mend_one(p))
        if hopeless:
            raise PolicyError(hopeless)
        for field, values in self.keywords.items():
            if isinstance(values, list):
                self.keywords[field] = [v for v in values if v is not _GONE]

    def _answer_without_credentials(self, problems: list[Problem]) -> list[Problem]:
        """Where every site could act as the user, none can."""
        wildcards = [
            p for p in problems if (p.code, p.field) == (_WILDCARD, "allow_origins")
        ]
        if not wildcards:
            return problems
        for problem in wildcards:
            self._tell(problem, "answered without credentials")
        self.keywords["allow_credentials"] = False
        return [p for p in problems if not p.code.endswith("-with-credentials")]

    def _read_leniently(self, problems: list[Problem]) -> list[Problem]:
        shapes = [
            p for p in problems if p.code == _ORIGIN_REGEX and p.index is not None
        ]
        if not shapes or self.kind is _LenientPolicy:
            return problems
        for problem in shapes:
            self._tell(problem, "kept")
        self.kind = _LenientPolicy
        return [p for p in problems if p not in shapes]

    def _mend_one(self, problem: Problem) -> bool:
        """Whether there is a way."""
        code = problem.code
        if code == "prohibited-empty-origins":
            self.keywords["allow_origins"] = [_NOBODY]
        elif code == "invalid-max-age":
            self._mend_max_age(problem)
        elif code == _OPEN_REGEX:
            self._close(problem)
        elif code in _LEFT_OUT or (
            code == _NULL and self.keywords["allow_credentials"]
        ):
            self._leave_out(problem)
        elif code in _KEPT:
            self._tell(problem, "kept")
            self.keywords[_KEPT[code]] = True
        else:
            return False
        return True

    def _leave_out(self, problem: Problem) -> None:
        self._tell(problem, "left out")
        self.keywords[problem.field][problem.index] = _GONE

    def _close(self, problem: Problem) -> None:
        """Lets a regex match `https://` and `http://` alone, where that can be told."""
        regex = problem.value
        assert isinstance(regex, re.Pattern)
        closed = None if regex in self._closed else begin_with_scheme(regex)
        if closed is None:
            self._leave_out(problem)
        else:
            self._tell(problem, f"read as {closed.pattern!r}")
            self._closed.add(closed)
            self.keywords[problem.field][problem.index] = closed

    def _mend_max_age(self, problem: Problem) -> None:
        value = problem.value
        mended = None
        if isinstance(value, int) and not isinstance(value, bool):
            mended = min(max(value, 0), _MAX_MAX_AGE)
        self._tell(problem, f"read as {mended}")
        self.keywords["max_age"] = mended

    def _tell(self, problem: Problem, what: str) -> None:
        settings, value = self._settings, self.keywords[problem.field]
        if problem.index is not None:
            value = value[problem.index]
        value = value.regex if isinstance(value, Meant) else value
        setting = getattr(settings, problem.field)
        if isinstance(value, re.Pattern):
            setting = settings.origin_regexes
        message = f"{what}: {problem.message}"
        message = message.replace("allow_credentials", settings.allow_credentials)
        # The flags are the policy's own; the old library's options have no such names.
        message = message.replace(
            "set dangerously", "use corsac.Policy with dangerously"
        )
        self._differences.add(setting, value, message)
