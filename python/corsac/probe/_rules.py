"""The closed list of what the probe finds.

Here: `RULES`, by id. Not here: the rules themselves, which stand with their kind.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import Final

from ._rules_lines import LINE_RULES
from ._rules_network import NETWORK_RULES
from ._rules_origins import ORIGIN_RULES
from ._rules_pages import PAGE_RULES

#: Every rule, by its id, in the order of what matters most.
RULES: Final = {
    rule.id: rule for rule in (*ORIGIN_RULES, *PAGE_RULES, *LINE_RULES, *NETWORK_RULES)
}
