"""The signal by which a project decides for one request.

Here: the signal alone. Not here: when it is sent (`middleware.py`).
Spec: https://docs.djangoproject.com/en/stable/topics/signals/
"""

from __future__ import annotations

from typing import Final

from django.dispatch import Signal

#: Its receivers take `request`; what one of them answers with a true value is allowed.
check_request_enabled: Final = Signal()
