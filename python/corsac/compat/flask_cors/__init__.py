"""A drop-in for `flask_cors`.

Here: the names that people import from the package. Not here: anything else.
Spec: https://corydolphin.github.io/flask-cors/
"""

from .decorator import cross_origin
from .extension import CORS

__all__ = ["CORS", "cross_origin"]
