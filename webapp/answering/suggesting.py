"""Questions a visitor could ask: the documents' own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from webapp.corpus.model import Corpus, Document

MOST = 24
"""Suggestions kept for a corpus as a whole."""


@dataclass(frozen=True)
class Suggestions:
    """The FAQ questions of a corpus."""

    corpus: Corpus
    turn_about: tuple[str, ...]
    """One document after the other in turn."""

    @classmethod
    def of(cls, corpus: Corpus) -> Suggestions:
        """Collect the questions of a corpus."""
        queues = list(islice(filter(None, map(_asked, corpus.documents)), MOST))
        turns = [queue[turn] for turn in range(MOST) for queue in queues if turn < len(queue)]
        return cls(corpus, tuple(dict.fromkeys(turns))[:MOST])

    def first(self, limit: int, document_id: str | None = None) -> tuple[str, ...]:
        """Return the first questions of a document; of all documents when it is not named or has none."""
        document = self.corpus.by_id.get(document_id or "")
        own = _asked(document) if document is not None else ()
        return (own or self.turn_about)[:limit]


def _asked(document: Document) -> tuple[str, ...]:
    """Return the questions of a document, in their order."""
    return tuple(dict.fromkeys(q for p in document.passages if (q := document.question(p))))
