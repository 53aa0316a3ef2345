"""Lints a subject: each policy in it, alone and as the application answers.

Here: `lint`, and which finding each observation is. Not here: the rules for policies
(`_policy_rules.py`), the fetches and their outcomes (`_samples.py`, `_compare.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .._severity import Severity
from ..subject import FoundPolicy, Subject
from ..subject.policy_text import writable
from ._compare import Row, compare
from ._finding import (
    Finding,
    LintedPolicy,
    Report,
)
from ._policy_rules import judge
from ._rules import RULES
from ._samples import fetches_for
from ._servers import servers, url_for

#: How a sentence of a translation begins, after the option and its value, and what it is.
_TRANSLATIONS = (
    ("answered without credentials: ", "answered-without-credentials"),
    ("kept: ", "dangerous-option"),
    ("left out: ", "idle-option"),
)


def lint(subject: Subject) -> Report:
    """Everything that is to be said of a subject.

    `subject`: a `Subject`. An application that speaks WSGI or ASGI, and has the policy of another
    library, is asked some dozens of GET and OPTIONS requests, in this process and without its
    lifespan, for a path that it does not serve where that shows the policy.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    notes = list(subject.notes)
    linted = []
    outer: list[FoundPolicy] = []
    for found in subject.policies:
        # The policies of a file are for places that the file does not name.
        is_live = subject.application is not None
        inside = next((one for one in outer if is_live and _encloses(one, found)), None)
        outer.append(found)
        linted.append(_lint_policy(subject, found, inside, notes))
    if not subject.policies:
        notes.append(f"no policy was found in {subject.name}")
    return Report(subject, tuple(linted), tuple(dict.fromkeys(notes)))


def _encloses(outer: FoundPolicy, inner: FoundPolicy) -> bool:
    """Whether the outer one speaks for each path of the inner one, too."""
    if outer.path is not None or inner.path is not None:
        # Of two resources, or of a view and its application, one is chosen.
        return False
    return f"{inner.prefix}/".startswith(f"{outer.prefix}/")


def _lint_policy(
    subject: Subject, found: FoundPolicy, inside: FoundPolicy | None, notes: list[str]
) -> LintedPolicy:
    findings = list(_findings_of(found, inside))
    policy = found.policy
    if policy is None:
        return LintedPolicy(found, _sorted(findings))
    findings += [
        _finding_in(found, rule, field, index, text)
        for rule, field, index, text in judge(policy)
        if (rule, found.library) not in _TOLD
    ]
    equivalent, changes = writable(policy)
    one = LintedPolicy(found, (), equivalent, changes)
    if inside is None and _is_foreign(found):
        one = _tried(subject, one, notes)
        findings += _findings_in(found, one.rows or ())
    return replace(one, findings=_sorted(findings))


#: What another library's options mean by themselves, and no person has written.
_TOLD = frozenset(
    {
        (rule, library)
        for rule in ("redundant-name", "dangerous-flag", "idle-flag")
        for library in (
            "starlette",
            "flask-cors",
            "django-cors-headers",
            "quart-cors",
            "aiohttp-cors",
            "litestar",
        )
    }
)


def _is_foreign(found: FoundPolicy) -> bool:
    return not found.library.startswith("corsac")


def _finding(rule: str, text: str, found: FoundPolicy) -> Finding:
    return Finding(rule, RULES[rule].severity, text, found.sentence, found.place)


def _finding_in(
    found: FoundPolicy, rule: str, field: str, index: int | None, text: str
) -> Finding:
    """The same about one keyword."""
    name = field if index is None else f"{field}[{index}]"
    place = found.place_of(field, index)
    one = _finding(rule, f"{name}: {text}", found)
    return replace(one, place=place)


def _findings_of(found: FoundPolicy, inside: FoundPolicy | None) -> Iterator[Finding]:
    """What was said while the policy was found and made."""
    for problem in found.problems:
        yield Finding(
            problem.code,
            RULES[problem.code].severity,
            problem.text,
            found.sentence,
            problem.place or found.place,
        )
    for text in found.warnings:
        yield _finding("hardly-meant", text, found)
    for text in found.differences:
        yield _finding(_rule_of(text), text, found)
    if found.outside:
        text = (
            f"{', '.join(found.outside)} can answer without its headers, and a browser then "
            "blocks that answer; put the CORS middleware first"
        )
        yield _finding("middleware-outside", text, found)
    if inside is not None:
        text = (
            f"{inside.sentence} speaks for the same paths and answers their preflights, so that "
            "this one is never asked; keep one of them"
        )
        yield _finding("two-policies", text, found)


def _rule_of(difference: str) -> str:
    for begin, rule in _TRANSLATIONS:
        if f": {begin}" in difference:
            # All libraries have the word in the names of these options.
            about_origins = "origin" in difference.partition(" = ")[0].lower()
            is_idle = rule == "idle-option"
            return "idle-origin" if is_idle and about_origins else rule
    return "translated-option"


def _tried(subject: Subject, one: LintedPolicy, notes: list[str]) -> LintedPolicy:
    """The requests that are answered differently, where the application can be asked."""
    application = subject.application
    # Where the translation cannot be written down, it can be tried all the same.
    policy = one.equivalent or one.found.policy
    if application is None or policy is None:
        return one
    url = url_for(one.found, application)
    if url is None:
        notes.append(
            f"no path is known for {one.found.sentence}, so that no request was tried"
        )
        return one
    try:
        with servers(application) as (before, under):
            samples = fetches_for(one.found.policy or policy, url)
            rows, tried = compare(samples, before, under(policy))
    except TypeError:
        kind = type(application)
        name = f"{kind.__module__.partition('.')[0]}'s {kind.__name__}"
        notes.append(f"no request was tried: {name} speaks neither WSGI nor ASGI")
        return one
    return replace(one, rows=rows, tried=tried)


def _findings_in(found: FoundPolicy, rows: tuple[Row, ...]) -> Iterator[Finding]:
    """What the application lets in that the policy does not: the worst of it."""
    for row in rows:
        if row.rank == 0:
            rule, what = "open-with-credentials", "read answers for the user"
        elif row.rank == 2 and row.reason == "lookalike":
            rule, what = "open-to-lookalike", "read answers"
        else:
            continue
        text = (
            f"pages of {row.fetch.page_origin} can {what}; write the equivalent policy"
        )
        yield _finding(rule, text, found)
        return


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    """Those of a file as they stand there, after all that is worse."""

    def order(finding: Finding) -> tuple[int, int, int]:
        place = finding.place
        severity: Severity = finding.severity
        return (
            -severity.weight,
            place.line if place else 0,
            place.column if place else 0,
        )

    return tuple(sorted(findings, key=order))
