"""Builds both adapters as users do, rightly and wrongly.

Here: a policy or its keywords. Not here: requests; which policies are wrong (`test_policy.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

import pytest
from corsac import Policy, PolicyError
from corsac.adapters import asgi, wsgi
from protocols import POLICY, RecordingApplication

#: The constructors never call it, so that one serves both protocols.
APPLICATION = RecordingApplication()
EITHER = "either a Policy or its keywords"

pytestmark = pytest.mark.parametrize(
    "adapter",
    [
        pytest.param(asgi.CORSMiddleware, id="asgi"),
        pytest.param(wsgi.CORSMiddleware, id="wsgi"),
    ],
)


def test_a_policy_and_its_keywords_make_the_same_middleware(adapter: Any) -> None:
    """Either is taken, by position or by name."""
    keywords: Any = {"allow_origins": ["https://example.com"], "max_age": 5}
    policy = Policy(**keywords)

    for middleware in (
        adapter(APPLICATION, policy),
        adapter(APPLICATION, policy=policy),
        adapter(APPLICATION, **keywords),
    ):
        assert policy == middleware.policy
        assert APPLICATION is middleware.app


def test_a_policy_and_keywords_together_are_a_type_error(adapter: Any) -> None:
    """Nobody could tell which of them speaks."""
    with pytest.raises(TypeError, match=EITHER):
        adapter(APPLICATION, POLICY, max_age=5)


@pytest.mark.parametrize("policy", [{"allow_origins": ["*"]}, "*", ["*"], False])
def test_what_is_no_policy_is_a_type_error(adapter: Any, policy: Any) -> None:
    """A dict or a list of origins is not taken for a policy."""
    with pytest.raises(TypeError, match=EITHER):
        adapter(APPLICATION, policy)


class Asynchronous:
    """A callable object."""

    async def __call__(self, request: Any) -> Policy:
        return POLICY


async def choose_later(request: Any) -> Policy:
    """The same as a function."""
    return POLICY


@pytest.mark.parametrize(
    "policy",
    [choose_later, Asynchronous(), partial(choose_later)],
    ids=["a function", "an object", "a partial"],
)
def test_what_nobody_can_await_is_a_type_error(adapter: Any, policy: Any) -> None:
    """At the start, and not at the first request; ASGI can await it."""
    if adapter is asgi.CORSMiddleware:
        assert policy is adapter(APPLICATION, policy).policy
    else:
        with pytest.raises(TypeError, match="asynchronous, and this framework is not"):
            adapter(APPLICATION, policy)


def test_neither_a_policy_nor_keywords_is_a_type_error(adapter: Any) -> None:
    """A default would be a guess."""
    with pytest.raises(TypeError, match="allow_origins"):
        adapter(APPLICATION)


def test_an_unknown_keyword_is_a_type_error(adapter: Any) -> None:
    """A misspelled option is not passed over."""
    with pytest.raises(TypeError, match="allow_origin_regex"):
        adapter(APPLICATION, allow_origins=["*"], allow_origin_regex=".*")


def test_keywords_that_make_no_policy_are_all_reported(adapter: Any) -> None:
    """The error is the policy's own, with every problem."""
    with pytest.raises(PolicyError) as raised:
        adapter(APPLICATION, allow_origins=["example.com"], max_age=-1)

    fields = [problem.field for problem in raised.value.problems]
    assert ["allow_origins", "max_age"] == fields


def test_servers_see_a_coroutine_function_where_it_is_one(adapter: Any) -> None:
    """Else uvicorn and hypercorn take an ASGI application for the old two-step kind."""
    is_asgi = adapter is asgi.CORSMiddleware

    seen = inspect.iscoroutinefunction(adapter(APPLICATION, POLICY).__call__)

    assert is_asgi is seen
