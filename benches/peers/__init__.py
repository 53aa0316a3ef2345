"""The other libraries that answer CORS requests, each behind one small interface.

Here: which there are, what each needs, and the bound that holds against it. Each
module has a `door` (how to call its applications), `bare()`, the framework's
application without CORS, and `guarded(terms)`, the same with the peer's CORS; None
where the peer cannot express the terms.
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
    #: How many times longer than corsac it must take, in every case.
    at_least: int | None = None

    @property
    def around(self) -> str:
        """What its figures are added to."""
        small = self.framework == "ASGI"
        return f"a small {self.framework} application" if small else self.framework


PEERS = [
    Peer("pure Python", "twin", "ASGI"),
    Peer("Starlette", "starlette", "ASGI", ("starlette",), 10),
    Peer(
        "django-cors-headers",
        "django",
        "Django",
        ("django", "corsheaders"),
        at_least=60,
    ),
    Peer("flask-cors", "flask", "Flask", ("flask", "flask_cors"), at_least=40),
    Peer("quart-cors", "quart", "Quart", ("quart", "quart_cors")),
    Peer("aiohttp-cors", "aiohttp", "aiohttp", ("aiohttp", "aiohttp_cors")),
    Peer("Litestar", "litestar", "Litestar", ("litestar",)),
]
