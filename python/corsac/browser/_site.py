"""Sites: hosts under one registrable domain.

Here: `is_same_site`, with the core's list of public suffixes. Not here: origins (`_url.py`).
Spec: https://html.spec.whatwg.org/multipage/browsers.html#same-site
"""

from __future__ import annotations

from ._url import Url, parse


def is_same_site(origin: str, url: Url) -> bool:
    """Whether a page of this origin and a URL are of one site, as Cross-Origin-Resource-Policy asks.

    https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
    """
    page = parse(origin)
    if page is None or (page.scheme != "https" and url.scheme == "https"):
        return False
    return registrable_domain(page.host) == registrable_domain(url.host)


def registrable_domain(host: str) -> str:
    """The host itself where it is an address or a public suffix.

    https://url.spec.whatwg.org/#host-registrable-domain
    """
    labels = host.removesuffix(".").split(".")
    if host.startswith("[") or labels[-1].isdecimal():
        return host
    for start in range(1, len(labels)):
        if _is_public_suffix(".".join(labels[start:])):
            return ".".join(labels[start - 1 :])
    # A last label that no list knows is a suffix, too.
    return ".".join(labels[-2:])


def _is_public_suffix(name: str) -> bool:
    """https://url.spec.whatwg.org/#host-public-suffix"""
    from corsac._core import Pattern, PatternError

    try:
        return Pattern(f"https://*.{name}").is_under_public_suffix
    except PatternError:
        return False
