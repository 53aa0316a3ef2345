"""In debug mode the browser itself names the check that failed.

Here: what the model of a browser does with the answers to refused preflights, for each browser
and for the standard. Not here: the answers themselves (`vectors/options.json`), real browsers
(`judge/`).
Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
"""

import pytest
from corsac import OriginPolicies, Policy, PolicyWarning
from corsac.browser import Browser, Fetch, Response, predict
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import HEADERS, METHODS, policies, thoroughly

PAGE = "https://app.example"
STRANGER = "https://other.example"
API = "https://api.example/items"

# Debug mode is warned of, and so are methods in lower case.
pytestmark = pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")


def make(**keywords):
    return Policy(**{"allow_origins": [PAGE], "debug": True, **keywords})


def ask(policy, browser, **fetch):
    """What a browser does with a fetch of the page against a server with this policy."""

    def send(request):
        decision = policy.decide(request.method, request.headers)
        return Response(decision.status or 200, decision.headers)

    return predict(
        Fetch(**{"page_origin": PAGE, "url": API, **fetch}), send, browser=browser
    )


LISTED = {"allow_methods": ["PUT"], "allow_headers": ["X-A"]}
ALL = {"allow_methods": ["*"], "allow_headers": ["*"]}
CREDENTIALS = {"allow_credentials": True}
#: A name, a policy's keywords, a fetch, the step that fails, and what consoles name.
CASES = [
    ("an origin", LISTED, {"page_origin": STRANGER}, "allow-origin-missing", STRANGER),
    ("a method", LISTED, {"method": "DELETE"}, "allow-methods", "DELETE"),
    ("a method in lower case", LISTED, {"method": "patch"}, "allow-methods", "patch"),
    (
        "a method before a header",
        LISTED,
        {"method": "DELETE", "headers": [("X-B", "1")]},
        "allow-methods",
        "DELETE",
    ),
    (
        "a method where none is listed",
        {},
        {"method": "PATCH"},
        "allow-methods",
        "PATCH",
    ),
    (
        "a method that a page calls a wildcard",
        ALL,
        {"method": "*"},
        "allow-methods",
        "*",
    ),
    ("a header", LISTED, {"headers": [("X-B", "1")]}, "allow-headers", "x-b"),
    (
        "a header behind one that passes",
        LISTED,
        {"method": "PUT", "headers": [("X-A", "1"), ("X-B", "1")]},
        "allow-headers",
        "x-b",
    ),
    (
        "a header before one that passes",
        {**LISTED, "allow_headers": ["X-Z"]},
        {"headers": [("X-B", "1"), ("X-Z", "1")]},
        "allow-headers",
        "x-b",
    ),
    (
        "the type of a body",
        LISTED,
        {"method": "PUT", "body_type": "application/json"},
        "allow-headers",
        "content-type",
    ),
    (
        "Authorization where headers are listed",
        LISTED,
        {"headers": [("Authorization", "x"), ("X-A", "1")]},
        "allow-headers",
        "authorization",
    ),
    (
        "Authorization beside a wildcard",
        ALL,
        {"method": "PUT", "headers": [("Authorization", "x"), ("X-A", "1")]},
        "allow-headers",
        "authorization",
    ),
    (
        "Authorization beside a wildcard with credentials",
        {**ALL, **CREDENTIALS},
        {"headers": [("Authorization", "x")], "credentials": "include"},
        "allow-headers",
        "authorization",
    ),
    (
        "Authorization under a static policy",
        {**ALL, "allow_origins": ["*"]},
        {"headers": [("Authorization", "x"), ("X-A", "1")]},
        "allow-headers",
        "authorization",
    ),
    (
        "a method under a static policy",
        {**LISTED, "allow_origins": ["*"]},
        {"method": "DELETE"},
        "allow-methods",
        "DELETE",
    ),
    (
        "a method with credentials",
        {**LISTED, **CREDENTIALS},
        {"method": "DELETE", "credentials": "include"},
        "allow-methods",
        "DELETE",
    ),
    (
        "credentials that the policy does not allow",
        LISTED,
        {"method": "DELETE", "credentials": "include"},
        "allow-credentials",
        "Credentials",
    ),
]


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(
    ("keywords", "fetch", "failure", "named"),
    [pytest.param(*case[1:], id=case[0]) for case in CASES],
)
def test_a_browser_names_what_failed(keywords, fetch, failure, named, browser):
    """The very origin, method or header, since all that passed is in the answer."""
    # A request without a preflight has nothing to name but its origin.
    fetch = {"method": "PUT", **fetch} if failure == "allow-origin-missing" else fetch
    for status in (200, 204):
        policy = make(**keywords, preflight_status=status)

        verdict = ask(policy, browser, **fetch)

        assert failure in verdict.failure
        assert not verdict.readable
        assert [True] == [each.request.is_preflight for each in verdict.exchanges]
        words = verdict.console if browser else [verdict.steps[-1].text]
        if named == STRANGER:
            named = "Access-Control-Allow-Origin"
        elif browser is Browser.FIREFOX and failure == "allow-methods":
            named = "Access-Control-Allow-Methods"  # it does not say which method
        assert named.lower() in " ".join(words).lower()


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(
    ("keywords", "fetch"), [pytest.param(*case[1:3], id=case[0]) for case in CASES]
)
def test_without_debug_mode_a_browser_names_nothing(keywords, fetch, browser):
    """The same requests are refused with a status that no preflight goes on behind."""
    fetch = {"method": "PUT", **fetch} if "page_origin" in fetch else fetch
    policy = make(**keywords).replace(debug=False)

    verdict = ask(policy, browser, **fetch)

    assert not verdict.readable
    [exchange] = verdict.exchanges
    decision = policy.decide(exchange.request.method, exchange.request.headers)
    if decision.status == 403:
        assert [("Vary", dict(decision.headers)["Vary"])] == list(decision.headers)


@thoroughly
@given(
    policies(),
    st.sampled_from([method for method in METHODS if method != "*"]),
    st.lists(st.sampled_from([name for name in HEADERS if name != "*"]), max_size=4),
    st.booleans(),
    st.sampled_from([None, *Browser]),
)
def test_a_browser_fails_at_the_check_that_the_policy_refused(
    keywords, method, names, include, browser
):
    """And gets through where it refused nothing, under every policy that knows the page."""
    keywords = {**keywords, "allow_origins": [*keywords["allow_origins"], PAGE]}
    assume(not include or keywords["allow_credentials"])
    policy = Policy(**keywords, debug=True)
    headers = {name.lower(): (name, "1") for name in names}.values()
    fetch = {"method": method, "headers": tuple(headers)}

    verdict = ask(
        policy, browser, **fetch, credentials="include" if include else "omit"
    )

    first = verdict.exchanges[0].request
    refusal = policy.decide(first.method, first.headers).refusal
    code = {None: None, "method": "allow-methods", "headers": "allow-headers"}[refusal]
    found = verdict.failure and verdict.failure.removesuffix("-authorization")
    assert code == found
    assert verdict.readable is (refusal is None)


def test_debug_mode_of_one_origin_tells_another_nothing():
    """Of several policies each has its own."""
    policies = OriginPolicies([make(**LISTED), Policy(allow_origins=[STRANGER])])
    for page, failure in (
        (PAGE, "allow-methods"),
        (STRANGER, "preflight-allow-origin"),
    ):
        verdict = ask(policies, None, page_origin=page, method="DELETE")
        assert failure in verdict.failure


def test_debug_mode_is_loud():
    """Whoever starts a server with it reads that it is no mode for production."""
    with pytest.warns(PolicyWarning, match="leave it out in production"):
        make()
