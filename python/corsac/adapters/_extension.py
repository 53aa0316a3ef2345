"""The extension of Flask and Quart.

Here: what of it both share, which is all but how an application is wrapped (`flask.py`, `quart.py`).
Not here: whose policy a request gets (`_views.py`), requests and responses.
Spec: https://flask.palletsprojects.com/en/stable/extensiondev/
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from flask.sansio.app import App

from .._policy import PolicyKeywords
from .._sources import Source, read_source

if TYPE_CHECKING:
    from typing_extensions import Unpack

_EXTENSION: Final = "corsac"

Application = TypeVar("Application", bound=App)


class Extension(ABC, Generic[Application]):
    """What the extensions of both frameworks share."""

    _kind: type[Application]

    def __init__(
        self,
        app: Application | None = None,
        policy: Source | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        #: The source of every application that is given none; None: they have none.
        self.policy = _read_own(policy, keywords)
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Application,
        policy: Source | None = None,
        **keywords: Unpack[PolicyKeywords],
    ) -> None:
        """Puts CORS around an application, in place; once for each application.

        `app`: the application. `policy`, or the keywords of `Policy`: its source, in the place of
        the one that this object was made with.
        Raises `PolicyError` for keywords that make no policy; `TypeError` for a policy and
        keywords, and for what is no application; `RuntimeError` for one that has CORS already.
        Source: https://flask.palletsprojects.com/en/stable/extensiondev/
        """
        if not isinstance(app, self._kind):
            raise TypeError(
                f"CORS takes a {self._kind.__name__} application, not {app!r}; "
                "a blueprint is decorated: cors(policy)(blueprint)"
            )
        own = _read_own(policy, keywords)
        if _EXTENSION in app.extensions:
            raise RuntimeError("this application has a CORS object already")
        self._wrap(app, self.policy if own is None else own)
        app.extensions[_EXTENSION] = self

    @abstractmethod
    def _wrap(self, app: Application, policy: Source | None) -> None: ...


def _read_own(policy: Source | None, keywords: PolicyKeywords) -> Source | None:
    if policy is None and not keywords:
        return None
    return read_source(policy, keywords)
