"""What would change if a shadow became the policy.

Here: `shadow_report`, `ShadowReport`. Not here: who decides both (`_watch.py`).
Spec: https://fetch.spec.whatwg.org/#http-requests
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from .._watch import OTHERS
from ._counts import Flip, change, counts, flipped_origins, flips
from ._text import plain

#: The most origins or names that a text lists. Chosen by us: a screen.
_MOST_LINES: Final = 20
#: The columns of the longest bar. Chosen by us, so that what it is about fits beside it.
_BAR: Final = 20


class ShadowReport(NamedTuple):
    """How the requests of one name ended, and how they would have ended with its shadow.

    `policy`: the name, a str. `requests`: an int, the requests since the process began.
    `flipped`: an int, how many of them would have ended otherwise. `flips`: a tuple of `Flip`, the
    most frequent first. `origins`: a dict from an origin, a str of printable ASCII, to how many of
    its requests would have, an int, the most frequent first. It knows the first hundred of them.
    `other_requests`: an int, how many of these requests were of other origins than those.

    `str()` of it is a table for people, `as_dict()` is for `json.dumps`.
    """

    policy: str
    requests: int
    flipped: int
    flips: tuple[Flip, ...]
    origins: dict[str, int]
    other_requests: int

    def as_dict(self) -> dict[str, Any]:
        """The same in dicts, lists, str, int and None.

        Source: https://www.rfc-editor.org/rfc/rfc8259
        """
        return {
            **self._asdict(),
            "flips": [
                {
                    "outcome": flip.outcome.value,
                    "refusal": flip.refusal and flip.refusal.value,
                    "shadow_outcome": flip.shadow_outcome.value,
                    "shadow_refusal": flip.shadow_refusal and flip.shadow_refusal.value,
                    "total": flip.total,
                }
                for flip in self.flips
            ],
        }

    def __str__(self) -> str:
        many = "request" if self.requests == 1 else "requests"
        head = (
            f"{self.policy}: {self.flipped:,} of {self.requests:,} {many} would end "
            "otherwise with the shadow"
        )
        if not self.flipped:
            return head
        ends = [(flip.total, change(flip)) for flip in self.flips]
        listed = [(total, origin) for origin, total in self.origins.items()]
        shown, hidden = listed[:_MOST_LINES], listed[_MOST_LINES:]
        others = self.other_requests + sum(total for total, _ in hidden)
        if others:
            shown.append((others, "(other origins)"))
        return "\n".join(
            [head, "", *_bars("how", ends), "", *_bars("of which origin", shown)]
        )


def shadow_report(policy: str) -> ShadowReport:
    """What would change if the shadow of a policy became the policy, by this process's requests.

    `policy`: its name, a str, of a `Policy(name=..., shadow=...)`. Processes that serve together
    are added up by the exporters, whose series have no origins.

    Raises `ValueError` for a name that no policy has, `TypeError` for what is no str.
    Source: https://fetch.spec.whatwg.org/#http-requests
    """
    if not isinstance(policy, str):
        raise TypeError(f"give the name of a policy, a str, and not {policy!r}")
    mine = [count.total for count in counts() if count.policy == policy]
    if not mine:
        names = list(dict.fromkeys(count.policy for count in counts()))[:_MOST_LINES]
        raise ValueError(
            f"no policy has the name {policy!r}: "
            + (f"there is {', '.join(names)}" if names else 'write Policy(name="...")')
        )
    found = [flip for flip in flips() if flip.policy == policy]
    origins = flipped_origins(policy)
    others = origins.pop(OTHERS, 0)
    return ShadowReport(
        policy,
        sum(mine),
        sum(flip.total for flip in found),
        tuple(sorted(found, key=lambda flip: -flip.total)),
        {
            plain(origin): total
            for origin, total in sorted(origins.items(), key=lambda item: -item[1])
        },
        others,
    )


def _bars(title: str, rows: list[tuple[int, str]]) -> list[str]:
    """A row for each total, with its share drawn and told."""
    whole = sum(total for total, _ in rows)
    lines = [f"{'requests':>12}  {'share':<{_BAR + 8}}  {title}"]
    for total, text in rows:
        bar = "#" * max(1, round(_BAR * total / whole))
        lines.append(f"{total:>12,}  {bar:<{_BAR}} {total / whole:>7.1%}  {text}")
    return lines
