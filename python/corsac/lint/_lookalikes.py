"""Origins that look like a given one and belong to somebody else.

Here: `lookalikes`, and which name under a public suffix a host belongs to.
Not here: which of them a policy lets in (`_policy_rules.py`, `_compare.py`).
Spec: https://publicsuffix.org/list/
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from .._core import Pattern, PatternError


def lookalikes(origin: str) -> Iterator[str]:
    """Origins that a careless comparison takes for this one, none of the same owner.

    `origin`: one with a domain; of others there are none.
    """
    scheme, host, port = _parts(origin)
    name = registrable_domain(host)
    if name is None:
        return
    end = f":{port}" if port else ""
    labels = host.split(".")
    hosts = [f"{host}.stranger.example", f"stranger-{host}", f"stranger{host}"]
    # The begin of a name that was meant to follow a dot.
    hosts += [f"stranger{'.'.join(labels[n:])}" for n in range(1, len(labels) - 1)]
    # A dot that stands for any character.
    hosts += [
        f"{'.'.join(labels[:n])}x{'.'.join(labels[n:])}" for n in range(1, len(labels))
    ]
    hosts += [f"{host}stranger"]
    for one in dict.fromkeys(hosts):
        if registrable_domain(one) != name:
            yield f"{scheme}://{one}{end}"


def registrable_domain(host: str) -> str | None:
    """The name under a public suffix that the host belongs to; None for what is no domain.

    Where no suffix is listed, the last two labels.
    """
    labels = host.split(".")
    if ":" in host or len(labels) < 2 or labels[-1].isdigit():
        return None
    for index in range(1, len(labels)):
        try:
            suffix = Pattern(f"https://*.{'.'.join(labels[index:])}")
        except PatternError:
            return None
        if suffix.is_under_public_suffix:
            return ".".join(labels[index - 1 :])
    return ".".join(labels[-2:])


def is_local(origin: str) -> bool:
    """Whether an origin or a pattern is of the machine itself.

    https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy
    """
    _, host, _ = _parts(origin)
    return (
        host in ("localhost", "::1")
        or host.endswith(".localhost")
        or (host.startswith("127.") and host.replace(".", "").isdigit())
    )


def _parts(origin: str) -> tuple[str, str, str]:
    """Scheme, host and port of an origin or a pattern; the port `*` is none."""
    scheme, _, rest = origin.partition("://")
    rest = rest.removesuffix(":*")
    try:
        parts = urlsplit(f"//{rest}")
        return scheme, parts.hostname or "", str(parts.port or "")
    except ValueError:
        return scheme, "", ""
