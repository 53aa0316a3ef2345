"""Generated policies with every keyword, and maps of them.

Here: strategies. Not here: any property (`test_writing.py`, `test_schema.py`).
Spec: https://hypothesis.readthedocs.io/en/latest/reference/strategies.html
"""

from __future__ import annotations

import re
import warnings

from corsac import OriginPolicies, Policy, PolicyMap
from hypothesis import strategies as st
from strategies import policies

#: What needs an escape in one notation of a text or the other.
REGEXES = [
    re.compile(r"""https://['"a]\.example\.com"""),
    re.compile(r'https://["a]\.example\.com'),
    re.compile(r"https://['a]\.example\.com"),
    re.compile(r"https://a{1,3}\.example\.com", re.IGNORECASE | re.ASCII),
    re.compile(r"(?i)https://A\.example\.com"),
    re.compile(r"https://\d\.example\.com", re.ASCII),
    re.compile(r"https://[\x61\u0062\\a]\.example\.com"),
]
#: Few, since a process counts under each for ever; among them what TOML reads otherwise without quotes.
names = st.sampled_from(
    ["a", "b.c", "D_1", "x-9", "0", "-", "_", ".", "true", "inf", "1e5", "2026-01-01"]
)


@st.composite
def every_keyword(draw, shadows=True):
    """A policy that any of its keywords may make."""
    name = draw(st.none() | names)
    keywords = {
        **draw(policies()),
        "name": name,
        "enforce": draw(st.booleans()),
        "own_origins": draw(
            st.sampled_from([[], ["https://a.example", "http://[::1]:8"]])
        ),
        "debug": draw(st.booleans()),
        "timing_allow_origin": draw(st.booleans()),
        "cross_origin_resource_policy": draw(
            st.sampled_from([None, "same-origin", "same-site"])
        ),
    }
    keywords["allow_origins"] += draw(st.lists(st.sampled_from(REGEXES), max_size=2))
    if shadows and name is not None and draw(st.booleans()):
        keywords["shadow"] = draw(every_keyword(shadows=False))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Policy(**keywords)


routes = st.sampled_from(
    ["/", "/api", "/api/\u00fc \"x'", "a.example", "*.a.example:8/b", "[::1]/c", "/a=b"]
)
choices = st.one_of(
    st.none(),
    every_keyword(),
    st.lists(every_keyword(), min_size=1, max_size=3).map(OriginPolicies),
)
maps = st.dictionaries(routes, choices, min_size=1, max_size=4).map(PolicyMap)
