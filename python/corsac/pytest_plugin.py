"""pytest's fixture `cors`: a server's CORS through the eyes of browsers.

Here: the fixture, and the exchanges in the report of a failed test. Not here: anything that it
does (`corsac.testing`, which needs no pytest). It is loaded with every run of pytest, so that
nothing else is imported before a test asks for it.
Spec: https://docs.pytest.org/en/stable/how-to/writing_plugins.html
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import wraps
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ._policy import Policy
    from .browser.applications import Interface
    from .testing import Site
    from .testing._page import Browsers

__all__ = ["CORS", "cors"]


class CORS:
    """What the fixture `cors` is: call it with an application, and it gives a `Site`.

    Takes what `corsac.testing.Site` takes, and closes the site behind the test.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self._errors: list[Exception] = []

    def __call__(
        self,
        application: Policy | Callable[..., Any],
        *,
        base_url: str = "https://api.example",
        browser: Browsers = None,
        others: Mapping[str, Policy | Callable[..., Any]] | None = None,
        interface: Interface | str | None = None,
    ) -> Site:
        from .testing import Site

        __tracebackhide__ = True
        site = Site(
            application,
            base_url=base_url,
            browser=browser,
            others=others,
            interface=interface,
        )
        self.sites.append(site)
        return site

    def _end(self, end: Callable[[Site], None]) -> None:
        """Ends something of every site, whatever becomes of the others."""
        for site in self.sites:
            try:
                end(site)
            except Exception as error:  # noqa: BLE001  # raised once all are ended
                self._errors.append(error)

    def _ending_behind(self, test: Callable[..., Awaitable[Any]]) -> Any:
        """The same async test, which ends the lifespans in its own loop."""

        @wraps(test)
        async def run(*arguments: Any, **keywords: Any) -> Any:
            try:
                return await test(*arguments, **keywords)
            finally:
                for site in self.sites:
                    try:
                        await site.close_async()
                    except Exception as error:  # noqa: BLE001  # as in `_end`
                        self._errors.append(error)

        return run

    def _close(self) -> None:
        self._end(lambda site: site.close())
        if self._errors:
            raise self._errors[0]


@pytest.fixture
def cors() -> Generator[CORS, None, None]:
    """Asks an application as browsers do: cors(app).page("https://app.example").fetch("GET", "/").

    An answer that a browser does not let the page read fails the test, and says why. The
    application is any ASGI or WSGI application, or a corsac Policy.
    """
    opened = CORS()
    yield opened
    opened._close()


def _opened_in(item: pytest.Item) -> CORS | None:
    found = getattr(item, "funcargs", {}).get("cors")
    return found if isinstance(found, CORS) else None


# Wrappers in their old form, because pytest loads this file in every suite, whatever its version.
@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, None, None]:
    """Ends lifespans in the loop of an async test, which is closed before fixtures are."""
    opened, test = _opened_in(pyfuncitem), pyfuncitem.obj
    if opened is not None and iscoroutinefunction(test):
        pyfuncitem.obj = opened._ending_behind(test)
    yield
    pyfuncitem.obj = test
    if opened is not None:
        opened._end(lambda site: site.leave_loop())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Shows with -v what a failed test's pages asked and got."""
    outcome = yield
    report = outcome.get_result()
    opened = _opened_in(item)
    is_wanted = item.config.option.verbose > 0 and report.when == "call"
    if opened is not None and is_wanted and report.failed:
        from .testing._explanation import wire_of

        answers = [answer for site in opened.sites for answer in site.answers]
        text = "\n".join(wire_of(answer) for answer in answers)
        if text:
            report.sections.append(("CORS exchanges", text))
