"""CORS for Pyramid.

Here: the includable, its settings and directive, and where it stands around a router.
Not here: the request path (`wsgi.py`), what data describe (`_plain_data.py`), CORS rules, header
names.
Spec: https://docs.pylonsproject.org/projects/pyramid/en/latest/api/interfaces.html#pyramid.interfaces.IExecutionPolicy
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pyramid.config import Configurator  # type: ignore[import-untyped]  # Pyramid has no types
from pyramid.events import ApplicationCreated  # type: ignore[import-untyped]  # the same
from pyramid.exceptions import ConfigurationError  # type: ignore[import-untyped]  # the same
from pyramid.path import DottedNameResolver  # type: ignore[import-untyped]  # the same
from pyramid.router import Router  # type: ignore[import-untyped]  # the same
from pyramid.settings import aslist, falsey, truthy  # type: ignore[import-untyped]  # the same

from .._plain_data import read_data
from .._policy import Policy, PolicyKeywords
from .._sources import Source, read_source
from .wsgi import CORSMiddleware

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from typing_extensions import Unpack

__all__ = ["includeme", "install", "set_cors_policy"]

App = TypeVar("App", bound=Router)

_SETTING: Final = "corsac"
_WRONG: Final = "the policy of corsac:"
_WRITE: Final = (
    "give a corsac.Policy, a dict of its keywords, another source of policies, or the dotted name "
    'of one, like "project.cors:policy"'
)
#: The attribute of a registry that holds what the directive was given.
_DIRECTIVE: Final = "_corsac_policy"


def includeme(config: Configurator) -> None:
    """`config.include("corsac.adapters.pyramid")`: CORS around the application of this registry.

    Its policy is one of: the setting `corsac`; settings like `corsac.allow_origins`, one for each
    keyword of `Policy`, where a str, as files have it, is a list of names between spaces or
    newlines, a text, a number, `true` or `false` (an empty `corsac.max_age` is None);
    `config.set_cors_policy(...)`, or with the keywords of `Policy`.

    The setting and the directive take a `Policy`, a `PolicyMap`, an `OriginPolicies`, a
    `PolicyHandle`, or a callable that takes a `Request`, whose `native` is the WSGI environ, since
    nothing of Pyramid has run, and gives one of these or None for no CORS; a dict of the keywords
    of `Policy`; a dict of routes, like `"/api"`, to these but callables, or to None; or the dotted
    name of any of them.

    `make_wsgi_app` raises `PolicyError` for settings that make no policy; `ConfigurationError`
    where there is no policy, or more than one, and for a name that cannot be imported.
    Source: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/extending.html
    """
    config.add_directive("set_cors_policy", set_cors_policy)
    config.add_subscriber(_wrap, ApplicationCreated)


def set_cors_policy(
    config: Configurator,
    policy: Source | str | None = None,
    **keywords: Unpack[PolicyKeywords],
) -> None:
    """The directive `config.set_cors_policy`.

    `policy`: as the setting `corsac`; or leave it out and give the keywords of `Policy`.
    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords,
    `ConfigurationError` for what is no policy.
    Source: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/extconfig.html
    """
    if policy is None or keywords:
        source = read_source(cast("Source | None", policy), keywords)
    else:
        source = _read_source(policy, config.maybe_dotted)
    config.action(_DIRECTIVE, lambda: setattr(config.registry, _DIRECTIVE, source))


def install(
    app: App, policy: Source | None = None, **keywords: Unpack[PolicyKeywords]
) -> App:
    """Puts a policy around a Pyramid application, and returns that application.

    `app`: what `make_wsgi_app()` gave, changed in place. `policy`: a `Policy`, a `PolicyMap`, an
    `OriginPolicies`, a `PolicyHandle`, or a callable as in `includeme`; or leave it out and give
    the keywords of `Policy`. It stands outside of all tweens, response callbacks and
    exception views, and changes no response object, which several requests may share.

    Raises `PolicyError` for keywords that make no policy, `TypeError` for a policy and keywords.
    Source: https://docs.pylonsproject.org/projects/pyramid/en/latest/narr/router.html
    """
    source = read_source(policy, keywords)
    # A tween would stand inside of whatever is added later, and of the response callbacks.
    execute = app.execution_policy

    def respond(
        environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        response: Iterable[bytes] = execute(environ, app)(environ, start_response)
        return response

    # The router calls the response like any WSGI application, so that it may be one.
    middleware = CORSMiddleware(respond, source)
    app.execution_policy = lambda environ, router: middleware
    return app


def _wrap(event: Any) -> None:
    install(event.app, _find_source(event.app.registry))


def _find_source(registry: Any) -> Source:
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
    return _read_source(found[0], DottedNameResolver(None).maybe_resolve)


def _read_source(data: object, resolve: Callable[[str], object]) -> Source:
    try:
        return read_data(data, resolve)
    except ImportError as error:
        found = f"a name in it cannot be imported: {error}"
        raise ConfigurationError(f"{_WRONG} {found}; {_WRITE}") from error
    except TypeError as error:
        raise ConfigurationError(f"{_WRONG} {error}; {_WRITE}") from error


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
    # A shadow is a dotted name, which is resolved with the rest.
    return (text or None) if default is None else aslist(value)
