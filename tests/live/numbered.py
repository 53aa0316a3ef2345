"""Policies that name their number in every line that they write, and answers judged by it.

Here: the policies, requests, and what an answer may be. An answer that mixes two policies shows,
and so does one under a policy that was not current while it was made.
Not here: who replaces and who asks (`replacements.py`).
Spec: https://fetch.spec.whatwg.org/#http-responses
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from corsac import Policy

ALWAYS = "https://always.example"


class Clock(Protocol):
    """What is known of the time: the last policy that is certainly in its place, and the last that
    may be."""

    finished: int
    started: int
    mistakes: list[str]


def origin_of(number: int) -> str:
    return f"https://n{number}.example"


def base_of(number: int) -> int:
    """Three in four policies are the one before them with other origins."""
    return number - number % 4


def make_policy(number: int, before: Policy | None) -> Policy:
    origins = [ALWAYS, origin_of(number)]
    if before is not None and number % 4:
        return before.replace(allow_origins=origins)
    return Policy(
        allow_origins=origins,
        allow_methods=[f"M{number}"],
        allow_headers=[f"X-H{number}"],
        expose_headers=[f"X-E{number}"],
        allow_credentials=number % 8 == 0,
        max_age=number % 86_401,
        preflight_status=expect_status(number),
        name="stress" if number % 16 == 0 else None,
    )


def expect_status(base: int) -> int:
    return 200 if base % 12 == 0 else 204


def expect_lines(base: int, origin: str, is_preflight: bool) -> dict[str, str]:
    """The lines that the policies of one base write for an allowed origin, but for `Vary`."""
    lines = {"access-control-allow-origin": origin}
    if base % 8 == 0:
        lines["access-control-allow-credentials"] = "true"
    if is_preflight:
        lines["access-control-allow-methods"] = f"M{base}"
        lines["access-control-allow-headers"] = f"X-H{base}"
        lines["access-control-max-age"] = str(base % 86_401)
    else:
        lines["access-control-expose-headers"] = f"X-E{base}"
    return lines


class Asked:
    """A request: of an origin that every policy allows, or of the newest policy's own."""

    def __init__(self, run: Clock, turn: int) -> None:
        self.run = run
        self.low = run.finished
        self.is_preflight = turn % 2 == 0
        self.has_own = turn % 4 < 2
        self.origin = origin_of(self.low) if self.has_own else ALWAYS
        self.method = "OPTIONS" if self.is_preflight else "GET"
        self.lines = [("origin", self.origin)]
        if self.is_preflight:
            self.lines.append(("access-control-request-method", "GET"))

    def judge(self, status: int, lines: list[tuple[str, str]]) -> None:
        """Compare the answer with those that it may be; `lines` are all that it has."""
        high = self.run.started
        for mistake in self._mistakes(status, lines, high):
            self.run.mistakes.append(f"{mistake} between {self.low} and {high}")

    def _mistakes(
        self, status: int, lines: list[tuple[str, str]], high: int
    ) -> Iterator[str]:
        found = {name.lower(): value for name, value in lines}
        if "Origin" not in found.pop("vary", ""):
            yield f"no Vary: Origin in {lines}"
        found = {name: found[name] for name in found if name.startswith("access-")}
        if not found:
            if status != (403 if self.is_preflight else 200):
                yield f"a refusal with status {status}"
            if not self.has_own or high == self.low:
                yield f"{self.origin} was refused"
            return
        name = "allow-methods" if self.is_preflight else "expose-headers"
        digits = found.get(f"access-control-{name}", "").lstrip("MX-E")
        base = int(digits) if digits.isdigit() else -1
        if found != expect_lines(base, self.origin, self.is_preflight):
            yield f"a mixture: {lines}"
        if status != (expect_status(base) if self.is_preflight else 200):
            yield f"status {status} under policy {base}"
        if not base_of(self.low) <= base <= high:
            yield f"policy {base} answered, which was not current"
        if self.has_own and base != base_of(self.low):
            yield f"policy {base} allowed {self.origin}"
