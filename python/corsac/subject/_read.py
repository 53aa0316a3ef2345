"""From what a person writes to what it names.

Here: `read_subject`, which tells files, objects and settings modules apart.
Not here: TOML (`_toml.py`), importing (`_module.py`), looking into applications (`_walk.py`).
Spec: https://packaging.python.org/en/latest/specifications/entry-points/#data-model
"""

from __future__ import annotations

from pathlib import Path

from .._policy import Policy
from .._problems import PolicyError
from ._apart import HELD, take_apart
from ._making import problems_of, recorded
from ._module import PolicyInModule, find_module, import_module, name_in
from ._settings import is_settings, read_settings
from ._subject import FoundPolicy, Subject, SubjectError, SubjectKind
from ._toml import read_toml
from ._walk import look_into

_WRITE = (
    "write package.module:name for an object, the path of a TOML file, "
    "or the module of Django's settings"
)


def read_subject(text: str) -> Subject:
    """What a text names.

    `text`: a str: `"package.module:name"` for a `Policy` or an application (dots after the colon
    go on; a function that takes no argument is called), the path of a TOML file, or the module of
    a Django project's settings. The current directory is importable. Whatever its code prints or
    does on import happens.

    Raises `SubjectError`, with one sentence that says what to write instead. A policy that has
    problems is no error: `policies` holds them.
    Source: https://packaging.python.org/en/latest/specifications/entry-points/#data-model
    """
    if not text.strip():
        raise SubjectError(f"nothing is named; {_WRITE}")
    if "\0" in text:
        raise SubjectError(f"{text!r} names nothing; {_WRITE}")
    if "://" in text:
        raise SubjectError(
            f"{text} is a URL, which shows no policy: corsac probe asks it"
        )
    path = Path(text)
    if path.suffix in (".toml", ".py") or _is_file(path):
        return _read_file(path, text)
    module, colon, name = text.partition(":")
    if not all(part.isidentifier() for part in module.split(".")):
        raise SubjectError(f"{text!r} is no module and no file; {_WRITE}")
    try:
        # Policies that warn say so with their findings, not while a module is imported.
        with recorded():
            if not colon:
                return _read_settings(text)
            return _read_object(text, name_in(import_module(module), name, text))
    except PolicyInModule as error:
        return _with_problems(text, error)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long for the file system
        return False


def _read_file(path: Path, text: str) -> Subject:
    if path.suffix == ".py":
        module = ".".join(path.with_suffix("").parts).strip("./")
        raise SubjectError(
            f"{text} is a file; write {module}:app for the object app in it"
        )
    if path.suffix != ".toml":
        raise SubjectError(f"{text} is no TOML file; name one that ends in .toml")
    if not path.exists():
        raise SubjectError(f"there is no file {text}; look at its path")
    if not path.is_file():
        raise SubjectError(f"{text} is no file; name a TOML file")
    return read_toml(path, text)


def _read_settings(text: str) -> Subject:
    module = import_module(text)
    if is_settings(module):
        return read_settings(text)
    names = find_module(module)
    meant = f"{text}:{names[0]}" if names else f"{text}:name, for the object in it"
    raise SubjectError(f"{text} names a whole module; write {meant}")


def _read_object(text: str, thing: object) -> Subject:
    if isinstance(thing, HELD):
        kind = "policy" if isinstance(thing, Policy) else type(thing).__name__
        about = FoundPolicy(library="corsac", name=text, sentence=f"the {kind} {text}")
        seen = list(take_apart(thing, about))
        found = tuple(one for one in seen if not isinstance(one, str))
        said = tuple(one for one in seen if isinstance(one, str))
        return Subject(SubjectKind.POLICY, text, found, notes=said)
    policies, notes = look_into(thing)
    if not policies and not callable(thing) and not _is_application(thing):
        raise SubjectError(
            f"{text} is {_kind(thing)}; name a corsac.Policy or an application"
        )
    return Subject(SubjectKind.APPLICATION, text, policies, thing, notes)


def _is_application(thing: object) -> bool:
    """Whether it is one of the applications that are no callables: aiohttp's and Tornado's."""
    return any(
        base.__module__.partition(".")[0] in ("aiohttp", "tornado")
        for base in type(thing).__mro__
    )


def _kind(thing: object) -> str:
    name = type(thing).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _with_problems(text: str, error: PolicyInModule) -> Subject:
    """A module whose import a policy has stopped: the policy is what there is to say."""
    assert isinstance(error.cause, PolicyError)
    one = FoundPolicy(
        library="corsac",
        name=text,
        sentence="the policy that stops the import",
        problems=problems_of(error.cause),
        place=error.place,
    )
    return Subject(SubjectKind.APPLICATION, text, (one,))
