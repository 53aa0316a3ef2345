"""The other libraries that answer CORS requests, each behind one small interface.

Here: which there are, what each needs, and the bound that holds against it. Each
module has a `door` (how to call its applications), `bare()`, the framework's
application without CORS, `guarded(terms)`, the same with the peer's CORS, None where
the peer cannot express the terms; and where corsac has them, `adapted(policy)`, the same with
its own adapter, `swapped(terms)`, the peer's with only its import changed, and `passing()`, with
a middleware that does nothing.
Not here: requests and right answers (`cases.py`), timing (`benches/paired.py`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """A library, by the name that people install, and the framework that it is for."""

    name: str
    module: str
    framework: str
    needs: tuple[str, ...] = ()
    #: How many times longer than corsac it must take, in every case: around a small
    #: application, and than the adapter, in the framework's own.
    at_least: int | None = None
    adapter_at_least: int | None = None

    @property
    def around(self) -> str:
        """What its figures are added to."""
        small = self.framework == "ASGI"
        return f"a small {self.framework} application" if small else self.framework


PEERS = [
    Peer("pure Python", "twin", "ASGI"),
    Peer(
        "Starlette",
        "starlette",
        "ASGI",
        ("starlette",),
        at_least=10,
        adapter_at_least=10,
    ),
    Peer(
        "django-cors-headers",
        "django",
        "Django",
        ("django", "corsheaders"),
        at_least=60,
        adapter_at_least=20,
    ),
    Peer(
        "flask-cors",
        "flask",
        "Flask",
        ("flask", "flask_cors"),
        at_least=40,
        adapter_at_least=20,
    ),
    Peer("quart-cors", "quart", "Quart", ("quart", "quart_cors"), adapter_at_least=5),
    Peer(
        "aiohttp-cors",
        "aiohttp",
        "aiohttp",
        ("aiohttp", "aiohttp_cors"),
        adapter_at_least=3,
    ),
    Peer("Litestar", "litestar", "Litestar", ("litestar",)),
]
