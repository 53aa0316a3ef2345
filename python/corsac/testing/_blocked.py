"""What a test fails with.

Here: `CORSBlocked` and `NotBlocked`. Not here: their text (`_explanation.py`).
Spec: https://fetch.spec.whatwg.org/#concept-network-error
"""

from __future__ import annotations

from ._answer import Answer
from ._explanation import explain_answer, names_of, summary_of


class CORSBlocked(AssertionError):
    """A browser does not let the page read the response; the text explains it.

    `answer`: the `Answer`. Source: https://fetch.spec.whatwg.org/#concept-network-error
    """

    __module__ = "corsac.testing"  # pytest shows it before each message

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{summary_of(answer)}\n\n{explain_answer(answer)}")
        self.answer = answer


class NotBlocked(AssertionError):
    """A browser lets the page read what it should not, or blocks it for another reason.

    `answer`: the `Answer`. Source: https://fetch.spec.whatwg.org/#concept-network-error
    """

    __module__ = "corsac.testing"

    def __init__(self, answer: Answer, failure: str | None = None) -> None:
        readers = [b for b, verdict in answer.verdicts.items() if verdict.readable]
        said = (
            f"{names_of(readers)} should not let the page read it"
            if readers
            else f"it should fail at {failure}, not at {answer.failure}"
        )
        text = explain_answer(answer, advises=False)
        super().__init__(f"{summary_of(answer)}; {said}\n\n{text}")
        self.answer = answer
