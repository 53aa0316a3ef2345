"""The pure-Python twin, which stands for a middleware written from the standard.

Here: its ASGI middleware around the small application. Not here: rules.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from pure_python import PurePythonPolicy
from pure_python_adapters import PurePythonASGIMiddleware

from .doors import ASGI as door


def bare():
    return door.small


def guarded(terms):
    return PurePythonASGIMiddleware(bare(), PurePythonPolicy(**terms.keywords))
