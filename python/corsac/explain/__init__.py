"""`corsac explain`: what a browser does with a fetch across origins, why, and what to change.

Here: the public names for whoever explains from Python. Not here: the browser's algorithm
(`corsac.browser`), any CORS rule of its own. `import corsac` does not import it.
Spec: https://fetch.spec.whatwg.org/#concept-fetch
"""

from ._changes import Change, Remedy
from ._explanation import Explanation, explain
from ._source import Source
from ._text import explain_text

__all__ = [
    "Change",
    "Explanation",
    "Remedy",
    "Source",
    "explain",
    "explain_text",
]
