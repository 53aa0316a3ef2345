"""What a browser does with an application as it is, and under the policy that would take its place.

Here: findings and rows of live applications, and that nothing unsafe reaches them.
Not here: which policies are found (`subject/test_find.py`), what a browser does
(`browser_model/`).
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from __future__ import annotations

import logging
import re

import pytest
import site_applications as site
from corsac import Policy
from corsac.browser import Browser
from corsac.lint import Severity, lint
from corsac.lint._samples import fetches_for
from corsac.subject import Subject, SubjectKind, find_policies
from site_applications import APP, OTHER

STRANGER = "https://stranger.example"


def lint_application(app):
    """The report on an application, as the command gets it."""
    subject = Subject(SubjectKind.APPLICATION, "app", find_policies(app), app)
    return lint(subject)


def starlette(**options):
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware

    return Starlette(middleware=[Middleware(CORSMiddleware, **options)])


def flask(**options):
    from flask import Flask
    from flask_cors import CORS

    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "", methods=["GET", "DELETE"])
    CORS(app, **options)
    return app


def litestar(**options):
    from litestar import Litestar
    from litestar.config.cors import CORSConfig

    return Litestar([], cors_config=CORSConfig(**options))


def quart(**options):
    import quart_cors
    from quart import Quart

    app = Quart(__name__)

    @app.get("/")
    async def index():
        return ""

    return quart_cors.cors(app, **options)


#: An application, and what is found: the rules that are errors, and the meaning, page and
#: credentials of some rows.
ROWS = [
    pytest.param(
        starlette(
            allow_origins=["*"],
            allow_methods=["*"],
            allow_headers=["*"],
            allow_credentials=True,
        ),
        ["answered-without-credentials", "open-with-credentials"],
        [
            ("open to others, with credentials", STRANGER, "GET", "include"),
            ("open to others, with credentials", STRANGER, "PUT", "include"),
            ("open to others, with credentials", "null", "GET", "include"),
        ],
        id="Starlette lets everybody act as the user",
    ),
    pytest.param(
        starlette(allow_origins=[APP], allow_methods=["GET"], allow_headers=["X-A"]),
        [],
        [("refused, and would work", APP, "POST", "omit")],
        id="Starlette refuses what needs no leave",
    ),
    pytest.param(
        flask(origins=r"https://.*\.app\.example", supports_credentials=True),
        ["open-with-credentials"],
        [
            (
                "open to others, with credentials",
                "https://a.app.example.stranger.example",
                "GET",
                "include",
            ),
            (
                "open to others",
                "https://a.app.example.stranger.example",
                "GET",
                "omit",
            ),
        ],
        id="flask-cors looks at the begin of an origin",
    ),
    pytest.param(
        flask(origins=[r"https://a.app\.example$"]),
        ["dangerous-option"],
        [("open to others", "https://axapp.example", "GET", "omit")],
        id="a dot that stands for any character",
    ),
    pytest.param(
        starlette(allow_origins=[APP, f"{OTHER}/"], allow_methods=["GET", "POST"]),
        ["idle-origin"],
        [],
        id="an origin with a slash at its end",
    ),
    pytest.param(flask(origins=[APP]), [], [], id="flask-cors with a plain list"),
    pytest.param(
        litestar(allow_origins=["https://*"], allow_credentials=True),
        ["dangerous-option", "answered-without-credentials", "open-with-credentials"],
        [("open to others, with credentials", STRANGER, "GET", "include")],
        id="Litestar's star in an origin",
    ),
    pytest.param(
        litestar(allow_origins=[APP]), [], [], id="Litestar with a plain list"
    ),
    pytest.param(
        quart(allow_origin=[APP], allow_credentials=True),
        [],
        [],
        id="quart-cors with a plain list",
    ),
]


@pytest.mark.parametrize(("app", "errors", "rows"), ROWS)
def test_what_would_be_answered_otherwise(app, errors, rows):
    """Each row with its outcome before and after; an application that is right has none."""
    report = lint_application(app)
    [linted] = report.policies
    found = [
        (row.meaning, row.fetch.page_origin, row.fetch.method, row.fetch.credentials)
        for row in linted.rows
    ]

    assert errors == [
        finding.rule
        for finding in linted.findings
        if finding.severity is Severity.ERROR
    ]
    assert set(rows) <= set(found)
    assert bool(rows) is bool(found)
    assert linted.tried > 12
    assert sorted(row.rank for row in linted.rows) == [row.rank for row in linted.rows]


def test_an_outcome_names_the_browsers_and_the_step():
    """Where all of them agree it is one word."""
    app = starlette(allow_origins=["*"], allow_credentials=True)
    row = lint_application(app).policies[0].rows[0]
    assert tuple(Browser) == row.before.readable
    assert "readable" == str(row.before)
    assert "blocked: allow-origin-wildcard" == str(row.after)


def test_browsers_that_disagree_are_named():
    """All of them let a wildcard cover Authorization, and the standard does not; others differ."""
    from corsac.lint import Outcome

    outcome = Outcome((Browser.FIREFOX,), "allow-headers")
    assert "readable in firefox only: allow-headers" == str(outcome)


def test_nothing_but_get_and_options_reaches_an_application():
    """A DELETE that a policy allows must not delete."""
    seen = set()
    app = flask(origins=[APP], methods=["DELETE", "PUT", "POST"])
    app.before_request(lambda: seen.add(_method()))

    lint_application(app)

    assert {"GET", "OPTIONS"} == seen


def _method():
    from flask import request

    return request.method


def test_an_application_that_fails_is_told_and_not_heard(caplog, capsys):
    """Its error is an outcome like another, and its log stays as it is."""
    from flask import Flask
    from flask_cors import CORS

    app = Flask(__name__)

    @app.get("/")
    def fail():
        raise RuntimeError("no database")

    CORS(app, origins=[APP])
    [linted] = lint_application(app).policies
    assert () == linted.rows
    assert "" == caplog.text
    assert ("", "") == capsys.readouterr()
    assert not logging.root.manager.disable


def test_two_policies_for_the_same_paths_are_one_too_many():
    """The outer one answers, and the inner one looks as if it did."""
    report = lint_application(site.fastapi_with_corsac())
    [outer, inner] = report.policies
    assert [] == [finding.rule for finding in outer.findings]
    assert ["two-policies"] == [finding.rule for finding in inner.findings]
    assert None is outer.rows is inner.rows


def test_policies_of_views_are_no_second_ones():
    """One of them is chosen for each request."""
    rules = [f.rule for f in lint_application(site.flask_cors_resources()).findings()]
    assert "two-policies" not in rules


def test_what_stands_outside_is_a_finding():
    """It can answer, and a browser then blocks that answer."""
    findings = list(lint_application(site.starlette_added()).findings())
    [outside] = [one for one in findings if one.rule == "middleware-outside"]
    assert "HTTPSRedirectMiddleware can answer" in outside.text


def test_an_application_that_cannot_be_asked_is_a_note():
    """Its policies are judged all the same."""
    report = lint_application(site.aiohttp_cors())
    assert (
        "no request was tried: aiohttp's Application speaks neither WSGI nor ASGI",
    ) == report.notes
    assert all(policy.rows is None for policy in report.policies)


def test_a_resource_without_a_route_is_a_note():
    """Its preflights would be a 404 in any case."""
    from flask import Flask
    from flask_cors import CORS

    app = Flask(__name__)
    CORS(app, resources={"/nowhere/.*": {"origins": APP}})
    report = lint_application(app)
    assert None is report.policies[0].rows
    assert "no path is known" in report.notes[0]


def test_without_a_policy_that_is_a_note():
    """And no finding, since CORS is nothing that every application needs."""
    report = lint_application(site.no_policy())
    assert (("no policy was found in app",), None) == (report.notes, report.worst())


def test_an_application_is_asked_by_a_name_that_it_answers_to():
    """Or every answer would be that it does not."""
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    app = Starlette(
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["*.api.example"]),
            Middleware(CORSMiddleware, allow_origins=[APP], allow_methods=["*"]),
        ]
    )
    assert () == lint_application(app).policies[0].rows


def test_the_fetches_are_few_and_each_kind_is_among_them():
    """Whatever a policy lists."""
    origins = [f"https://a{n}.example" for n in range(500)]
    policy = Policy(
        allow_origins=[*origins, "https://*.b.example", re.compile("https://c\\.d")],
        allow_methods=[f"M{n}" for n in range(500)],
        allow_headers=[f"X-{n}" for n in range(500)],
    )
    samples = list(fetches_for(policy, f"{OTHER}/"))

    assert len(samples) < 150
    assert {
        "listed",
        "stranger",
        "lookalike",
        "bare name",
        "http",
        "other port",
        "null",
    } == {sample.reason for sample in samples}
