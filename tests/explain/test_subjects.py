"""Applications and files that hold a policy, named as on a command line.

Here: what an application answers and what its policy changes, TOML, what is not done.
Not here: the changes themselves (`test_policies.py`), finding policies (`corsac.subject`).
Spec: https://packaging.python.org/en/latest/specifications/entry-points/#data-model
"""

from __future__ import annotations

import pytest
from explain import policies
from explain.asking import ask, lines

PAGE = "https://app.example"

APPLICATIONS = ["guarded", "guarded_asynchronous"]


@pytest.mark.parametrize("name", APPLICATIONS)
def test_an_application_is_asked_and_its_policy_changed(name):
    """What it really answers is shown, and the policy that was found in it is mended."""
    words = [f"explain.policies:{name}", "--origin", PAGE, "--url", "/items"]
    code, document = ask(*words)
    refused, other = ask(*words, "--method", "PUT")

    assert (0, 1) == (code, refused)
    assert (
        'expose_headers=["X-Total-Count"]'.lower()
        == document["exposing"]["line"].lower()
    )
    assert ['policy allow_methods=["DELETE", "PUT"]'] == lines(other)


def test_what_answers_before_the_policy_is_named_and_mended():
    """The policy allows it: its lines are right, and the router's answer is not."""
    words = ["explain.policies:half_guarded", "--origin", PAGE, "--method", "DELETE"]
    code, document = ask(*words, "--send")

    assert 1 == code
    assert "preflight status 204" == lines(document)[0]


def test_an_application_does_not_do_what_it_is_not_told_to():
    """Explaining a DELETE deletes nothing, until `--send` says so."""
    words = ["explain.policies:guarded_deleting", "--origin", PAGE, "--url", "/a"]
    code, document = ask(*words, "--method", "DELETE")
    before = list(policies.deleted)
    sent, _ = ask(*words, "--method", "DELETE", "--send")

    assert (0, 0) == (code, sent)
    assert any("was not sent" in one for one in document["remarks"])
    assert ([], ["/a"]) == (before, list(dict.fromkeys(policies.deleted)))


def test_a_toml_file_is_answered_in_toml(tmp_path):
    """The line can be pasted into the file."""
    file = tmp_path / "corsac.toml"
    file.write_text('allow_origins = ["https://app.example"]\n')
    words = ["--origin", PAGE, "--method", "PUT", "--credentials", "include"]
    code, document = ask(str(file), *words)

    assert 1 == code
    assert ['policy allow_methods = ["PUT"]', "policy allow_credentials = true"] == (
        lines(document)
    )


def test_a_toml_file_with_several_policies_says_which_one_it_took(tmp_path):
    """By its name in the file."""
    file = tmp_path / "corsac.toml"
    file.write_text(
        '[policies.web]\nallow_origins = ["https://app.example"]\n'
        '[policies.partners]\nallow_origins = ["https://b.example"]\n'
    )
    code, document = ask(str(file), "--origin", PAGE)

    assert 0 == code
    assert "web" in document["server"]


def test_an_application_that_does_not_start_is_wrong_use(capsys):
    """In its own words."""
    code, _ = ask("explain.policies:stillborn", "--origin", PAGE)

    assert 2 == code
    assert "no database" in capsys.readouterr().err
