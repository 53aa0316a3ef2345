"""A policy with some keywords changed is the policy that is made with them.

Here: every answer of a replaced policy, by decision and through both adapters, against one that
was made anew; what both share is nobody's to see. Not here: who replaces (`test_handle.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import asyncio
import warnings

import pytest
from corsac import OriginPolicies, Policy
from corsac.adapters import asgi, wsgi

FIRST, SECOND = "https://first.example", "https://second.example"
ASK = "Access-Control-Request-Method"
NAMES = "Access-Control-Request-Headers"
TEMPLATES = {
    "plain": {},
    "static": {"allow_origins": ["*"]},
    "everything": {
        "allow_methods": ["*"],
        "allow_headers": ["*"],
        "expose_headers": ["X-B"],
        "allow_credentials": True,
    },
    "watched": {
        "name": "replaced",
        "enforce": True,
        "own_origins": ["https://own.example"],
    },
    "debug": {"debug": True, "allow_methods": ["PUT"], "allow_headers": ["X-A"]},
    "timing": {
        "timing_allow_origin": True,
        "cross_origin_resource_policy": "same-site",
    },
    "timing of all": {"allow_origins": ["*"], "timing_allow_origin": True},
}
ORIGINS = {
    "an origin": [SECOND],
    "many": [f"https://{number}.example" for number in range(50)] + [SECOND],
    "a wildcard": ["https://*.example"],
    "every origin": ["*"],
    "null": ["null", SECOND],
}
REQUESTS = [
    (method, {name: value for name, value in headers.items() if value})
    for method, asked, names in (
        ("GET", "", ""),
        ("OPTIONS", "PUT", "x-a"),
        ("OPTIONS", "DELETE", ""),
    )
    for origin in ("", FIRST, SECOND, "null", "https://own.example", "second")
    for headers in [{"Origin": origin, ASK: asked, NAMES: names}]
]


def answers_of(policy):
    """What becomes of every request, by each way to ask."""
    return [
        [policy.decide(*request) for request in REQUESTS],
        [ask_asgi(policy, *request) for request in REQUESTS],
        [ask_wsgi(policy, *request) for request in REQUESTS],
    ]


def ask_asgi(policy, method, headers):
    async def application(scope, receive, send):
        lines = [(b"vary", b"Accept")]
        await send({"type": "http.response.start", "status": 200, "headers": lines})

    messages = []

    async def send(message):
        messages.append(message)

    lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": "/", "headers": lines}
    # A handle's way: chosen for each request.
    asyncio.run(asgi.CORSMiddleware(application, lambda _: policy)(scope, None, send))
    return messages[0]


def ask_wsgi(policy, method, headers):
    started = []
    environ = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in headers.items()}
    app = wsgi.CORSMiddleware(
        lambda environ, start_response: start_response("200 OK", [("Vary", "Accept")]),
        policy,
    )
    app({"REQUEST_METHOD": method, **environ}, lambda *start: started.append(start))
    return started


def make(**keywords):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Policy(**{"allow_origins": [FIRST], **keywords})


@pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("origins", ORIGINS)
def test_other_origins_are_as_if_the_policy_were_made_with_them(template, origins):
    """Also behind each other, whether or not the one or the other is static."""
    keywords = {**TEMPLATES[template], "allow_origins": ORIGINS[origins]}
    if origins == "null":
        keywords["dangerously_allow_null_origin"] = True
    if keywords.get("allow_credentials") and origins == "every origin":
        keywords["allow_credentials"] = False
    before_it = TEMPLATES[template].get("allow_origins", [FIRST])
    base = make(**{**keywords, "allow_origins": before_it})
    fresh = make(**keywords)
    # The template answers before, so that what it made is there to be shared.
    before = answers_of(base)

    replaced = base.replace(allow_origins=ORIGINS[origins])
    again = replaced.replace(allow_origins=[FIRST]).replace(
        allow_origins=ORIGINS[origins]
    )

    expected = answers_of(fresh)
    for policy in (replaced, again, OriginPolicies([replaced]).policies[0]):
        assert fresh == policy
        assert expected == answers_of(policy)
    assert before == answers_of(base)


@pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")
@pytest.mark.parametrize(
    "change",
    [
        {"max_age": 5},
        {"allow_methods": ["DELETE"]},
        {"allow_headers": ["X-A"], "allow_origins": [SECOND]},
        {"expose_headers": ["X-C"]},
        {"preflight_status": 200},
        {"enforce": True},
        {"own_origins": ["https://own.example"], "enforce": True},
        {"debug": True},
        {"timing_allow_origin": True},
        {"cross_origin_resource_policy": "same-origin"},
        {"dangerously_allow_null_origin": True},
        {"name": "replaced-other"},
        {},
    ],
    ids=str,
)
def test_any_other_change_is_as_if_the_policy_were_made_with_it(change):
    """Nothing of the template's answers is left."""
    template = make(allow_methods=["PUT"], expose_headers=["X-B"])
    answers_of(template)

    replaced = template.replace(**change)

    fresh = make(**{"allow_methods": ["PUT"], "expose_headers": ["X-B"], **change})
    assert fresh == replaced
    assert answers_of(fresh) == answers_of(replaced)


@pytest.mark.filterwarnings("ignore::corsac.PolicyWarning")
def test_a_policy_is_shared_by_several_without_harm():
    """One object answers alone and beside others, each time as it must."""
    policy = make(allow_origins=["*"], timing_allow_origin=True)
    alone = answers_of(policy)

    policies = OriginPolicies([policy])
    beside = policies.decide("GET", {"Origin": FIRST})
    replaced = policy.replace(allow_origins=[SECOND])

    assert FIRST == dict(beside.headers)["Timing-Allow-Origin"]
    assert alone == answers_of(policy)
    assert answers_of(make(allow_origins=[SECOND], timing_allow_origin=True)) == (
        answers_of(replaced)
    )
