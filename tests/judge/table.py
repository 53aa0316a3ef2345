"""The judge's table: every row.

Here: `TABLE`. Not here: any row (`rows_*.py`).
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from judge import (
    rows_answers,
    rows_asks,
    rows_courses,
    rows_policies,
    rows_statuses,
    rows_values,
)

PARTS = (
    rows_policies,
    rows_answers,
    rows_values,
    rows_statuses,
    rows_asks,
    rows_courses,
)
TABLE = [row for part in PARTS for row in part.ROWS]
