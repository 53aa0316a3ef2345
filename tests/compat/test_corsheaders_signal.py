"""Asks Django where receivers of a signal decide, with django-cors-headers and with the drop-in.

Here: what they allow, and what nobody can. Not here: the settings (`test_corsheaders.py`).
Spec: https://pypi.org/project/django-cors-headers/4.9.0/
"""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import corsheaders.signals
import pytest
from corsac.compat.corsheaders import signals
from corsac.compat.corsheaders.policies import configuration
from corsheaders_rows import APP, listed
from corsheaders_site import ALLOW, NEW, OLD, URLS, read, site
from django.test import AsyncClient
from django.test.utils import override_settings
from reading import BLOCKED, Page, Reading

Receiver = Callable[..., object]


@contextmanager
def receiving(*receivers: Receiver) -> Iterator[None]:
    both = (corsheaders.signals, signals)
    for module in both:
        for receiver in receivers:
            module.check_request_enabled.connect(receiver)
    try:
        yield
    finally:
        for module in both:
            for receiver in receivers:
                module.check_request_enabled.disconnect(receiver)


def yes(sender: Any, request: Any, **about: Any) -> bool:
    return True


def no(sender: Any, request: Any, **about: Any) -> None:
    return None


def by_path(sender: Any, request: Any, **about: Any) -> bool:
    return bool(request.path.startswith("/api/"))


def by_origin(sender: Any, request: Any, **about: Any) -> bool:
    return bool(request.headers.get("origin") == "https://b.example")


B = Page(origin="https://b.example")
WITH = listed(CORS_ALLOW_CREDENTIALS=True)
API = listed(CORS_URLS_REGEX="^/web/")


@pytest.mark.parametrize(
    ("receivers", "settings", "page", "reads"),
    [
        pytest.param((), listed(), B, BLOCKED, id="nobody decides"),
        pytest.param((no,), listed(), B, BLOCKED, id="nobody allows"),
        pytest.param((no, yes), listed(), B, frozenset(), id="one allows"),
        pytest.param((yes,), {}, B, frozenset(), id="nothing is set"),
        pytest.param((by_path,), listed(), B, frozenset(), id="a path"),
        pytest.param(
            (by_path,), listed(), B._replace(path="/web/"), BLOCKED, id="another path"
        ),
        pytest.param((by_origin,), listed(), B, frozenset(), id="an origin"),
        pytest.param(
            (by_origin,), listed(), Page("https://c.example"), BLOCKED, id="another"
        ),
        pytest.param((no,), listed(), Page(), frozenset(), id="it is listed anyway"),
        pytest.param((no,), API, Page(), BLOCKED, id="a path that is not covered"),
        pytest.param((yes,), API, Page(), frozenset(), id="for all paths"),
        pytest.param((yes,), API, B, frozenset(), id="for all paths and origins"),
        pytest.param(
            (yes,), listed(), B._replace(method="PUT"), frozenset(), id="a preflight"
        ),
        pytest.param(
            (yes,), listed(), B._replace(method="POKE"), BLOCKED, id="another method"
        ),
        pytest.param(
            (yes,), WITH, B._replace(credentials=True), frozenset(), id="credentials"
        ),
        pytest.param(
            (yes,), listed(), B._replace(credentials=True), BLOCKED, id="without them"
        ),
        pytest.param(
            (yes,),
            WITH,
            Page("http://b.example", credentials=True),
            frozenset(),
            id="http with credentials",
        ),
        pytest.param((yes,), listed(), Page("null"), frozenset(), id="null"),
        pytest.param(
            (yes,),
            listed(CORS_EXPOSE_HEADERS=["X-Total"]),
            B,
            frozenset({"x-total"}),
            id="the other settings hold",
        ),
    ],
)
def test_a_receiver_decides_for_its_request(
    receivers: Any, settings: Any, page: Page, reads: Reading
) -> None:
    """As with the old library."""
    with receiving(*receivers):
        assert (reads, reads) == (read(NEW, settings, page), read(OLD, settings, page))


@pytest.mark.parametrize(
    ("settings", "headers", "calls"),
    [
        pytest.param(listed(), {"Origin": B.origin}, 1, id="a refused origin"),
        pytest.param(listed(), {"Origin": APP}, 0, id="a listed origin"),
        pytest.param(listed(), {}, 0, id="no origin"),
        pytest.param(API, {"Origin": B.origin}, 1, id="a path that is not covered"),
        pytest.param(API, {}, 1, id="no origin either"),
    ],
)
def test_a_receiver_is_asked_once_and_only_where_it_can_matter(
    settings: Any, headers: dict[str, str], calls: int
) -> None:
    """It may ask a database."""
    asked: list[Any] = []

    def count(sender: Any, request: Any, **about: Any) -> bool:
        asked.append(request)
        return True

    with receiving(count), site(NEW, settings) as ask:
        ask("GET", "/", headers)

    assert calls == len(asked)


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example", "https://b.example/", "https://B.example", "b", ""],
)
def test_a_receiver_allows_nothing_but_an_origin(origin: str) -> None:
    """What does not parse is refused, whoever allows it, and never read as a pattern."""
    with receiving(yes), site(NEW, listed()) as ask:
        _, headers = ask("GET", "/", {"Origin": origin})

    assert ALLOW not in headers


def test_a_receiver_does_not_give_null_any_credentials() -> None:
    """Any page can have that origin."""
    with receiving(yes), site(NEW, WITH) as ask:
        _, headers = ask("GET", "/", {"Origin": "null"})

    assert ALLOW not in headers


def test_a_receiver_gives_no_credentials_where_all_origins_have_none() -> None:
    """Every site is allowed already, and none could act as the user."""
    settings = {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True}
    with receiving(yes), site(NEW, settings) as ask:
        _, headers = ask("GET", "/", {"Origin": "https://b.example"})

    assert "*" == headers[ALLOW]
    assert "access-control-allow-credentials" not in headers


def test_no_request_warns_of_the_settings() -> None:
    """The start has done so."""
    with receiving(yes), site(NEW, listed(CORS_ALLOW_METHODS=["patch"])) as ask:
        warnings.simplefilter("error")
        _, headers = ask("GET", "/", {"Origin": B.origin})

    assert B.origin == headers[ALLOW]


def test_the_policies_that_receivers_need_are_bounded() -> None:
    """Whoever asks with ever new origins takes no memory."""
    with receiving(yes), site(NEW, listed()) as ask:
        for number in range(600):
            origin = f"https://b{number}.example"
            assert origin == ask("GET", "/", {"Origin": origin})[1][ALLOW]
        kept = configuration().answers_to.cache_info()

    assert kept.currsize == kept.maxsize < 600


def test_a_receiver_is_asked_among_async_ones_too() -> None:
    """The drop-in goes the adapter's way through Django."""

    async def ask() -> Any:
        return await AsyncClient().get("/", headers={"Origin": "https://b.example"})

    settings = {"ROOT_URLCONF": URLS, "MIDDLEWARE": [NEW], **listed()}
    with receiving(by_origin), override_settings(**settings):
        assert "https://b.example" == asyncio.run(ask())[ALLOW]
