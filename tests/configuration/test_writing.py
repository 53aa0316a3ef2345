"""Policies as the text of a TOML file: what is written is read as an equal.

Here: one policy, several, maps, and how they look. Not here: reading (`test_files.py`).
Spec: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

import re
import warnings

import pytest
from configured_files import write
from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac.configuration import (
    map_to_toml,
    policies_to_toml,
    read_map,
    read_policies,
    read_toml,
    to_toml,
)
from generated import every_keyword, maps, names
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import thoroughly

briefly = settings(thoroughly, max_examples=50)


def quietly(read, path):
    """What is read, whatever it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read(path)


def named(policy: Policy, name: str) -> Policy:
    """The policy as it is read from under a name."""
    if policy.name is not None:
        return policy
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return policy.replace(name=name)


@thoroughly
@given(policy=every_keyword())
def test_a_policy_that_is_written_is_read_as_its_equal(tmp_path_factory, policy):
    """Every keyword, every kind of origin, every escape."""
    path = write(tmp_path_factory.mktemp("toml"), to_toml(policy))
    assert policy == quietly(read_toml, path)
    assert to_toml(policy) == to_toml(quietly(read_toml, path))


@briefly
@given(policies=st.dictionaries(names, every_keyword(), min_size=1, max_size=4))
def test_several_policies_that_are_written_are_read_as_their_equals(
    tmp_path_factory, policies
):
    """But for those without a name, which then have that of their table."""
    path = write(tmp_path_factory.mktemp("toml"), policies_to_toml(policies))
    expected = {name: named(one, name) for name, one in policies.items()}
    assert expected == quietly(read_policies, path)


@briefly
@given(routes=maps)
def test_a_map_that_is_written_is_read_as_its_equal(tmp_path_factory, routes):
    """But for policies without a name, which then have one."""
    text = map_to_toml(routes)
    path = write(tmp_path_factory.mktemp("toml"), text)
    again = quietly(read_map, path)

    assert text == map_to_toml(again)
    assert list(routes.routes) == list(again.routes)
    for choice, read in zip(routes.routes.values(), again.routes.values(), strict=True):
        assert type(choice) is type(read)
        if choice is None:
            continue
        ours = choice.policies if isinstance(choice, OriginPolicies) else (choice,)
        theirs = read.policies if isinstance(read, OriginPolicies) else (read,)
        for one, other in zip(ours, theirs, strict=True):
            assert other == named(one, other.name)


PUBLIC = Policy(allow_origins=["*"], name="public")
STRICT = Policy(allow_origins=["https://strict.example"])


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(allow_origins=["*"]), 'allow_origins = ["*"]\n'),
        (
            Policy(
                allow_origins=[re.compile(r"https://a\.b", re.IGNORECASE)],
                allow_methods=["PUT", "DELETE"],
                allow_credentials=True,
                max_age=None,
                name="public",
                shadow=STRICT,
                cross_origin_resource_policy="same-site",
            ),
            (
                "allow_origins = [{ regex = 'https://a\\.b', ignore_case = true }]\n"
                'allow_methods = ["PUT", "DELETE"]\n'
                "allow_credentials = true\n"
                'max_age = "browser"\n'
                'name = "public"\n'
                'cross_origin_resource_policy = "same-site"\n'
                "\n"
                "[shadow]\n"
                'allow_origins = ["https://strict.example"]\n'
            ),
        ),
        (
            Policy(allow_origins=[f"https://{'a' * 30}{n}.example" for n in range(3)]),
            "allow_origins = [\n"
            + "".join(f'    "https://{"a" * 30}{n}.example",\n' for n in range(3))
            + "]\n",
        ),
    ],
)
def test_what_is_written_looks_as_people_write_it(policy, expected):
    """Without what is left at its default, a long list with a line for each value."""
    assert expected == to_toml(policy)


def test_several_policies_have_tables():
    """Whose keys name them, unless they have another name themselves."""
    policies = {"public": PUBLIC, "a.b": PUBLIC, "other": STRICT}
    assert policies_to_toml(policies) == (
        '[policies.public]\nallow_origins = ["*"]\n\n'
        '[policies."a.b"]\nallow_origins = ["*"]\nname = "public"\n\n'
        '[policies.other]\nallow_origins = ["https://strict.example"]\n'
    )
    assert to_toml(STRICT) == policies_to_toml({"": STRICT})
    with pytest.raises(ValueError, match='give it a key like "public"'):
        policies_to_toml({"": STRICT, "public": PUBLIC})


def test_a_map_names_its_policies():
    """By their names; a policy without one gets one, and two with one name stay two."""
    other = PUBLIC.replace(allow_methods=["PUT"])
    routes = PolicyMap(
        {
            "/a": PUBLIC,
            "/b": OriginPolicies([PUBLIC, STRICT, other]),
            "/c": None,
            "/d": STRICT,
            "/e": STRICT.replace(max_age=5),
        }
    )
    assert map_to_toml(routes) == (
        '[routes]\n"/a" = "public"\n"/b" = ["public", "policy-1", "public-2"]\n'
        '"/c" = false\n"/d" = "policy-1"\n"/e" = "policy-2"\n\n'
        '[policies.public]\nallow_origins = ["*"]\n\n'
        '[policies.policy-1]\nallow_origins = ["https://strict.example"]\n\n'
        '[policies.public-2]\nallow_origins = ["*"]\nallow_methods = ["PUT"]\n'
        'name = "public"\n\n'
        '[policies.policy-2]\nallow_origins = ["https://strict.example"]\nmax_age = 5\n'
    )


@pytest.mark.parametrize("choice", [PolicyMap({"/": None}), PolicyHandle(PUBLIC)])
def test_what_no_file_holds_is_refused(choice):
    """A map in a map, and what is replaced while it serves."""
    with pytest.raises(TypeError, match=f"'/a' leads to a {type(choice).__name__}, "):
        map_to_toml(PolicyMap({"/a": choice}))
