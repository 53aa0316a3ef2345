"""A policy and nothing else, so that its import costs nothing.

Here: one policy. Not here: applications (`policies.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from corsac import Policy

policy = Policy(allow_origins=["https://app.example"])
