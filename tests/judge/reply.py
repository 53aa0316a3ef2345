"""One response as it goes over the wire, or none.

Here: `Reply`, `Silence`. Not here: who makes them (`site.py`, `policies.py`).
Spec: https://www.rfc-editor.org/rfc/rfc9112#section-6
"""

from dataclasses import dataclass
from http import HTTPStatus


class Silence(Exception):
    """No HTTP response comes; the text is one of empty, reset, garbage, refused."""


@dataclass(frozen=True)
class Reply:
    """A response with all its lines."""

    status: int
    lines: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def reason(self):
        """What stands after the status; browsers show it."""
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return "Unknown"


def framed(method, status, lines, body):
    """The reply with its length, where it may have one.

    https://www.rfc-editor.org/rfc/rfc9110#section-8.6
    """
    named = {name.lower() for name, _ in lines}
    if status in (204, 304):
        return Reply(status, tuple(lines))
    if "content-length" not in named:
        lines = [*lines, ("Content-Length", str(len(body)))]
    return Reply(status, tuple(lines), b"" if method == "HEAD" else body)
