"""Reading the header lines of responses.

Here: values with their lines joined, lists of tokens, bytes as UTF-8. Not here: what they allow.
Spec: https://fetch.spec.whatwg.org/#http-new-header-syntax
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._names import is_token
from ._safelist import normalize_value
from ._wire import Response

#: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.3
_WHITESPACE: Final = "\t "


def lines_of(response: Response, name: str) -> list[str]:
    """The values of each line of a name, without whitespace around them.

    https://fetch.spec.whatwg.org/#concept-header-value-normalize
    """
    name = name.lower()
    return [
        normalize_value(value)
        for line, value in response.headers
        if line.lower() == name
    ]


def value_of(response: Response, name: str) -> str | None:
    """The lines of a name joined, or None where there is none.

    https://fetch.spec.whatwg.org/#concept-header-list-get
    """
    lines = lines_of(response, name)
    return ", ".join(lines) if lines else None


def decode_utf8(value: str) -> str:
    """The text that a value's bytes are as UTF-8, with U+FFFD for what is none.

    https://encoding.spec.whatwg.org/#utf-8-decode-without-bom
    """
    return value.encode("latin-1", "replace").decode("utf-8", "replace")


def encode_utf8(text: str) -> str:
    """The bytes of a text, as characters of Latin-1. https://encoding.spec.whatwg.org/#utf-8-encode"""
    return text.encode().decode("latin-1")


def elements_of(response: Response, name: str) -> Iterator[str]:
    """The elements of a list that are not empty, tokens or not.

    https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
    """
    for line in lines_of(response, name):
        for element in line.split(","):
            element = element.strip(_WHITESPACE)
            if element:
                yield element


def first_bad_token(response: Response, name: str) -> str | None:
    """The first element of a list that is no token; where there is one, the list is a failure.

    https://fetch.spec.whatwg.org/#extract-header-list-values
    """
    return next((e for e in elements_of(response, name) if not is_token(e)), None)


def tokens_of(response: Response, name: str) -> list[str] | None:
    """The tokens of a list, or None where the list is a failure; empty where it is missing.

    https://fetch.spec.whatwg.org/#extract-header-list-values
    """
    if first_bad_token(response, name) is not None:
        return None
    return list(elements_of(response, name))
