"""CORS for Pyramid.

Here: the includable, its settings and directive, and where it stands around a router.
Not here: the request path (`wsgi.py`), CORS rules, header names.
Spec: https://docs.pylonsproject.org/projects/pyramid/en/latest/api/interfaces.html#pyramid.interfaces.IExecutionPolicy
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pyramid.config import Configurator  # type: ignore[import-untyped]  # Pyramid has no types
from pyramid.events import ApplicationCreated  # type: ignore[import-untyped]  # the same
from pyramid.exceptions import ConfigurationError  # type: ignore[import-untyped]  # the same
from pyramid.router import Router  # type: ignore[import-untyped]  # the same
from pyramid.settings import aslist, falsey, truthy  # type: ignore[import-untyped]  # the same

from .._policy import Policy, PolicyKeywords, read_policy
from .wsgi import CORSMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from typing_extensions import Unpack

__all__ = ["includeme", "install", "set_cors_policy"]

App = TypeVar("App", bound=Router)

_SETTING: Final = "corsac"
#: The attribute of a registry that holds what the directive was given.
_DIRECTIVE: Final = "_corsac_policy"


def includeme(config: Configurator) -> None:
    """`config.include("corsac.adapters.pyramid")`: CORS around the application of this registry.

    Its policy is one of: the setting `corsac`, a `Policy` or a mapping of its keywords; settings
    like `corsac.allow_origins`, one for each keyword, where a str, as files have it, is a list of
    names between spaces or newlines, a number, `true` or `false` (an empty `corsac.max_age` is
    None); `config.set_cors_policy(policy)`, or with the keywords of `Policy`.

    `make_wsgi_app` raises `PolicyError` for settings that make no policy; `ConfigurationError`
    where there is no policy, or more than one.
    Source: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/extending.html
    """
    config.add_directive("set_cors_policy", set_cors_policy)
    config.add_subscriber(_wrap, ApplicationCreated)


def set_cors_policy(
    config: Configurator,
    policy: Policy | None = None,
    **keywords: Unpack[PolicyKeywords],
) -> None:
    """The directive `config.set_cors_policy`.

    `policy`: a `Policy`; or leave it out and give the keywords of `Policy`.
    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/extconfig.html
    """
    policy = read_policy(policy, keywords)
    config.action(_DIRECTIVE, lambda: setattr(config.registry, _DIRECTIVE, policy))


def install(
    app: App, policy: Policy | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around a Pyramid application, and returns that application.

    `app`: what `make_wsgi_app()` gave, changed in place. `policy`: a `Policy`; or leave it out
    and give the keywords of `Policy`. It stands outside of all tweens, response callbacks and
    exception views, and changes no response object, which several requests may share.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/router.html
    """
    policy = read_policy(policy, keywords)
    # A tween would stand inside of whatever is added later, and of the response callbacks.
    execute = app.execution_policy

    def respond(
        environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        response: Iterable[bytes] = execute(environ, app)(environ, start_response)
        return response

    # The router calls the response like any WSGI application, so that it may be one.
    middleware = CORSMiddleware(respond, policy)
    app.execution_policy = lambda environ, router: middleware
    return app


def _wrap(event: Any) -> None:
    install(event.app, _find_policy(event.app.registry))


def _find_policy(registry: Any) -> Policy:
    settings = registry.settings
    keywords = {
        name.removeprefix(f"{_SETTING}."): value
        for name, value in settings.items()
        if name.startswith(f"{_SETTING}.")
    }
    found = [
        one
        for one in (
            getattr(registry, _DIRECTIVE, None),
            settings.get(_SETTING),
            {name: _read(name, value) for name, value in keywords.items()} or None,
        )
        if one is not None
    ]
    if len(found) != 1:
        raise ConfigurationError(
            f"corsac has {len(found)} policies; give one: the setting 'corsac', the settings "
            "'corsac.allow_origins' and so on, or config.set_cors_policy(...)"
        )
    [policy] = found
    return Policy(**policy) if isinstance(policy, Mapping) else read_policy(policy, {})


def _read(name: str, value: Any) -> Any:
    """A keyword's value from a settings file; what cannot be read stays, for `Policy` to report."""
    if name not in PolicyKeywords.__annotations__:
        raise ConfigurationError(f"there is no setting {_SETTING}.{name}")
    if not isinstance(value, str):
        return value
    default = (Policy.__init__.__kwdefaults__ or {}).get(name, ())
    text = value.strip()
    if isinstance(default, bool):
        return {**dict.fromkeys(truthy, True), **dict.fromkeys(falsey, False)}.get(
            text.lower(), value
        )
    if isinstance(default, int):
        return int(text) if text.isdecimal() else value if text else None
    return aslist(value)
