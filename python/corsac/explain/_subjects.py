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

from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac.browser import Request, Response

from ._source import Source, policy_answer

if TYPE_CHECKING:
    from corsac.browser._url import Url
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


def find_source(
    subject: str, url: Url | None, asked: Extras, leave: ExitStack
) -> Source:
    """Who answers for a subject.

    `url`: the fetch's, for which a policy among several is chosen. `leave`: closes what was
    opened. Raises `WrongUse`.
    """
    if is_url(subject):
        from ._network import network_sender

        sender = network_sender(asked.headers, asked.body)
        return Source(subject, sender, sends_unsafe=asked.sends_unsafe)
    held = _held_at_once(subject)
    if isinstance(held, Policy):
        return of_policy(held, subject, asked.answer)
    if held is not None:
        from ._choices import of_choice

        return of_choice(held, subject, url, asked.answer)
    from corsac.subject import SubjectError, SubjectKind, read_subject

    try:
        found = read_subject(subject)
    except SubjectError as error:
        raise WrongUse(str(error)) from None
    if found.application is None:
        return of_policy(
            *_policy_of(found, _path_of(url), _host_of(url)),
            asked.answer,
            is_toml=found.kind is SubjectKind.TOML,
        )
    return _of_application(found, url, asked, leave)


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


def _path_of(url: Url | None) -> str:
    return "/" if url is None else url.path.partition("?")[0]


def _host_of(url: Url | None) -> str:
    return "" if url is None else url.origin.partition("://")[2]


def _held_at_once(
    subject: str,
) -> Policy | PolicyMap | OriginPolicies | PolicyHandle | None:
    """The policy, or what holds several, if the name leads straight to one.

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
    held = (Policy, PolicyMap, OriginPolicies, PolicyHandle)
    return found if isinstance(found, held) else None


def _policy_of(found: Subject, path: str, host: str) -> tuple[Policy, str]:
    """The policy that speaks at an address, and its name. Raises `WrongUse` where it has problems."""
    covering = [one for one in found.policies if one.covers(path, host)]
    one = next(iter(covering or found.policies), None)
    if one is None:
        raise WrongUse(f"{found.name} has no policy; name a Policy, or give a URL")
    if one.policy is None and not one.problems:
        raise WrongUse(f"{one.sentence} is without CORS; name another address by --url")
    if one.policy is None:
        problems = "; ".join(problem.text for problem in one.problems)
        raise WrongUse(
            f"{one.sentence} is no valid policy: {problems} (corsac lint {found.name} says where)"
        )
    return one.policy, found.name if len(found.policies) == 1 else one.sentence


def _of_application(
    found: Subject, url: Url | None, asked: Extras, leave: ExitStack
) -> Source:
    from corsac.browser.applications import Server
    from corsac.subject import deciding

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

    return Source(
        found.name,
        send,
        policy=_known(found, deciding(found.policies, _path_of(url), _host_of(url))),
        sends_unsafe=asked.sends_unsafe,
        answer=asked.answer,
    )


def _known(found: Subject, one: FoundPolicy | None) -> Policy | None:
    """The policy that decides, where no other could have a say."""
    if one is not None and one.route is not None:
        return one.policy
    alone = found.policies[0] if len(found.policies) == 1 else None
    is_ours = alone is not None and alone.library == "corsac" and alone.route is None
    return alone.policy if alone is not None and is_ours else None


def _close(server: Server) -> None:
    """Ends the application; what fails then is no matter of the answer, which was given."""
    with suppress(RuntimeError):
        server.close()
