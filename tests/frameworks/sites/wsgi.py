"""A raw WSGI application, which answers its own errors.

Here: the pages. Not here: a framework.
Spec: https://peps.python.org/pep-3333/
"""

from __future__ import annotations

from typing import Any

from corsac.adapters.wsgi import CORSMiddleware
from pages import BODY, CHUNKS, ELSEWHERE, ProblemError, fail, lines_of

PHRASES = {
    200: "OK",
    302: "Found",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
}


class Site:
    """Its pages by their first segments."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        try:
            return self.answer(environ["PATH_INFO"], start_response)
        except ProblemError:
            return self.whole(start_response, 500, [], b"failed")

    def answer(self, path: str, start_response: Any) -> Any:
        _, name, *index = path.split("/")
        lines = lines_of(int(index[0])) if index and index[0].isdecimal() else []
        if name == "row":
            return self.whole(start_response, 200, lines, BODY)
        if name == "stream":
            start_response("200 OK", lines)
            return iter(CHUNKS)
        if name == "moved":
            lines.append(("Location", ELSEWHERE))
            return self.whole(start_response, 302, lines, b"")
        if name == "error":
            fail()
        status = {"put": 405, "private": 401}.get(name, 404)
        return self.whole(start_response, status, [], b"refused")

    def whole(
        self,
        start_response: Any,
        status: int,
        lines: list[tuple[str, str]],
        body: bytes,
    ) -> list[bytes]:
        lines = [*lines, ("Content-Length", str(len(body)))]
        start_response(f"{status} {PHRASES[status]}", lines)
        return [body]


def wrap(policy: Any) -> Any:
    return CORSMiddleware(Site(), policy)


WAYS = {"wsgi": {"wrap": wrap}}
