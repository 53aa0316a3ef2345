"""What a person writes, and what it names.

Here: objects in modules, factories, what stops an import, and each wrong word with its answer.
Not here: TOML (`test_toml.py`), what is found in applications (`test_find.py`), Django
(`test_django.py`).
Spec: https://packaging.python.org/en/latest/specifications/entry-points/#data-model
"""

from __future__ import annotations

import re
import sys
import warnings

import pytest
from corsac import Policy
from corsac.subject import SubjectError, SubjectKind, read_subject
from corsac.subject._examples import example_of

CODE = '''
"""What people have in their modules."""
import re
from corsac import Policy
from corsac.adapters.asgi import CORSMiddleware

policy = Policy(allow_origins=["https://app.example"], allow_methods=["patch"])

async def bare(scope, receive, send):
    pass

app = CORSMiddleware(bare, policy)

class Settings:
    policies = {}
    cors = policy

def create_app(name="x"):
    return app

async def create_later():
    return app

def create_policy():
    return Policy(allow_origins=["https://app.example/", 1])

def create_nothing():
    raise OSError("no database")

number = 7
'''


@pytest.fixture
def module(tmp_path, monkeypatch, request):
    """The name of a module with this code, in the current directory."""
    name = re.sub(r"\W", "_", f"named_{request.node.name}")[:60]
    package = tmp_path / name
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "main.py").write_text(CODE)
    (package / "broken.py").write_text("import sys\nprint(1)\n\nsys.exit('no key')")
    (package / "faulty.py").write_text(
        "from corsac import Policy\n\npolicy = Policy(\n    allow_origins='x',\n)"
    )
    (package / "needy.py").write_text("import no_such_module_anywhere")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    return name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("main:policy", SubjectKind.POLICY),
        ("main:Settings.cors", SubjectKind.POLICY),
        ("main:app", SubjectKind.APPLICATION),
        ("main:create_app", SubjectKind.APPLICATION),
        ("main:create_later", SubjectKind.APPLICATION),
    ],
)
def test_an_object_is_named_by_its_module(module, name, kind):
    """Dots go on behind the colon, and what makes an application is called."""
    subject = read_subject(f"{module}.{name}")

    assert kind is subject.kind
    [found] = subject.policies
    assert ("https://app.example",) == found.policy.allow_origins
    assert (kind is SubjectKind.APPLICATION) is (subject.application is not None)


def test_an_application_without_a_policy_is_a_subject(module):
    """There is something to ask, and nothing to read."""
    subject = read_subject(f"{module}.main:bare")
    assert () == subject.policies
    assert callable(subject.application)


def test_reading_says_nothing_by_itself(module):
    """What a policy warns of is for whoever shows the subject."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_subject(f"{module}.main:app")


def test_a_policy_that_stops_the_import_is_found_with_its_place(module):
    """Its problems are what the person came for."""
    [found] = read_subject(f"{module}.faulty:policy").policies
    assert ["invalid-list"] == [problem.code for problem in found.problems]
    assert f"{module}/faulty.py:3" in str(found.place).replace("\\", "/")

    [made] = read_subject(f"{module}.main:create_policy").policies
    assert 2 == len(made.problems)
    assert f"{module}/main.py" in str(made.place).replace("\\", "/")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("main:polic", r"there is no polic in .*; write \S+\.main:policy"),
        ("main:zzz", r"write \S+\.main:app"),
        ("main:Settings.zzz", r"there is no zzz in"),
        ("main:", r"names no object; write \S+:name"),
        ("main:app()", r"names no object; write \S+:name"),
        ("main", r"names a whole module; write \S+\.main:app"),
        ("main:number", r"is an int; name a corsac\.Policy or an application"),
        ("main:Settings.policies", r"is a dict; name a corsac\.Policy"),
        ("main:create_nothing", r"calling .* failed at .*main\.py:\d+: OSError"),
        ("broken:app", r"importing .* failed at .*broken\.py:4: SystemExit: no key"),
        ("needy:app", r"No module named 'no_such_module_anywhere'"),
        ("absent:app", r"there is no module \S+\.absent; run this where"),
    ],
)
def test_a_wrong_name_is_one_sentence(module, name, said):
    """It says what to write instead, or what went wrong, and where."""
    with pytest.raises(SubjectError, match=said) as caught:
        read_subject(f"{module}.{name}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing is named; write package.module:name"),
        ("a b", "is no module and no file"),
        ("./app.py", "write app:app for the object app in it"),
        ("src/app.py", "write src.app:app"),
        ("\0", "names nothing"),
        ("no/such/file.toml", "there is no file"),
        ("x" * 5000, "there is no module"),
        (":app", "is no module and no file"),
        ("a..b:c", "is no module and no file"),
        (
            "https://api.example/",
            "is a URL, which shows no policy: corsac probe asks it",
        ),
    ],
)
def test_what_names_nothing_is_one_sentence(tmp_path, monkeypatch, text, said):
    """Whatever was written."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SubjectError, match=re.escape(said)):
        read_subject(text)


def test_a_file_that_is_no_toml_says_so(tmp_path):
    """People name what they have."""
    path = tmp_path / "policy.yaml"
    path.write_text("allow_origins: []")
    with pytest.raises(SubjectError, match=r"name one that ends in \.toml"):
        read_subject(str(path))


@pytest.mark.parametrize(
    ("regex", "example"),
    [
        (r"^https://\w+\.example\.com(:[0-9]+)?$", "https://a.example.com"),
        (r"https://.*\.example\.com", "https://a.example.com"),
        (r"https://(.*)\.(b|c)\.example", "https://a.b.example"),
        (r"https://[^a-z.]+\.example", "https://1.example"),
        (r"https://\d{2,}\.example", "https://11.example"),
        (r"https?://localhost:\d+", "http://localhost:1"),
        (r"https://example.com.*", "https://example.com"),
        (r"HTTPS://A", "HTTPS://A"),
        (r"/api/.*", "/api/"),
        (r"[^a]b?", "b"),
        (r"", ""),
        (r"(?=a)a", None),
        (r"(a)\1", None),
        (r"a{400}", None),
        (r"(", None),
    ],
)
def test_an_example_of_a_regex(regex, example):
    """A short one that the whole regex matches; none where that takes more."""
    assert example == example_of(regex)


def test_a_policy_equals_its_subject(module):
    """What is read is the object itself, not one like it."""
    subject = read_subject(f"{module}.main:policy")
    assert isinstance(subject.policies[0].policy, Policy)
    assert sys.modules[f"{module}.main"].policy is subject.policies[0].policy
