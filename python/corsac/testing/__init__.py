"""Tests of a server's CORS through the eyes of browsers: `corsac.testing`.

Here: the public names, for any test framework; pytest has them as the fixture `cors`
(`corsac.pytest_plugin`). Not here: what browsers do (`corsac.browser`).
Spec: https://fetch.spec.whatwg.org/#fetch-method
"""

from ._answer import Answer
from ._blocked import CORSBlocked, NotBlocked
from ._page import Page
from ._site import Site

__all__ = ["Answer", "CORSBlocked", "NotBlocked", "Page", "Site"]
