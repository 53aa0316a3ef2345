"""A source of several policies as who answers: the one of a request answers it.

Here: `of_choice`. Not here: a single policy (`_subjects.py`), applications that have such a source.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from corsac import OriginPolicies, Policy, PolicyHandle, PolicyMap
from corsac._requests import Request as Asked
from corsac._sources import choose_now
from corsac.browser import Request, Response
from corsac.browser._url import parse

from ._source import Source

if TYPE_CHECKING:
    from corsac._handle import Choice
    from corsac.browser._url import Url

    Held = PolicyMap | OriginPolicies | PolicyHandle


def of_choice(source: Held, name: str, url: Url | None, answer: Response) -> Source:
    """A server of which only the policies are known.

    `url`: the fetch's, whose policy is the one to change where it refuses. What chooses by the
    origin has none for a URL, and is explained as servers are whose code nobody knows.
    """

    def send(request: Request) -> Response:
        asked = _asked(parse(request.url), request.method, request.headers)
        policy = choose_now(source, asked)
        if policy is None:
            return answer
        decision = policy._decide_request(asked)
        if decision.status is not None:
            return Response(decision.status, decision.headers)
        headers = tuple(decision.merge(answer.headers))
        return Response(answer.status, headers, answer.reason)

    policy = _chosen(source, _asked(url, "GET", ()))
    is_policy = policy is not None
    return Source(name, send, policy=policy, is_policy=is_policy, answer=answer)


def _asked(url: Url | None, method: str, headers: tuple[tuple[str, str], ...]) -> Asked:
    scheme, host, path = "", "", "/"
    if url is not None:
        scheme, _, host = url.http_origin.partition("://")
        path = unquote(url.path.partition("?")[0])
    lines = [("Host", host), *headers]
    return Asked(method, lines, scheme=scheme, path=path, native=None)


def _chosen(choice: Choice, asked: Asked) -> Policy | None:
    """The policy of an address; None where the origin chooses among several."""
    while choice is not None and not isinstance(choice, Policy):
        if isinstance(choice, PolicyHandle):
            choice = choice.policy
        elif isinstance(choice, PolicyMap):
            choice = choice.choose(asked)
        else:
            return None
    return choice
