"""The fixed sentences that go before an answer or stand for one. Nothing here ever stands inside a quote."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.answering.reply import EVERYTHING, Scope
from webapp.retrieval.analysis import words

EMPTY = "Please type a question."
NO_WORDS = "I could not find a word in that. Please ask a question in words."
NO_DOCUMENTS = "There are no documents to answer from yet."
CLOSEST = "The closest I found:"
WHICH = "Several documents answer this. Which one do you mean?"
VERSIONS = "Documents of different dates answer this. The newest says:"
BEGINS = "The article begins:"
MORE = "More from the same article:"
NOTHING_MORE = "That is all this article says."
NOTHING_FROM_THEN = "No document here is from that time."
UNVERIFIED = "I found a passage but could not verify it against its document, so I will not show it."
_NOT_ANSWERED = "The documents here do not answer this."
_NOT_IN_DOCUMENT = "This document does not answer this."
_NOT_IN_DOCUMENTS = "The documents on this subject do not answer this."


def not_answered(missing: Sequence[str], scope: Scope = EVERYTHING) -> str:
    """Return why there is no answer; it names the words that no document holds and claims no more than that."""
    said = _NOT_IN_DOCUMENT if scope.document_id else _NOT_IN_DOCUMENTS if scope.tag else _NOT_ANSWERED
    if not missing:
        return said
    return f"{said} {not_mentioned(missing)}"


def as_typed(missing: Sequence[str], question: str) -> tuple[str, ...]:
    """Return words as a question has them: a name begins with a capital. What it does not have stays as it is."""
    typed = {word.folded: question[word.span.start : word.span.end] for word in reversed(list(words(question)))}
    return tuple(typed.get(word, word) for word in missing)


def not_mentioned(missing: Sequence[str]) -> str:
    """Return which words no document holds; there must be one."""
    return f"No document here mentions {_listed([f'“{word}”' for word in missing])}."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
