"""A probe from beginning to end.

Here: `probe`. Not here: its parts. Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from ._answers import Answers
from ._asker import Asked, Asker, Listener
from ._finding import Report
from ._judge import judge
from ._options import OptionError, Options
from ._probe import ask

if TYPE_CHECKING:
    import ssl


def probe(
    options: Options,
    *,
    listener: Listener | None = None,
    context: ssl.SSLContext | None = None,
) -> Report:
    """Asks a live server what a browser and an attacker would ask.

    `options`: an `Options`. `listener`: a callable that is told of each exchange and of how many
    there were. `context`: the `ssl.SSLContext` to trust; left out, certifi's roots, or those of
    the environment variable SSL_CERT_FILE.

    Whatever the server does ends in a finding; an interruption (`KeyboardInterrupt`) ends the
    asking, and the report says so. Raises `OptionError` where SSL_CERT_FILE cannot be read, and
    whatever the listener raises.
    Source: https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    from ._network import (
        Network,
    )  # it needs the extra `cli`, which the names here do not

    user_agent = f"corsac-probe/{version('corsac')} (+https://pypi.org/project/corsac/)"
    network = Network(options.timeout, user_agent, context or _default_context())
    answers = Answers(options, target=options.url)
    try:
        ask(answers, Asker(options, network, listener or _nobody))
    except KeyboardInterrupt:
        answers.stopped = INTERRUPTED
    return judge(answers)


#: What `Report.stopped` says after Ctrl-C.
INTERRUPTED = "interrupted"


def _nobody(asked: Asked, count: int) -> None:
    pass


def _default_context() -> ssl.SSLContext:
    import httpx

    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise OptionError(
            f"the roots of SSL_CERT_FILE or SSL_CERT_DIR cannot be read ({error}): set it to a file "
            "of certificates in PEM, or unset it"
        ) from None
