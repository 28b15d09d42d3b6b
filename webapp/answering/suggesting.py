"""Questions a visitor could ask: the documents' own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.corpus.model import Corpus

MOST = 24
"""Suggestions kept for a corpus as a whole."""


@dataclass(frozen=True)
class Suggestions:
    """The FAQ questions of a corpus."""

    by_document: Mapping[str, tuple[str, ...]]
    """Those of each document that has some, in their order."""
    turn_about: tuple[str, ...]
    """One document after the other in turn."""

    @classmethod
    def of(cls, corpus: Corpus) -> Suggestions:
        """Collect the questions of a corpus."""
        asked = {
            document.id: tuple(dict.fromkeys(q for p in document.passages if (q := document.question(p))))
            for document in corpus.documents
        }
        by_document = {document_id: questions for document_id, questions in asked.items() if questions}
        queues = list(by_document.values())[:MOST]
        turns = [queue[turn] for turn in range(MOST) for queue in queues if turn < len(queue)]
        return cls(by_document, tuple(dict.fromkeys(turns))[:MOST])

    def first(self, limit: int, document_id: str | None = None) -> tuple[str, ...]:
        """Return the first questions of a document; of all documents when it is not named or has none."""
        own = self.by_document.get(document_id or "")
        return own[:limit] if own is not None else self.turn_about[:limit]
