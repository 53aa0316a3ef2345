"""Where each browser departs from the standard, so far as it decides anything.

Here: `Profile`, one for the standard and one for each browser; every field that differs says why.
Not here: the consoles' words (`_console/`), what the fields are used for.
Spec: https://fetch.spec.whatwg.org/#cors-protocol
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from ._fetch import Browser

#: The checks of a preflight's response, named for the order in which they are made.
PreflightCheck = Literal[
    "redirect",
    "status",
    "origin",
    "methods-syntax",
    "headers-syntax",
    "method",
    "headers",
]
_FETCH_ORDER: Final[tuple[PreflightCheck, ...]] = (
    "origin",
    "status",
    "methods-syntax",
    "headers-syntax",
    "method",
    "headers",
)


class Profile(NamedTuple):
    """How a browser reads the standard.

    `preflight_order`: its checks of a preflight's response. `longest_age`: the most seconds that a
    preflight is remembered, None for no bound. `wildcard_covers_authorization`: in
    Access-Control-Allow-Headers. `client_hints`: whether they are safelisted.
    `uncached_modes`: cache modes in which remembered preflights are not asked.
    """

    preflight_order: tuple[PreflightCheck, ...] = _FETCH_ORDER
    longest_age: int | None = None
    wildcard_covers_authorization: bool = False
    client_hints: bool = False
    uncached_modes: tuple[str, ...] = ()
    #: Headers that the script sets and the browser leaves out besides the forbidden ones.
    dropped_headers: tuple[str, ...] = ()
    #: Whether lines of one name become one before their values are looked at.
    combines_headers: bool = False
    #: Whether a preflight after a redirect across origins names the page, not `null`.
    preflight_names_page: bool = False
    #: Whether a fetch that needed a preflight needs one after redirects, too, and that for headers
    #: which a redirect has taken away.
    preflight_stays: bool = False
    #: Whether a preflight after a redirect still asks for those headers.
    preflight_keeps_names: bool = False
    #: Whether a name that a script sets twice is asked for twice.
    preflight_repeats_names: bool = False
    #: Whether safelisted values have a bound for all of them besides that for each.
    bounds_all_values: bool = True
    #: Whether bytes above 0x7F take Accept and Content-Type off the safelist.
    safelists_ascii: bool = False
    #: Whether the values of headers are UTF-8 to it, and not bytes: those that it sends, and those
    #: that it gets, in which wrong bytes become U+FFFD.
    values_are_utf8: bool = False
    #: What becomes of a `ReadableStream` as a body: sent; sent over HTTP/2 only; as a text; refused.
    streams: Literal["sent", "http2", "text", "refused"] = "sent"
    #: Whether fonts, and tracks without `crossorigin`, are fetched without CORS.
    loads_without_cors: bool = False
    #: Whether http on the machine itself counts as secure for a page that came over https.
    trusts_loopback: bool = True
    #: Whether images fail on a status like 404, as scripts and stylesheets do.
    refuses_error_images: bool = False


STANDARD: Final = Profile()

_CHROMIUM: Final = Profile(
    # Deviation: a redirect is named before anything else.
    preflight_order=("redirect", *_FETCH_ORDER),
    longest_age=7200,
    # Deviation: the standard excepts Authorization from `*`; browsers do not yet.
    wildcard_covers_authorization=True,
    # Deviation: client hints that a script sets pass without asking.
    client_hints=True,
    # Deviation: fetches that go past the HTTP cache go past the cache of preflights, too.
    uncached_modes=("no-store", "reload", "no-cache"),
    # Deviation: the standard lets scripts set it.
    dropped_headers=("user-agent",),
    combines_headers=True,
    # Deviation: uploads as a stream need HTTP/2; over HTTP/1.1 they fail after the preflight.
    streams="http2",
)
_FIREFOX: Final = Profile(
    # Deviation: the method is looked for before Access-Control-Allow-Headers is parsed.
    preflight_order=(
        "origin",
        "redirect",
        "status",
        "methods-syntax",
        "method",
        "headers-syntax",
        "headers",
    ),
    longest_age=86400,
    # Deviation: as in Chromium, with a warning.
    wildcard_covers_authorization=True,
    # Deviation: as in Chromium, but for `no-cache`.
    uncached_modes=("no-store", "reload"),
    # Deviation: only the actual request after a redirect carries `Origin: null`.
    preflight_names_page=True,
    # Deviation: what a redirect changes leaves the need for a preflight.
    preflight_stays=True,
    # Deviation: each line of a header stands for itself.
    preflight_repeats_names=True,
    bounds_all_values=False,
    # Deviation: a byte is signed, and those above 0x7F count as controls.
    safelists_ascii=True,
    # Deviation: a stream is no body here; its name as a text is.
    streams="text",
    # Deviation: others show an image whatever the status.
    refuses_error_images=True,
)
_WEBKIT: Final = Profile(
    # Deviation: the status is looked at first, and a redirect is a status like another.
    preflight_order=(
        "status",
        "origin",
        "methods-syntax",
        "headers-syntax",
        "method",
        "headers",
    ),
    longest_age=600,
    # Deviation: as in Chromium.
    wildcard_covers_authorization=True,
    combines_headers=True,
    # Deviation: as in Firefox; the preflight even asks for what the request no longer carries.
    preflight_stays=True,
    preflight_keeps_names=True,
    # Deviation: the standard has bytes.
    values_are_utf8=True,
    # Deviation: a stream is refused at once.
    streams="refused",
    # Deviation: a font needs no leave, and a track need not be of the page's own origin.
    loads_without_cors=True,
    # Deviation: the standard trusts loopback addresses and localhost.
    trusts_loopback=False,
)
_PROFILES: Final = {
    None: STANDARD,
    Browser.CHROMIUM: _CHROMIUM,
    Browser.FIREFOX: _FIREFOX,
    Browser.WEBKIT: _WEBKIT,
}


def profile_of(browser: Browser | None) -> Profile:
    return _PROFILES[browser]
