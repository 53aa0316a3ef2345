"""Policies in live applications: each place where people put one.

Here: rows of applications with all that is found in them, outermost first.
Not here: Django, whose settings are one to a process (`test_django.py`), how options are translated
(`compat/`).
Spec: https://asgi.readthedocs.io/en/latest/specs/main.html#applications
"""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
import site_applications as site
from corsac import Policy
from corsac.subject import FoundPolicy, find_policies
from site_applications import APP, OTHER

#: What Starlette and Litestar add by themselves.
SAFELISTED = ["Accept", "Accept-Language", "Content-Language", "Content-Type"]
#: What flask-cors and quart-cors allow where nothing else is said.
EVERYTHING = {
    "allow_headers": ["*", "Authorization"],
    "max_age": None,
    "preflight_status": 200,
}
FLASK_METHODS = ["OPTIONS", "PUT", "PATCH", "DELETE"]
PATTERN = re.compile(r"https://[a-z]+\.app\.example")


def old(**keywords):
    return Policy(preflight_status=200, **keywords)


def in_order(policy):
    """Equal for lists in another order, which some libraries do not keep."""
    fields = ("allow_methods", "allow_headers", "expose_headers")
    changes = {field: sorted(getattr(policy, field)) for field in fields}
    return policy.replace(**changes)


ROWS = [
    (
        site.starlette_added,
        [
            (
                "starlette",
                "app.user_middleware[2]",
                old(
                    allow_origins=[APP],
                    allow_methods=["PUT"],
                    allow_headers=[*SAFELISTED, "X-A"],
                    expose_headers=["X-B", "X-C"],
                    max_age=5,
                ),
            ),
            (
                "starlette",
                "app.routes[0].app.user_middleware[0]",
                old(allow_origins=[OTHER], allow_headers=SAFELISTED),
            ),
        ],
    ),
    (
        site.starlette_wrapped,
        [
            (
                "starlette",
                "app",
                old(allow_origins=[APP], allow_headers=["*", "Authorization"]),
            )
        ],
    ),
    (
        site.starlette_mounted_only,
        [
            (
                "starlette",
                "app.routes[0].app",
                old(allow_origins=[APP], allow_headers=["*", "Authorization"]),
            )
        ],
    ),
    (
        site.fastapi_subclass,
        [
            (
                "starlette",
                "app.user_middleware[0]",
                old(allow_origins=[APP], allow_headers=SAFELISTED),
            )
        ],
    ),
    (
        site.fastapi_with_corsac,
        [
            ("corsac", "app", Policy(allow_origins=[APP])),
            ("corsac", "app.user_middleware[0]", Policy(allow_origins=[OTHER])),
        ],
    ),
    (site.asgi_with_corsac, [("corsac", "app", Policy(allow_origins=[APP]))]),
    (site.wsgi_with_corsac, [("corsac", "app", Policy(allow_origins=[APP]))]),
    (
        site.flask_with_corsac,
        [
            ("corsac", 'app, blueprint "users"', Policy(allow_origins=["*"])),
            ("corsac", 'app, view "item"', Policy(allow_origins=[OTHER])),
            ("corsac", "app.wsgi_app", Policy(allow_origins=[APP])),
        ],
    ),
    (
        site.flask_cors_resources,
        [
            (
                "flask-cors",
                'blueprint "users"',
                Policy(
                    allow_origins=[re.compile(PATTERN.pattern)],
                    allow_methods=FLASK_METHODS,
                    **EVERYTHING,
                ),
            ),
            (
                "flask-cors",
                "app",
                Policy(
                    allow_origins=[APP, "https://*.app.example"],
                    allow_methods=FLASK_METHODS,
                    allow_credentials=True,
                    **EVERYTHING,
                ),
            ),
            (
                "flask-cors",
                'app, view "view"',
                Policy(
                    allow_origins=[OTHER],
                    allow_methods=["PUT"],
                    allow_credentials=True,
                    **EVERYTHING,
                ),
            ),
        ],
    ),
    (
        site.flask_cors_swapped,
        [
            (
                "corsac.compat",
                'app, view "view"',
                Policy(
                    allow_origins=[OTHER], allow_methods=FLASK_METHODS, **EVERYTHING
                ),
            ),
            (
                "corsac.compat",
                "app.wsgi_app",
                Policy(allow_origins=[APP], allow_methods=FLASK_METHODS, **EVERYTHING),
            ),
        ],
    ),
    (
        site.quart_with_corsac,
        [("corsac", "app.asgi_app", Policy(allow_origins=[APP]))],
    ),
    (
        site.quart_cors,
        [
            (
                "quart-cors",
                "app",
                Policy(
                    allow_origins=[APP, PATTERN],
                    allow_methods=["PUT"],
                    **{**EVERYTHING, "max_age": 5},
                ),
            ),
            (
                "quart-cors",
                'view "view"',
                Policy(allow_origins=[OTHER], allow_methods=["PUT"], **EVERYTHING),
            ),
        ],
    ),
    (
        site.litestar,
        [
            (
                "litestar",
                "app.cors_config",
                old(
                    allow_origins=[APP, re.compile(r"https://.*\.app\.example")],
                    allow_methods=["PUT"],
                    allow_headers=["*", "Authorization"],
                ),
            )
        ],
    ),
    (
        site.aiohttp_cors,
        [
            (
                "aiohttp-cors",
                f"app, defaults of {APP}, {OTHER}",
                old(
                    allow_origins=[APP, OTHER],
                    allow_methods=["*"],
                    allow_headers=["X-A"],
                    allow_credentials=True,
                    max_age=None,
                ),
            ),
            (
                "aiohttp-cors",
                "app, defaults of *",
                old(allow_origins=["*"], max_age=5),
            ),
        ],
    ),
    (site.aiohttp_with_corsac, [("corsac", "app", Policy(allow_origins=[APP]))]),
    (site.sanic_with_corsac, [("corsac", "app", Policy(allow_origins=[APP]))]),
    (
        site.tornado_with_corsac,
        [
            ("corsac", "app", Policy(allow_origins=[APP])),
            ("corsac", "app", Policy(allow_origins=[OTHER])),
        ],
    ),
    (site.pyramid_with_corsac, [("corsac", "app", Policy(allow_origins=[APP]))]),
    (site.no_policy, []),
]


@pytest.mark.parametrize(
    ("make", "expected"), ROWS, ids=[make.__name__ for make, _ in ROWS]
)
def test_every_policy_of_an_application_is_found(make, expected):
    """In whatever words it is written, as the policy that means the same."""
    found = find_policies(make())

    assert [(library, name) for library, name, _ in expected] == [
        (one.library, one.name) for one in found
    ]
    for (_, _, policy), one in zip(expected, found):
        assert () == one.problems
        assert str(in_order(policy)).lower() == str(in_order(one.policy)).lower()


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (site.starlette_added, [("", "/x", ""), ("/inner", "/inner/x", "")]),
        (site.starlette_mounted_only, [("/api", "/api/x", "")]),
        (
            site.flask_with_corsac,
            [
                ("", "/users", "/users"),
                ("", "/items/7", "/items/1"),
                ("", "/anything", ""),
            ],
        ),
        (
            site.flask_cors_resources,
            [
                ("", "/users", "/users"),
                ("", "/api/items", "/api/items"),
                ("", "/api/view", "/api/view"),
            ],
        ),
        (site.quart_cors, [("", "/", "/"), ("", "/view", "/view")]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_policy_knows_its_paths(make, expected):
    """The prefix that it is mounted at, a path that it covers, and one to try."""
    found = find_policies(make())
    assert [(prefix, sample) for prefix, _, sample in expected] == [
        (one.prefix, one.sample) for one in found
    ]
    assert all(
        one.covers(path) for one, (_, path, _) in zip(found, expected, strict=True)
    )


def test_a_policy_covers_whole_segments():
    """A prefix is no begin of a name, and a view's path is its own."""
    [outer, inner] = find_policies(site.starlette_added())
    assert outer.covers("/innermost")
    assert not inner.covers("/innermost")
    assert inner.covers("/inner")
    view = find_policies(site.flask_with_corsac())[1]
    assert view.covers("/items/7")
    assert not view.covers("/items/7/more")
    assert not view.covers("/other")


def test_what_stands_outside_is_named():
    """But for what lets every request through."""
    [outer, inner] = find_policies(site.starlette_added())
    assert (("HTTPSRedirectMiddleware",), ()) == (outer.outside, inner.outside)


def test_options_that_make_no_policy_are_problems():
    """An application with them runs, in its own way; here it says what is wrong."""
    from starlette.applications import Starlette
    from starlette.middleware.cors import CORSMiddleware

    app = CORSMiddleware(
        Starlette(), allow_origin_regex=r"https://(?=a).*\.app\.example"
    )
    [found] = find_policies(app)
    assert None is found.policy
    assert ["invalid-origin-regex"] == [one.code for one in found.problems]


def test_an_object_that_resists_is_a_problem_too():
    """Whatever an application is made of, looking at it ends."""

    class Routes:
        @property
        def routes(self):
            raise RuntimeError("not yet")

    [found] = find_policies(Routes())
    assert "unreadable-options" == found.problems[0].code
    assert "RuntimeError: not yet" in found.problems[0].text


def test_applications_around_themselves_end():
    """Each object is looked at once."""
    app = SimpleNamespace()
    app.app = lambda: app
    app.app.app = app
    assert () == find_policies(app)


def test_no_framework_is_imported_for_it():
    """An application of one framework costs nothing of the others."""
    code = (
        "import sys; from corsac.subject import find_policies, read_subject;"
        "before = set(sys.modules); find_policies(lambda scope, receive, send: None);"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - set(sys.stdlib_module_names)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "['corsac']" == run.stdout.strip()


def test_a_found_policy_is_equal_by_what_was_found():
    """Two looks at one application find the same."""
    app = site.flask_cors_resources()
    assert find_policies(app) == find_policies(app)
    assert isinstance(find_policies(app)[0], FoundPolicy)
