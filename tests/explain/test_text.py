"""The explanation for whoever already has a verdict, as the pytest plugin has.

Here: `explain_text`, with a policy and without, with the fetch and without.
Not here: the sections (`test_policies.py`, `test_complaints.py`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

import pytest
from corsac import Policy
from corsac.browser import (
    Cause,
    Fetch,
    NoResponse,
    PreflightCache,
    Response,
    predict,
)
from corsac.browser.applications import policy_sender
from corsac.explain import explain_text

POLICY = Policy(allow_origins=["https://app.example"])
API = "https://api.example/items"


def fetch(**changes):
    """A fetch of the page that the policy lists."""
    return Fetch(**{"page_origin": "https://app.example", "url": API, **changes})


def test_a_verdict_and_its_policy_give_the_line_to_change():
    """Nothing is asked again."""
    asked = fetch(method="PUT", headers={"X-Token": "1"})
    verdict = predict(asked, policy_sender(POLICY))
    text = explain_text(verdict, POLICY, fetch=asked)

    assert '+ allow_methods=["PUT"]' in text
    assert '+ allow_headers=["X-Token"]' in text
    assert "the policy: preflight_refused" in text


def test_the_fetch_is_read_from_the_exchanges_where_it_is_not_given():
    """Method and headers stand in the preflight."""
    verdict = predict(fetch(method="PUT", headers={"X-A": "1"}), policy_sender(POLICY))
    text = explain_text(verdict, POLICY)

    assert "asks PUT https://api.example/items" in text
    assert '+ allow_headers=["x-a"]' in text


def test_without_a_policy_the_headers_of_the_server_change():
    """The answers are those of the verdict."""
    verdict = predict(fetch(), lambda request: Response(500))
    text = explain_text(verdict, name="the shop")

    assert "the shop answers" in text
    assert "+ Access-Control-Allow-Origin: https://app.example" in text


def test_credentials_are_seen_in_the_check_that_failed():
    """Nothing else of the exchanges tells them."""
    asked = fetch(credentials="include")
    text = explain_text(predict(asked, policy_sender(POLICY)), POLICY)

    assert "+ allow_credentials=True" in text


def test_a_server_without_an_answer_has_none_again():
    """No header mends it."""

    def send(request):
        raise NoResponse("refused", Cause.REFUSED)

    asked = fetch()
    text = explain_text(predict(asked, send), fetch=asked, width=80)

    assert "No header mends that" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_preflight_that_was_remembered_is_answered_by_the_policy():
    """The verdict has no exchange for it."""
    policy = POLICY.replace(allow_methods=["PUT"])
    asked, cache = fetch(method="PUT"), PreflightCache(lambda: 0.0)
    predict(asked, policy_sender(policy), cache=cache)
    verdict = predict(asked, policy_sender(policy), cache=cache)
    text = explain_text(verdict, policy, fetch=asked)

    assert 1 == len(verdict.exchanges)
    assert "Readable: " in text


def test_nothing_sent_needs_the_fetch():
    """One sentence says so."""
    verdict = predict(fetch(method="TRACE"), policy_sender(POLICY))

    with pytest.raises(ValueError, match="give the fetch"):
        explain_text(verdict)
    assert "TRACE" in explain_text(verdict, fetch=fetch(method="TRACE"))
