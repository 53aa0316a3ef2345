"""What the tests of the Channels adapter serve: consumers of WebSockets, and what they have seen.

Here: an application of both protocols under a policy map; servers import this file. Not here: what
must come back (`test_channels.py`).
Spec: https://channels.readthedocs.io/en/stable/topics/routing.html
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path += [place for place in (str(HERE), str(HERE.parent)) if place not in sys.path]

import django_settings  # noqa: F401  # Channels asks Django for its settings
from channels.generic.websocket import JsonWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import CookieMiddleware
from corsac import Policy, PolicyMap
from corsac.adapters.channels import OriginValidator
from django.urls import path

POLICY = Policy(allow_origins=["https://example.com", "https://*.example.org"])
POLICIES = PolicyMap(
    {
        "/": POLICY,
        "/proxied": POLICY.replace(own_origins=["https://public.example"]),
        "/none": None,
    }
)
#: The paths of the handshakes that a consumer saw.
RAN: list[str] = []


class Room(JsonWebsocketConsumer):
    """Accepts, and says what it knows of the request; in a thread, as most are written."""

    def connect(self) -> None:
        RAN.append(self.scope["path"])
        self.accept()
        kwargs = self.scope["url_route"]["kwargs"]
        self.send_json({**kwargs, "cookies": self.scope["cookies"]})


async def http(scope: Any, receive: Any, send: Any) -> None:
    """The token by which a test knows its server, or what consumers have seen."""
    token = os.environ.get("CORSAC_TEST_TOKEN", "")
    body = token if scope["path"] == "/token" else " ".join(RAN)
    start = {"type": "http.response.start", "status": 200, "headers": []}
    await send(start)
    await send({"type": "http.response.body", "body": body.encode()})


rooms = CookieMiddleware(URLRouter([path("<str:room>", Room.as_asgi())]))
application = ProtocolTypeRouter(
    {"http": http, "websocket": OriginValidator(rooms, POLICIES)}
)
