"""MIME types, as far as a Content-Type decides anything here.

Here: `parse_essence`. Not here: parameters, sniffing.
Spec: https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
"""

from __future__ import annotations

from typing import Final

_SPACE: Final = "\t\n\r "
_TOKEN: Final = frozenset(
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)


def parse_essence(text: str) -> str | None:
    """Type and subtype in lower case, without parameters; None where it is no MIME type.

    https://mimesniff.spec.whatwg.org/#mime-type-essence
    """
    first, slash, rest = text.strip(_SPACE).partition("/")
    second = rest.partition(";")[0].rstrip(_SPACE)
    if not (slash and first and second and _TOKEN.issuperset(first + second)):
        return None
    return f"{first}/{second}".lower()
