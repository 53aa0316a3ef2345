"""Applications as servers: the other end of a fetch, without a network.

Here: the public names: a `send` for `predict` from a policy, a WSGI or an ASGI application, and
`Server`, which keeps one application running. Not here: what a browser does with the responses.
Spec: https://fetch.spec.whatwg.org/#concept-http-network-fetch
"""

from ._interface import Interface, interface_of
from ._senders import (
    AsyncSender,
    Sender,
    asgi_sender,
    policy_sender,
    sender_of,
    wsgi_sender,
)
from ._server import Server

__all__ = [
    "AsyncSender",
    "Interface",
    "Sender",
    "Server",
    "asgi_sender",
    "interface_of",
    "policy_sender",
    "sender_of",
    "wsgi_sender",
]
