"""What ended a fetch, with everything that a console says of it.

Here: `Failure`. Not here: words (`_steps.py`, `_console/`).
Spec: https://fetch.spec.whatwg.org/#concept-network-error
"""

from __future__ import annotations

from typing import NamedTuple

from ._url import Url
from ._wire import Cause


class Failure(NamedTuple):
    """Why a fetch ended, and where.

    `code`: a key of `CODES`. `text`: the step's sentence. `value`: the header's value, or the first
    bad token of a list. `whole`: that list as it came, and the lines of a header that came several
    times, joined. `name`, `spelled`: the header that may not
    go out, in lower case and as WebKit spells it. `status`: of the response. `location`: where a
    redirect leads. `cause`: why there was no response.
    """

    code: str
    text: str
    value: str = ""
    whole: str = ""
    name: str = ""
    spelled: str = ""
    status: int | None = None
    location: Url | None = None
    cause: Cause | None = None

    @property
    def reason(self) -> str:
        """The code, the same for a preflight's response and an actual one."""
        return self.code.removeprefix("preflight-")

    @property
    def is_preflight(self) -> bool:
        return self.code.startswith(("preflight-", "allow-methods", "allow-headers"))
