"""What is seen of requests beside their answers: counts, shadows, and who hears of refusals.

Here: the engine's own part, by the ways in which a request can come to a policy.
Not here: what people do with it (`sight/`), what enforcement answers (`vectors/options.json`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

import asyncio
import itertools
import logging

import pytest
from corsac import OriginPolicies, Outcome, Policy, PolicyHandle, PolicyMap, Refusal
from corsac import _watch as watch
from corsac.adapters import asgi, wsgi
from together import ROUNDS, THREADS, together

NAMES = (f"watched-{number}" for number in itertools.count())
HERE, THERE = "https://here.example", "https://there.example"
OPTIONS = {
    "allow_origins": [HERE],
    "allow_methods": ["PUT"],
    "allow_headers": ["X-A"],
}
ASK = "Access-Control-Request-Method"
#: A method, its headers, and what becomes of it.
REQUESTS = [
    ("GET", {}, (Outcome.NO_ORIGIN, None)),
    ("GET", {"Origin": HERE}, (Outcome.ACTUAL_ALLOWED, None)),
    ("GET", {"Origin": THERE}, (Outcome.ACTUAL_REFUSED, Refusal.ORIGIN)),
    ("OPTIONS", {"Origin": HERE, ASK: "PUT"}, (Outcome.PREFLIGHT_ALLOWED, None)),
    (
        "OPTIONS",
        {"Origin": THERE, ASK: "PUT"},
        (Outcome.PREFLIGHT_REFUSED, Refusal.ORIGIN),
    ),
    (
        "OPTIONS",
        {"Origin": HERE, ASK: "DELETE"},
        (Outcome.PREFLIGHT_REFUSED, Refusal.METHOD),
    ),
    (
        "OPTIONS",
        {"Origin": HERE, ASK: "PUT", "Access-Control-Request-Headers": "x-b"},
        (Outcome.PREFLIGHT_REFUSED, Refusal.HEADERS),
    ),
]


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    """Counts that begin here: other tests make up so many names that no more are kept."""
    monkeypatch.setattr(watch, "_counters", {})
    monkeypatch.setattr(watch, "_flips", {})


@pytest.fixture
def name():
    """A name that nobody else counts under."""
    return next(NAMES)


@pytest.fixture
def heard():
    """All that a hook heard."""
    refused = []
    watch.set_refused_hook(refused.append)
    yield refused
    watch.set_refused_hook(None)


def counts(name):
    return {
        (outcome, refusal): total
        for counted, outcome, refusal, total in watch.read_counts()
        if counted == name and total
    }


def flips(name):
    return [flip for flip in watch.read_flips() if flip.name == name]


def ask_asgi(source, method, headers):
    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message):
        pass

    lines = [(n.lower().encode(), v.encode()) for n, v in headers.items()]
    scope = {"type": "http", "method": method, "path": "/", "headers": lines}
    asyncio.run(asgi.CORSMiddleware(application, source)(scope, None, send))


def ask_wsgi(source, method, headers):
    environ = {f"HTTP_{n.upper().replace('-', '_')}": v for n, v in headers.items()}
    app = wsgi.CORSMiddleware(lambda environ, start_response: [], source)
    app({"REQUEST_METHOD": method, **environ}, lambda *_: None)


#: Each takes a policy and a request to a decision.
WAYS = {
    "decide": lambda policy, method, headers: policy.decide(method, headers),
    "handle": lambda policy, *asked: PolicyHandle(policy).decide(*asked),
    "origins": lambda policy, *asked: OriginPolicies([policy]).decide(*asked),
    "asgi": ask_asgi,
    "wsgi": ask_wsgi,
    "asgi-map": lambda policy, *asked: ask_asgi(PolicyMap({"/": policy}), *asked),
    "wsgi-map": lambda policy, *asked: ask_wsgi(PolicyMap({"/": policy}), *asked),
    "asgi-call": lambda policy, *asked: ask_asgi(lambda request: policy, *asked),
    "wsgi-call": lambda policy, *asked: ask_wsgi(lambda request: policy, *asked),
}


@pytest.mark.parametrize("enforce", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_each_request_counts_once(name, way, enforce):
    """Under its policy's name, by whatever way it comes."""
    policy = Policy(**OPTIONS, name=name, enforce=enforce)
    for times, (method, headers, _) in enumerate(REQUESTS, 1):
        for _ in range(times):
            WAYS[way](policy, method, headers)

    expected = {outcome: times for times, (_, _, outcome) in enumerate(REQUESTS, 1)}
    assert expected == counts(name)


def test_policies_of_one_name_count_together(name):
    """A policy that is replaced leaves its counts to the next one, and nobody starts again."""
    policy = Policy(**OPTIONS, name=name)
    for each in (
        policy,
        policy.replace(allow_origins=[THERE]),
        Policy(**OPTIONS, name=name),
    ):
        each.decide("GET", {})

    assert {(Outcome.NO_ORIGIN, None): 3} == counts(name)


def test_a_policy_without_a_name_counts_nowhere():
    """Also where it enforces, and somebody looks at its requests."""
    before = watch.read_counts()
    for policy in (Policy(**OPTIONS), Policy(**OPTIONS, enforce=True)):
        for method, headers, _ in REQUESTS:
            policy.decide(method, headers)

    assert before == watch.read_counts()


def test_every_outcome_is_read_from_the_beginning(name):
    """A count that is zero is one too, so that a graph begins there."""
    Policy(**OPTIONS, name=name)

    read = [count for count in watch.read_counts() if count[0] == name]

    assert sorted(outcome for _, _, outcome in REQUESTS) == sorted(
        (outcome, refusal) for _, outcome, refusal, _ in read
    )
    assert {0} == {total for *_, total in read}


def test_counts_of_many_threads_add_up(name):
    """No lock is there to wait for, and no request is lost."""
    policy = Policy(**OPTIONS, name=name)

    def job(number):
        for _ in range(ROUNDS):
            for method, headers, _ in REQUESTS:
                policy.decide(method, headers)

    together(job)

    assert {outcome: THREADS * ROUNDS for _, _, outcome in REQUESTS} == counts(name)


def test_an_own_origin_counts_as_none(name):
    """It asks nothing across origins."""
    policy = Policy(**OPTIONS, name=name, enforce=True, own_origins=[THERE])
    policy.decide("GET", {"Origin": THERE})

    assert {(Outcome.NO_ORIGIN, None): 1} == counts(name)


@pytest.mark.parametrize("way", WAYS)
def test_a_shadow_is_decided_beside_and_changes_nothing(name, way):
    """What it would change is counted by how, and by origin; the rest is not."""
    shadow = Policy(allow_origins=[THERE], allow_methods=["DELETE"], enforce=True)
    policy = Policy(**OPTIONS, name=name, shadow=shadow)
    for method, headers, _ in REQUESTS:
        WAYS[way](policy, method, headers)

    assert {outcome: 1 for _, _, outcome in REQUESTS} == counts(name)
    expected = {
        (Outcome.ACTUAL_ALLOWED, Outcome.ACTUAL_REFUSED, None, Refusal.ORIGIN): 1,
        (Outcome.ACTUAL_REFUSED, Outcome.ACTUAL_ALLOWED, Refusal.ORIGIN, None): 1,
        (Outcome.PREFLIGHT_ALLOWED, Outcome.PREFLIGHT_REFUSED, None, Refusal.ORIGIN): 1,
        (
            Outcome.PREFLIGHT_REFUSED,
            Outcome.PREFLIGHT_REFUSED,
            Refusal.ORIGIN,
            Refusal.METHOD,
        ): 1,
        (
            Outcome.PREFLIGHT_REFUSED,
            Outcome.PREFLIGHT_REFUSED,
            Refusal.METHOD,
            Refusal.ORIGIN,
        ): 1,
        (
            Outcome.PREFLIGHT_REFUSED,
            Outcome.PREFLIGHT_REFUSED,
            Refusal.HEADERS,
            Refusal.ORIGIN,
        ): 1,
    }
    assert expected == {flip[1:5]: flip.total for flip in flips(name)}
    assert {HERE: 4, THERE: 2} == watch.read_flipped_origins(name)


def test_a_shadow_that_agrees_changes_nothing(name):
    """Not where the facts differ behind what was refused already."""
    shadow = Policy(allow_origins=[HERE], allow_methods=["PUT"], allow_headers=["X-A"])
    policy = Policy(**OPTIONS, name=name, shadow=shadow.replace(allow_methods=[]))
    policy.decide("OPTIONS", {"Origin": THERE, ASK: "PUT"})
    policy.decide("GET", iter([("Origin", HERE)]))

    assert [] == flips(name)
    assert {} == watch.read_flipped_origins(name)


def test_origins_of_attackers_are_kept_in_part(name):
    """A hundred of them; the others are one. None is longer than an origin that is allowed."""
    policy = Policy(**OPTIONS, name=name, shadow=Policy(allow_origins=["*"]))
    for number in range(300):
        policy.decide("GET", {"Origin": f"https://{number}.example"})
    flipped = watch.read_flipped_origins(name)
    assert 101 == len(flipped)
    assert 200 == flipped[watch.OTHERS]
    assert 300 == sum(flip.total for flip in flips(name))


def test_names_are_bounded(monkeypatch):
    """A configuration that makes up names does not fill the memory."""
    monkeypatch.setattr(watch, "_MAX_NAMES", 2)
    made = [next(NAMES) for _ in range(5)]
    for each in made:
        Policy(**OPTIONS, name=each).decide("GET", {})

    counted = {name: total for name, *_, total in watch.read_counts() if total}
    assert {made[0]: 1, made[1]: 1, watch.OTHERS: 3} == counted
    assert {*made[:2], watch.OTHERS} == {name for name, *_ in watch.read_counts()}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_wants_to_hears_of_refused_requests(name, heard, way):
    """Of each one once, with its policy and the request, and of no others."""
    policy = Policy(**OPTIONS, name=name)
    for method, headers, _ in REQUESTS:
        WAYS[way](policy, method, headers)

    expected = [outcome for _, _, outcome in REQUESTS if outcome[1] is not None]
    assert expected == [(refused.outcome, refused.refusal) for refused in heard]
    assert all(policy == refused.policy for refused in heard)
    origins = [refused.request.origin for refused in heard]
    assert [THERE, THERE, HERE, HERE] == origins
    assert "DELETE" == heard[2].request.method


def test_nobody_hears_of_a_policy_without_a_name(heard):
    """Nor of an own origin that passes."""
    for policy in (
        Policy(**OPTIONS, enforce=True),
        Policy(**OPTIONS, enforce=True, own_origins=[THERE], name=next(NAMES)),
    ):
        policy.decide("GET", {"Origin": THERE})

    assert [1 for refused in heard if refused.policy.own_origins] == []
    assert [] == heard


def test_whoever_hears_of_a_request_may_ask_its_policy(name):
    """Which is not heard of and not counted in turn."""
    asked = []

    def ask(refused):
        asked.append(refused.policy.decide("GET", {"Origin": THERE}).outcome)
        assert refused.policy.replace(allow_origins=[THERE]).name == name

    watch.set_refused_hook(ask)
    try:
        Policy(**OPTIONS, name=name).decide("GET", {"Origin": THERE})
    finally:
        watch.set_refused_hook(None)

    assert [Outcome.ACTUAL_REFUSED] == asked
    assert {(Outcome.ACTUAL_REFUSED, Refusal.ORIGIN): 1} == counts(name)


def test_a_hook_that_fails_ends_no_request(name, caplog):
    """It is told once, until there is another hook."""
    policy = Policy(**OPTIONS, name=name)

    def fail(refused):
        raise LookupError("raised on purpose")

    for _ in range(2):
        watch.set_refused_hook(fail)
        with caplog.at_level(logging.ERROR, "corsac"):
            for _ in range(3):
                decision = policy.decide("GET", {"Origin": THERE})
                assert Outcome.ACTUAL_REFUSED is decision.outcome
    watch.set_refused_hook(None)
    policy.decide("GET", {"Origin": THERE})

    assert 2 == len(caplog.records)
    assert "raised on purpose" in caplog.text


def test_a_hook_that_ends_the_process_ends_it(name):
    """What is no `Exception` is not for a library to keep."""

    def interrupt(refused):
        raise KeyboardInterrupt

    watch.set_refused_hook(interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            Policy(**OPTIONS, name=name).decide("GET", {"Origin": THERE})
    finally:
        watch.set_refused_hook(None)
