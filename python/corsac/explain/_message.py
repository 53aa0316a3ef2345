"""A console's line, understood: which check failed, and of which fetch.

Here: `read_message`. The patterns are made from what the model says in each scene (`_scenes.py`),
with its words for the page, the URL and so on turned into groups. Not here: what to change.
Spec: none; the words are the browsers' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from corsac.browser import Browser, Verdict, predict
from corsac.browser._url import parse

from ._scenes import FAMILY, SCENES, Scene, Words
from ._subjects import PAGE, SERVER, WrongUse

_MARKS: Final = Words(
    origin="https://the-page.invalid",
    url="https://the-server.invalid/the-path",
    method="THEMETHOD",
    name="the-header-name",
    value="https://the-value.invalid",
    status=299,
    target="https://the-target.invalid/the-target",
    page_url="https://the-page.invalid/the-page",
)
#: Statuses that a message may name in the scenes.
_STATUSES: Final = (299, 599, 302)
#: The words that stand for others, those first that hold others, each with what it becomes.
_GROUPS: Final = (
    ("page_url", r"\S+?"),
    ("target", r"\S+?"),
    ("url", r"\S+?"),
    ("value", r".*?"),
    ("origin", r"\S+?"),
    ("method", r"\S+"),
    ("name", r"[^\s'\"]+"),
)
#: The longest line, in characters. Chosen by us because a URL in it is seldom longer than 2,000.
_LONGEST: Final = 16_384
_QUOTES: Final = str.maketrans("‘’“”", "''\"\"")
_STATUS: Final = re.compile(r"(?<![\w.])(?:299|599|302)(?![\w.])")
_AT: Final = r"(?:at (?P<url>\S+?)\. \(Reason: )?"
#: Words that a browser once used for the same, and what they are about.
_OLDER: Final = (
    (
        Browser.FIREFOX,
        "allow-headers",
        _AT
        + r"missing token '(?P<name>[^\s']+)' in CORS header 'Access-Control-Allow-Headers'",
    ),
    (
        Browser.FIREFOX,
        "preflight-status",
        _AT + r"CORS preflight channel did not succeed",
    ),
    (
        Browser.FIREFOX,
        "allow-origin-missing",
        _AT + r"CORS header 'Access-Control-Allow-Origin' missing\)",
    ),
    (
        Browser.CHROMIUM,
        "preflight-status",
        r"Response for preflight has invalid HTTP status code (?P<status>\d+)",
    ),
)


@dataclass(frozen=True)
class Meaning:
    """`browser`: who says it. `line`: the line that was understood. `scene`: what happens there.

    `words`: what the message names. `is_vague`: it is a consequence; the reason is another line.
    `unnamed`: what had to be made up, as words of `Words`.
    """

    browser: Browser
    line: str
    scene: Scene
    words: Words
    is_vague: bool
    unnamed: tuple[str, ...]


@dataclass(frozen=True)
class _Pattern:
    browser: Browser
    scene: Scene
    regex: re.Pattern[str]
    is_vague: bool


def read_message(text: str) -> Meaning:
    """What a console's line, or several of them, say. Raises `WrongUse`."""
    lines = [" ".join(line.split()) for line in text.translate(_QUOTES).splitlines()]
    # A terminal may have broken one line into several.
    lines = [
        line for line in [*lines, " ".join(lines)] if line and len(line) <= _LONGEST
    ]
    found = [match for line in dict.fromkeys(lines) for match in _match(line)]
    if not found:
        raise WrongUse(
            "that is no message about CORS that corsac knows: paste the whole line of the console, "
            'as it begins with "Access to", "Cross-Origin Request Blocked" or "Origin"; or say who '
            "answers: write package.module:name, a TOML file or a URL"
        )
    # Python's sort keeps the order of what is equal, and the first line is the reason.
    pattern, best = min(found, key=lambda one: one[0].is_vague)
    named: dict[str, str] = {}
    for other, match in found:
        if other.browser is pattern.browser:
            for name, value in match.groupdict().items():
                if value is not None:
                    named.setdefault(name, value)
    return _meaning(pattern, best.string, named)


def _match(line: str) -> list[tuple[_Pattern, re.Match[str]]]:
    """The pattern that says most about a line, if any says anything."""
    found = [
        (pattern, match)
        for browser in _browsers_of(line)
        for pattern in _patterns(browser)
        if (match := pattern.regex.search(line)) is not None
    ]
    best = max(
        found,
        key=lambda one: (not one[0].is_vague, len(one[1].group())),
        default=None,
    )
    return [] if best is None else [best]


def _meaning(pattern: _Pattern, line: str, named: dict[str, str]) -> Meaning:
    if "origin" not in named and "page_url" in named:
        page = parse(named["page_url"])
        named |= {} if page is None else {"origin": page.http_origin}
    made_up = tuple(
        name for name in ("origin", "url", "method", "name") if name not in named
    )
    words = Words(
        origin=named.get("origin", PAGE),
        url=named.get("url", SERVER),
        method=named.get("method", "PUT"),
        name=named.get("name", "X-Name"),
        value=named.get("value", ""),
        status=int(named.get("status", 0)),
        target=named.get("target", ""),
    )
    return Meaning(
        pattern.browser, line, pattern.scene, words, pattern.is_vague, made_up
    )


def _browsers_of(line: str) -> list[Browser]:
    """Who may have said it; the order of looking."""
    if "blocked by CORS policy" in line or "net::" in line:
        return [Browser.CHROMIUM]
    if "Cross-Origin Request" in line or "(Reason:" in line:
        return [Browser.FIREFOX]
    return [Browser.WEBKIT, Browser.CHROMIUM, Browser.FIREFOX]


@cache
def _patterns(browser: Browser) -> tuple[_Pattern, ...]:
    """What a browser says in the scenes: a reason in its first line, consequences in others."""
    found: dict[str, _Pattern] = {}
    for scene in SCENES:
        # Some scenes need a status of success, some another.
        for status in _STATUSES:
            fetch, answer = scene.make(replace(_MARKS, status=status))
            verdict = predict(fetch, answer, browser=browser)
            if verdict.failure not in (scene.code, None):
                continue
            for line, is_vague in _lines(verdict):
                regex = _regex(line)
                one = _Pattern(browser, scene, re.compile(regex), is_vague)
                # Firefox says after a failed preflight what it says where nothing answers; a
                # line of the others that is a consequence anywhere gives no reason.
                choose = min if browser is Browser.FIREFOX else max
                known = found.get(regex, one)
                found[regex] = choose(known, one, key=lambda each: each.is_vague)
    for older, code, regex in _OLDER:
        if older is browser:
            scene = next(scene for scene in SCENES if scene.code == code)
            found[regex] = _Pattern(browser, scene, re.compile(regex), False)
    return tuple(found.values())


def _lines(verdict: Verdict) -> Iterator[tuple[str, bool]]:
    """What a console says, and whether another line has the reason."""
    lines = [line for line in verdict.console if "responded with a status" not in line]
    for place, line in enumerate(lines):
        yield line, place > 0 or line.endswith("ERR_FAILED")
    if verdict.script_error is not None:
        yield verdict.script_error, True


def _regex(line: str) -> str:
    """A line of the model as a pattern."""
    line = " ".join(line.translate(_QUOTES).split())
    line = line.replace(" Have the server send the header with a valid value.", "")
    regex = re.escape(line)
    value = re.escape(_MARKS.value)
    for several in (f"{value},\\ {value}", f"{value}\\ {value}"):
        regex = regex.replace(several, value)
    for field, group in _GROUPS:
        mark = re.escape(str(getattr(_MARKS, field)))
        for one in (
            mark,
            mark.replace("https:", "http:", 1),
            mark.replace("https:", "wss:", 1),
            mark.replace("://", "//", 1),
            mark.replace("://", "://user:password@", 1),
        ):
            if f"(?P<{field}>" not in regex:
                regex = regex.replace(one, f"(?P<{field}>{group})", 1)
            regex = regex.replace(one, group)
    regex = _STATUS.sub(r"(?P<status>\\d+)", regex, count=1)
    # The kind of a request, and the word that WebKit has for it.
    regex = regex.replace(r"Access\ to\ fetch\ at", r"Access\ to\ [\w ]{1,40}\ at", 1)
    regex = regex.replace(r"Fetch\ API\ cannot", r"\w{1,20}(?:\ API)?\ cannot", 1)
    regex = regex.replace(re.escape(FAMILY), '[^"]*')
    # A URL may have dots in it, and the line's own is the last.
    regex = re.sub(r"\\\.$", r"\\.(?!\\S)", regex)
    # Firefox names the status only for some, and once did not.
    return re.sub(
        r"\\ Status\\ code:\\ .*$", r"(?:\\ Status\\ code:\\ (?P<status>\\d+))?", regex
    )
