"""Who answers a fetch: a policy, an application, a live server, a recording.

Here: `Source`, which asks for each request once and remembers, and withholds what may change data.
Not here: how a subject is found (`_subjects.py`), the network (`_network.py`).
Spec: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corsac import Policy
from corsac.browser import NoResponse, Request, Response

Send = Callable[[Request], Response]

#: Methods that only read. https://www.iana.org/assignments/http-methods
_SAFE_METHODS: Final = frozenset(
    {"GET", "HEAD", "OPTIONS", "PROPFIND", "QUERY", "REPORT", "SEARCH"}
)


class Source:
    """Answers requests, the same ones once.

    `name`: a str for people. `send`: takes a `Request`, returns a `Response` or raises
    `NoResponse`. `policy`: the `Policy` that decides, where it is known. `is_policy`: whether
    there is nothing but that policy. `is_toml`: whether it is written in TOML. `sends_unsafe`:
    whether requests go out whose method may change data. `answer`: what the application behind
    a policy answers.
    """

    def __init__(
        self,
        name: str,
        send: Send,
        *,
        policy: Policy | None = None,
        is_policy: bool = False,
        is_toml: bool = False,
        sends_unsafe: bool = True,
        answer: Response | None = None,
    ) -> None:
        self.name = name
        self.policy = policy
        self.is_policy = is_policy
        self.is_toml = is_toml
        self.answer = answer or Response(200)
        self.withheld: list[Request] = []
        self._send = send
        self._sends_unsafe = sends_unsafe
        self._answers: dict[Request, Response | NoResponse] = {}

    def send(self, request: Request) -> Response:
        """The answer; raises `NoResponse` as the source does, and where the request is withheld."""
        found = self._answers.get(request)
        if found is None:
            found = self._ask(request)
            self._answers[request] = found
        if isinstance(found, NoResponse):
            raise found
        return found

    def _ask(self, request: Request) -> Response | NoResponse:
        if not self._sends_unsafe and request.method not in _SAFE_METHODS:
            self.withheld.append(request)
            if self.policy is not None:
                return policy_answer(self.policy, request, self.answer)
            return NoResponse(f"the {request.method} was not sent")
        try:
            return self._send(request)
        except NoResponse as error:
            return error


def policy_answer(policy: Policy, request: Request, answer: Response) -> Response:
    """What a policy makes of a request, with an application behind it that answers `answer`.

    The same as `corsac.browser.applications.policy_sender`, which takes a third of the time that
    `corsac explain` may take, to import what applications need.
    """
    decision = policy.decide(request.method, request.headers)
    if decision.status is not None:
        return Response(decision.status, decision.headers)
    headers = tuple(decision.merge(answer.headers))
    return Response(answer.status, headers, answer.reason)
