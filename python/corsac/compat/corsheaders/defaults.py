"""What is allowed without a setting, for projects that list more beside it.

Here: the two names that projects import. Not here: who reads them (`conf.py`).
Spec: https://pypi.org/project/django-cors-headers/
"""

from __future__ import annotations

from typing import Final

default_headers: Final = (
    "accept",
    "authorization",
    "content-type",
    "user-agent",
    "x-csrftoken",
    "x-requested-with",
)

default_methods: Final = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
