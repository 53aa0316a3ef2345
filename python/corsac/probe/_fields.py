"""Reading the lines of a response: values as sent, values joined, lists.

Here: what the judges need of header lines. Not here: what the lines mean (`_judge*.py`); the
browser's model has readers of its own, which are no promise to others.
Spec: https://fetch.spec.whatwg.org/#concept-header-list-get
"""

from __future__ import annotations

from corsac.browser import Response

ALLOW_ORIGIN = "Access-Control-Allow-Origin"
ALLOW_CREDENTIALS = "Access-Control-Allow-Credentials"
ALLOW_METHODS = "Access-Control-Allow-Methods"
ALLOW_HEADERS = "Access-Control-Allow-Headers"
EXPOSE_HEADERS = "Access-Control-Expose-Headers"
MAX_AGE = "Access-Control-Max-Age"
PRIVATE_NETWORK = "Access-Control-Allow-Private-Network"


def lines_of(response: Response, name: str) -> list[str]:
    """The value of each line of that name, without whitespace around it."""
    name = name.lower()
    return [
        value.strip(" \t\r\n")
        for line, value in response.headers
        if line.lower() == name
    ]


def value_of(response: Response, name: str) -> str | None:
    """The lines of that name joined, or None where there is none."""
    lines = lines_of(response, name)
    return ", ".join(lines) if lines else None


def list_of(response: Response, name: str) -> list[str]:
    """The elements of a list, in lower case. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2"""
    value = value_of(response, name) or ""
    return [element.strip().lower() for element in value.split(",") if element.strip()]
