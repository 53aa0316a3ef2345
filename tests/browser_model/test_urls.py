"""URLs, spelled as browsers spell them.

Here: one row a URL: schemes, hosts, ports, paths. Not here: where redirects lead (`test_redirects.py`).
Spec: https://url.spec.whatwg.org/#concept-basic-url-parser
"""

import pytest
from browser_model.fetches import PAGE, ask
from corsac.browser import Fetch, Kind

SPELLED = [
    ("HTTPS://API.Example", "https://api.example/"),
    ("https://api.example:443/x", "https://api.example/x"),
    ("http://api.example:443/", "http://api.example:443/"),
    ("https://api.example:08443/", "https://api.example:8443/"),
    ("wss://api.example:443/", "wss://api.example/"),
    ("https:/\\api.example\\x", "https://api.example/x"),
    ("https:api.example", "https://api.example/"),
    (" https://api.example/a\nb ", "https://api.example/ab"),
    ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
    ("https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/"),
    ("https://api.example./", "https://api.example./"),
    ("http://127.1/", "http://127.0.0.1/"),
    ("http://0x7f000001/", "http://127.0.0.1/"),
    ("http://0177.0.0.1/", "http://127.0.0.1/"),
    ("http://256/", "http://0.0.1.0/"),
    ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
    ("http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"),
    ("http://[1:0:2:3:4:5:6:7]/", "http://[1:0:2:3:4:5:6:7]/"),
    ("http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"),
    ("http://[2001:DB8::]/", "http://[2001:db8::]/"),
    ("https://a/b/./c/../d/..", "https://a/b/"),
    ("https://a/%2e%2E/b", "https://a/b"),
    ("https://a/ \u00e4?\u00e4'#\u00e4 ", "https://a/%20%C3%A4?%C3%A4%27#%C3%A4"),
    ("https://a/%zz", "https://a/%zz"),
    ("https://us er:p@ss@a/", "https://us%20er:p%40ss@a/"),
]
NONE = [
    "https://",
    "https://?x",
    "https://a b/",
    "https://a:b/",
    "https://a:65536/",
    "https://a<b/",
    "https://%00/",
    "http://256.256.256.256/",
    "http://1.2.3.4.5/",
    "http://1.2.3.08/",
    "http://[::1",
    "http://[1::2::3]/",
    "http://[1:2:3:4:5:6:7]/",
    "http://[::1]x/",
    "file:///x",
    "//api.example/",
]


@pytest.mark.parametrize(("written", "spelled"), SPELLED)
def test_a_url_is_spelled_as_browsers_spell_it(written, spelled):
    """https://url.spec.whatwg.org/#concept-url-serializer"""
    assert Fetch(page_origin=PAGE, url=written).url == spelled


@pytest.mark.parametrize("written", NONE)
def test_what_browsers_do_not_read_is_no_url(written):
    """https://url.spec.whatwg.org/#concept-basic-url-parser"""
    with pytest.raises(ValueError, match="no absolute URL"):
        Fetch(page_origin=PAGE, url=written)


def test_what_goes_over_the_wire_has_no_fragment_and_no_user():
    """https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch"""
    verdict = ask(url="https://u:p@api.example/x?q#f", kind=Kind.XML_HTTP_REQUEST)
    assert verdict.exchanges[0].request.url == "https://api.example/x?q"
