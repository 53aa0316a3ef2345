"""Who may read a response: the CORS check, credentials, exposed headers, opaque responses.

Here: one row a response. Not here: preflights (`test_preflight.py`), redirects (`test_redirects.py`).
Spec: https://fetch.spec.whatwg.org/#concept-cors-check
"""

import pytest
from browser_model.fetches import API, PAGE, allow, answer, ask
from corsac.browser import Browser, Fetch, Kind

ORIGIN = "Access-Control-Allow-Origin"
ORIGINS = [
    ("the origin itself", [PAGE], None),
    ("the origin with whitespace around", [f" \t{PAGE} "], None),
    ("a star", ["*"], None),
    ("nothing", [], "allow-origin-missing"),
    ("an empty value", [""], "allow-origin-mismatch"),
    ("a slash after it", [f"{PAGE}/"], "allow-origin-mismatch"),
    ("its default port", [f"{PAGE}:443"], "allow-origin-mismatch"),
    ("upper case", [PAGE.upper()], "allow-origin-mismatch"),
    ("another scheme", ["http://app.example"], "allow-origin-mismatch"),
    ("null", ["null"], "allow-origin-mismatch"),
    ("a pattern", ["https://*.example"], "allow-origin-mismatch"),
    ("it twice", [PAGE, PAGE], "allow-origin-multiple"),
    ("a star twice", ["*", "*"], "allow-origin-multiple"),
    ("two in one line", [f"{PAGE}, https://b.example"], "allow-origin-multiple"),
    ("two with a space", [f"{PAGE} https://b.example"], "allow-origin-multiple"),
]


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(
    ("values", "failure"), [pytest.param(*row[1:], id=row[0]) for row in ORIGINS]
)
def test_the_origin_must_be_equal_or_a_star(values, failure, browser):
    """https://fetch.spec.whatwg.org/#concept-cors-check"""
    lines = [(ORIGIN, value) for value in values]
    verdict = ask(lambda _: answer(*lines), browser=browser)
    assert (verdict.failure, verdict.readable) == (failure, failure is None)


CREDENTIALS = [
    ("true", PAGE, "true", None),
    ("whitespace around it", PAGE, " true\t", None),
    ("True", PAGE, "True", "allow-credentials"),
    ("a missing header", PAGE, None, "allow-credentials"),
    ("a list", PAGE, "true, true", "allow-credentials"),
    ("a star for the origin", "*", "true", "allow-origin-wildcard"),
    ("a star, and nothing else", "*", None, "allow-origin-wildcard"),
]


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(
    ("origin", "value", "failure"),
    [pytest.param(*row[1:], id=row[0]) for row in CREDENTIALS],
)
def test_credentials_need_the_origin_and_true(origin, value, failure, browser):
    """https://fetch.spec.whatwg.org/#cors-protocol-and-credentials"""
    named = {} if value is None else {"credentials": value}
    verdict = ask(
        lambda _: answer(*allow(origin, **named)),
        browser=browser,
        credentials="include",
    )
    assert verdict.failure == failure


@pytest.mark.parametrize("credentials", ["omit", "same-origin"])
def test_without_credentials_their_header_does_not_matter(credentials):
    """https://fetch.spec.whatwg.org/#concept-cors-check"""
    server = [*allow(PAGE), ("Access-Control-Allow-Credentials", "no")]
    assert ask(lambda _: answer(*server), credentials=credentials).readable


OWN = [
    ("Content-Type", "text/plain"),
    ("X-One", "1"),
    ("x-one", "2"),
    ("ETag", "e"),
    ("Set-Cookie", "a=b"),
]
EXPOSED = [
    ("nothing", None, "omit", ["content-type"]),
    ("a list", "x-one, ETag", "omit", ["content-type", "etag", "x-one"]),
    ("a cookie", "Set-Cookie", "omit", ["content-type"]),
    ("a name with a space", "X-One, a b", "omit", ["content-type"]),
    ("a star with credentials", "*", "include", ["content-type"]),
    (
        "a star and a name with credentials",
        "*, etag",
        "include",
        ["content-type", "etag"],
    ),
]


@pytest.mark.parametrize("browser", [None, *Browser])
@pytest.mark.parametrize(
    ("value", "credentials", "names"),
    [pytest.param(*row[1:], id=row[0]) for row in EXPOSED],
)
def test_a_page_reads_safelisted_and_exposed_headers(
    value, credentials, names, browser
):
    """https://fetch.spec.whatwg.org/#concept-filtered-response-cors"""
    expose = {} if value is None else {"expose": value}
    lines = [*allow(PAGE, credentials="true", **expose), *OWN]
    verdict = ask(lambda _: answer(*lines), browser=browser, credentials=credentials)
    assert [name for name, _ in verdict.exposed_headers] == names


def test_a_star_exposes_all_but_cookies_and_joins_lines():
    """https://fetch.spec.whatwg.org/#concept-header-list-sort-and-combine"""
    verdict = ask(lambda _: answer(*allow("*", expose="*"), *OWN))
    exposed = dict(verdict.exposed_headers)
    assert "set-cookie" not in verdict.steps[-1].text.partition(";")[0]
    assert exposed["x-one"] == "1, 2"
    assert "set-cookie" not in exposed


def test_a_page_reads_every_header_of_its_own_origin_but_cookies():
    """https://fetch.spec.whatwg.org/#concept-filtered-response-basic"""
    verdict = ask(lambda _: answer(*OWN), url=f"{PAGE}/x", credentials="include")
    assert [name for name, _ in verdict.exposed_headers] == [
        "content-type",
        "etag",
        "x-one",
    ]
    assert verdict.response_type == "basic"


def test_an_opaque_response_is_delivered_and_not_readable():
    """https://fetch.spec.whatwg.org/#concept-filtered-response-opaque"""
    verdict = ask(lambda _: answer(*OWN), mode="no-cors")
    assert (verdict.response_type, verdict.status) == ("opaque", 0)
    assert (verdict.readable, verdict.is_network_error) == (False, False)
    assert verdict.exposed_headers == ()


POLICIES = [
    ("same-origin", "https://api.example/x", PAGE, True),
    ("same-site", "https://api.example.com/x", "https://app.example.com", False),
    ("same-site", "https://a.co.uk/x", "https://b.co.uk", True),
    ("same-site", "https://api.example.com/x", "http://app.example.com", True),
    ("same-site", "http://127.0.0.1/x", "http://127.0.0.2", True),
    ("cross-origin", "https://api.example/x", PAGE, False),
    ("Same-Origin", "https://api.example/x", PAGE, False),
    ("same-origin, same-origin", "https://api.example/x", PAGE, False),
]


@pytest.mark.parametrize(("policy", "url", "page", "blocks"), POLICIES)
def test_a_resource_keeps_itself_from_other_sites(policy, url, page, blocks):
    """https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check"""
    lines = [("Cross-Origin-Resource-Policy", policy)]
    verdict = ask(lambda _: answer(*lines), url=url, page=page, mode="no-cors")
    assert verdict.failure == ("resource-policy" if blocks else None)


def test_a_resource_policy_does_not_stop_what_cors_allows():
    """https://fetch.spec.whatwg.org/#cross-origin-resource-policy-check"""
    lines = [*allow("*"), ("Cross-Origin-Resource-Policy", "same-origin")]
    assert ask(lambda _: answer(*lines)).readable


def test_a_page_of_an_opaque_origin_is_of_no_url():
    """https://html.spec.whatwg.org/multipage/browsers.html#concept-origin-opaque"""
    verdict = ask(
        lambda _: answer(*allow("null", credentials="true")),
        page="null",
        credentials="include",
    )
    assert verdict.readable
    assert (
        ask(lambda _: answer(), page="null", url=f"{PAGE}/x").failure
        == "allow-origin-missing"
    )


@pytest.mark.parametrize("status", [200, 204, 304, 401, 404, 500])
def test_the_status_does_not_matter_to_the_check(status):
    """https://fetch.spec.whatwg.org/#concept-cors-check"""
    assert ask(lambda _: answer(*allow(), status=status)).status == status
    assert ask(lambda _: answer(status=status)).failure == "allow-origin-missing"


KINDS = [
    (Kind.FETCH, "cors", "same-origin"),
    (Kind.XML_HTTP_REQUEST, "cors", "same-origin"),
    (Kind.IMAGE, "no-cors", "include"),
    (Kind.SCRIPT, "no-cors", "include"),
    (Kind.MODULE, "cors", "same-origin"),
    (Kind.STYLESHEET, "no-cors", "include"),
    (Kind.FONT, "cors", "same-origin"),
    (Kind.EVENT_SOURCE, "cors", "same-origin"),
    (Kind.WEB_SOCKET, "websocket", "include"),
    (Kind.BEACON, "no-cors", "include"),
]


@pytest.mark.parametrize(("kind", "mode", "credentials"), KINDS)
def test_a_kind_has_its_own_mode_and_credentials(kind, mode, credentials):
    """https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes"""
    fetch = Fetch(page_origin=PAGE, url=API, kind=kind)
    assert (fetch.mode, fetch.credentials) == (mode, credentials)
