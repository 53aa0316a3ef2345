"""What a person names on a command line, found and read: a TOML file, a policy, an application.

Here: the public names. Not here: command lines, findings (`corsac.lint`), any CORS rule;
`import corsac` does not import it.
Spec: https://packaging.python.org/en/latest/specifications/entry-points/#data-model
"""

from ._read import read_subject
from ._subject import (
    FoundPolicy,
    FoundProblem,
    NoPolicyError,
    Place,
    Subject,
    SubjectError,
    SubjectKind,
    deciding,
)
from ._walk import find_policies

__all__ = [
    "FoundPolicy",
    "FoundProblem",
    "NoPolicyError",
    "Place",
    "Subject",
    "SubjectError",
    "SubjectKind",
    "deciding",
    "find_policies",
    "read_subject",
]
