"""The body of a fetch, with the Content-Type that it brings along.

Here: `Body` and `read_body`. Not here: what a type does to a request (`corsac.browser`).
Spec: https://fetch.spec.whatwg.org/#concept-bodyinit-extract
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

if TYPE_CHECKING:
    from ._page import FetchKeywords


class Body(NamedTuple):
    """`content`: None for no body. `media_type`: what the browser says of it, None for nothing.
    `header`: what scripts say of it themselves."""

    content: bytes | None = None
    media_type: str | None = None
    header: str | None = None

    def with_own_header(
        self, headers: tuple[tuple[str, str], ...]
    ) -> tuple[tuple[str, str], ...]:
        if self.header is None or any(
            name.lower() == "content-type" for name, _ in headers
        ):
            return headers
        return (*headers, ("Content-Type", self.header))


def read_body(keywords: FetchKeywords) -> Body:
    """The body that a fetch has.

    # Errors: TypeError, for two of them and for what none can be.
    """
    given = [name for name in ("json", "data", "content") if name in keywords]
    if len(given) > 1:
        raise TypeError(f"a fetch has one body, and not {' and '.join(given)}")
    if "json" in keywords:
        # Browsers know no JSON: a script makes a text of it, and says what it is.
        text = json.dumps(keywords["json"], separators=(",", ":"))
        return Body(text.encode(), "text/plain;charset=UTF-8", "application/json")
    if "data" in keywords:
        data = keywords["data"]
        if isinstance(data, (str, bytes)):
            raise TypeError("data are the fields of a form: write content= for a text")
        fields = list(data.items()) if isinstance(data, Mapping) else list(data)
        media_type = "application/x-www-form-urlencoded;charset=UTF-8"
        return Body(urlencode(fields).encode(), media_type)
    content = keywords.get("content")
    if isinstance(content, str):
        return Body(content.encode(), "text/plain;charset=UTF-8")
    if content is None or isinstance(content, bytes):
        return Body(content)
    raise TypeError("content is a str or bytes: write json= or data= for other values")
