"""Drop-ins for other CORS libraries: change the import, and nothing else.

Here: the one warning that all of them give. Not here: any library's names, which are each in a file
called after it; how their options become a policy (`_translate.py`); CORS rules.
Spec: https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

__all__ = ["CompatWarning"]


class CompatWarning(UserWarning):
    """What an old library's configuration meant and a safe policy does not do.

    Given once for each configuration, when it is read; the text names every setting in question,
    what is different, and what to write.
    Source: https://fetch.spec.whatwg.org/#cors-protocol-and-credentials
    """
