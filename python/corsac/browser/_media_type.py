"""MIME types, as far as a Content-Type decides anything here.

Here: `parse_essence`. Not here: parameters, sniffing.
Spec: https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
"""

from __future__ import annotations

from typing import Final

from .._names import is_token

_SPACE: Final = "\t\n\r "


def parse_essence(text: str) -> str | None:
    """Type and subtype in lower case, without parameters; None where it is no MIME type.

    https://mimesniff.spec.whatwg.org/#mime-type-essence
    """
    first, slash, rest = text.strip(_SPACE).partition("/")
    second = rest.partition(";")[0].rstrip(_SPACE)
    if not (slash and is_token(first) and is_token(second)):
        return None
    return f"{first}/{second}".lower()
