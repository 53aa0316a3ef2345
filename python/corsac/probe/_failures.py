"""Why there is no response, where the browser's model does not tell the cases apart.

Here: kinds of `NoResponse`. Not here: their causes on the network (`_network.py`), their findings
(`_judge_network.py`). Spec: https://fetch.spec.whatwg.org/#concept-network-error
"""

from __future__ import annotations

from corsac.browser import NoResponse


class TooLarge(NoResponse):
    """More header bytes than any client takes."""


class HostNotNamed(NoResponse):
    """A redirect leads to a host that nobody named, which is not asked."""


class RedirectsOn(NoResponse):
    """There were more redirects than the probe follows."""
