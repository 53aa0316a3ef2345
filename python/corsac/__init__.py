"""CORS, decided by a Rust core: policies, decisions, origin matching.

Here: the public names, nothing else. The adapters are in `corsac.adapters`.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from . import _headers as _headers  # gives `Policy` its last stage
from ._decision import Decision, Outcome, Refusal
from ._origins import OriginMatcher
from ._policy import Policy
from ._problems import PolicyError, PolicyWarning, Problem

__all__ = [
    "Decision",
    "OriginMatcher",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicyWarning",
    "Problem",
    "Refusal",
]
