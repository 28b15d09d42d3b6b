"""Which documents may answer: those that a conversation asks about, and whose last day is not past."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.reply import Scope
from webapp.corpus.model import Corpus
from webapp.retrieval.index import Index


def documents_within(corpus: Corpus, scope: Scope, over: NDArray[np.int32]) -> NDArray[np.int64] | None:
    """Return the numbers of the documents that may answer, in order; None when all may.

    Args:
        corpus: all documents.
        scope: what is asked about.
        over: numbers of the documents that answer no longer.
    """
    number = None if scope.document_id is None else corpus.numbers.get(scope.document_id)
    if number is not None and number not in over:
        return np.array([number])
    tagged = None if scope.tag is None else corpus.tags.get(scope.tag.casefold())
    if tagged is not None:
        return np.setdiff1d(tagged.numbers, over).astype(np.int64)
    return np.delete(np.arange(len(corpus.documents)), over) if len(over) else None


def asked_about(index: Index, scope: Scope, last: int | None) -> int | None:
    """Return the number of the one document that is asked about; None when it is not known.

    Args:
        index: what is asked.
        scope: what the conversation asks about.
        last: number of the passage that answered the question before.
    """
    number = index.corpus.numbers.get(scope.document_id or "")
    return number if number is not None or last is None else int(index.document_of[last])


def passages_told(
    first_passage: NDArray[np.int64], corpus: Corpus, places: Iterable[tuple[str, int]], over: NDArray[np.int32]
) -> list[int]:
    """Return the numbers of passages that answered before, without those that are gone or answer no longer.

    Args:
        first_passage: number of each document's first passage.
        corpus: all documents.
        places: ids of documents, and which of their passages, oldest first.
        over: numbers of the documents that answer no longer.
    """
    found = []
    for document_id, passage in places:
        number = corpus.numbers.get(document_id)
        if number is not None and number not in over and passage < len(corpus.documents[number].passages):
            found.append(int(first_passage[number]) + passage)
    return found


@dataclass(frozen=True, slots=True)
class Ids(Container[str]):
    """The ids of some documents of a corpus."""

    corpus: Corpus
    numbers: NDArray[np.int64]
    """In rising order."""

    def __contains__(self, document_id: object) -> bool:
        number = self.corpus.numbers.get(str(document_id), -1)
        place = np.searchsorted(self.numbers, number)
        return bool(place < len(self.numbers) and self.numbers[place] == number)
