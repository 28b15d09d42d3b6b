"""Questions a visitor could ask: the documents' own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from webapp.answering.reply import EVERYTHING, Scope
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
        return cls(corpus, _turn_about(corpus.documents))

    def first(self, limit: int, scope: Scope = EVERYTHING) -> tuple[str, ...]:
        """Return the first questions of a document, or of a tag's; of all documents where neither has any."""
        document = self.corpus.by_id.get(scope.document_id or "")
        if document is not None:
            return (_asked(document) or self.turn_about)[:limit]
        tagged = self.corpus.tags.get((scope.tag or "").casefold())
        own = _turn_about(self.corpus.documents[int(number)] for number in tagged.numbers) if tagged else ()
        return (own or self.turn_about)[:limit]


def _turn_about(documents: Iterable[Document]) -> tuple[str, ...]:
    queues: Sequence[Sequence[str]] = list(islice(filter(None, map(_asked, documents)), MOST))
    turns = [queue[turn] for turn in range(MOST) for queue in queues if turn < len(queue)]
    return tuple(dict.fromkeys(turns))[:MOST]


def _asked(document: Document) -> tuple[str, ...]:
    """Return the questions of a document, in their order."""
    return tuple(dict.fromkeys(q for p in document.passages if (q := document.question(p))))
