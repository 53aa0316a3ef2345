"""From what a person names to who answers: a policy, an application, a live server.

Here: `find_source`, the page and the URL that go with it. Not here: looking into applications
(`corsac.subject`), the network (`_network.py`), options (`_options.py`).
Spec: https://packaging.python.org/en/latest/specifications/entry-points/#data-model
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from corsac import Policy
from corsac.browser import Request, Response

from ._source import Source, policy_answer

if TYPE_CHECKING:
    from corsac.browser.applications import Server
    from corsac.subject import FoundPolicy, Subject

#: What stands for the server where only a policy is given, and for a page of which nothing is known.
SERVER: Final = "https://api.example/"
PAGE: Final = "https://app.example"


_OK: Final = Response(200)


class WrongUse(ValueError):
    """What was asked makes no sense; the text says what to write instead."""


class Extras(NamedTuple):
    """What goes to an application or a server besides the model's requests.

    `sends_unsafe`: whether methods that may change data go out. `body`: bytes, or None. `headers`:
    pairs that a browser adds, like a cookie. `answer`: what the application behind a policy answers.
    """

    sends_unsafe: bool = False
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    answer: Response = _OK


def is_url(subject: str) -> bool:
    return subject.lower().startswith(("http://", "https://", "ws://", "wss://"))


def find_source(subject: str, path: str, asked: Extras, leave: ExitStack) -> Source:
    """Who answers for a subject.

    `path`: of the fetch's URL, for which a policy among several is chosen. `leave`: closes what
    was opened. Raises `WrongUse`.
    """
    if is_url(subject):
        from ._network import network_sender

        sender = network_sender(asked.headers, asked.body)
        return Source(subject, sender, sends_unsafe=asked.sends_unsafe)
    policy = _policy_at_once(subject)
    if policy is not None:
        return of_policy(policy, subject, asked.answer)
    from corsac.subject import SubjectError, SubjectKind, read_subject

    try:
        found = read_subject(subject)
    except SubjectError as error:
        raise WrongUse(str(error)) from None
    if found.application is None:
        return of_policy(
            *_policy_of(found, path),
            asked.answer,
            is_toml=found.kind is SubjectKind.TOML,
        )
    return _of_application(found, path, asked, leave)


def of_policy(
    policy: Policy, name: str, answer: Response, *, is_toml: bool = False
) -> Source:
    """A server of which only the policy is known."""
    return Source(
        name,
        lambda request: policy_answer(policy, request, answer),
        policy=policy,
        is_policy=True,
        is_toml=is_toml,
        answer=answer,
    )


def page_of(policy: Policy | None) -> str:
    """The origin of a page that may ask, where none was named."""
    for pattern in policy.allow_origins if policy is not None else ():
        if isinstance(pattern, str) and pattern not in ("*", "null"):
            return pattern.replace("*.", "app.").removesuffix(":*")
    return PAGE


def _policy_at_once(subject: str) -> Policy | None:
    """The policy, if the name leads straight to one.

    Everything that looks into applications stays unimported then, which takes longer than all
    the rest. What fails here is looked at again, and said, by `corsac.subject`.
    """
    module_name, colon, name = subject.partition(":")
    parts = module_name.split(".")
    if not colon or not all(map(str.isidentifier, [*parts, *name.split(".")])):
        return None
    here = os.getcwd()
    if here not in sys.path and "" not in sys.path:
        sys.path.insert(0, here)
    try:
        found: Any = __import__(module_name, fromlist=["*"])
        for part in name.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit):  # noqa: BLE001 whatever the user's module raises
        return None
    return found if isinstance(found, Policy) else None


def _policy_of(found: Subject, path: str) -> tuple[Policy, str]:
    """The policy that speaks for a path, and its name. Raises `WrongUse` where it has problems."""
    one = _found_policy(found, path)
    if one is None:
        raise WrongUse(f"{found.name} has no policy; name a Policy, or give a URL")
    if one.policy is None:
        problems = "; ".join(problem.text for problem in one.problems)
        raise WrongUse(
            f"{one.sentence} is no valid policy: {problems} (corsac lint {found.name} says where)"
        )
    return one.policy, found.name if len(found.policies) == 1 else one.sentence


def _found_policy(found: Subject, path: str) -> FoundPolicy | None:
    covering = [one for one in found.policies if one.covers(path)]
    return next(iter(covering or found.policies), None)


def _of_application(
    found: Subject, path: str, asked: Extras, leave: ExitStack
) -> Source:
    from corsac.browser.applications import Server

    application: Any = found.application
    try:
        server = Server(application)
    except TypeError as error:
        raise WrongUse(f"{found.name}: {error}") from None
    leave.callback(_close, server)

    def send(request: Request) -> Response:
        try:
            return server.send(request, asked.body)
        except RuntimeError as error:
            raise WrongUse(f"{found.name} does not start: {error}") from None

    one = _found_policy(found, path)
    is_known = one is not None and one.library == "corsac" and len(found.policies) == 1
    return Source(
        found.name,
        send,
        policy=one.policy if one is not None and is_known else None,
        sends_unsafe=asked.sends_unsafe,
        answer=asked.answer,
    )


def _close(server: Server) -> None:
    """Ends the application; what fails then is no matter of the answer, which was given."""
    with suppress(RuntimeError):
        server.close()
