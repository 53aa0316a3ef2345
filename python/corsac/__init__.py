"""CORS, decided by a Rust core: policies, decisions, origin matching.

Here: the public names, nothing else. The adapters are in `corsac.adapters`.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from . import _headers as _headers  # gives `Policy` its last stage
from . import _outside as _outside  # gives it its words outside of Python
from ._decision import Decision, Outcome, Refusal
from ._handle import PolicyHandle
from ._origin_policies import OriginPolicies
from ._origins import OriginMatcher
from ._policy import Policy
from ._policy_map import PolicyMap
from ._problems import PolicyError, PolicyWarning, Problem
from ._requests import Request

__all__ = [
    "Decision",
    "OriginMatcher",
    "OriginPolicies",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicyHandle",
    "PolicyMap",
    "PolicyWarning",
    "Problem",
    "Refusal",
    "Request",
]
