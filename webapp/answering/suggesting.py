"""Questions a visitor could ask: the documents' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.answering.reply import EVERYTHING, Scope
from webapp.corpus.model import Corpus

MOST = 24
"""Suggestions kept for a corpus as a whole."""


@dataclass(frozen=True)
class Suggestions:
    """The FAQ questions of a corpus."""

    by_document: Mapping[str, tuple[str, ...]]
    """Those of each document that has some, in their order."""
    by_tag: Mapping[str, tuple[str, ...]]
    """Those of the documents of each tag, case-folded, one document after the other in turn."""
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
        of_number = list(asked.values())
        by_tag = {tag: _turn_about([of_number[one] for one in numbers]) for tag, numbers in corpus.by_tag.items()}
        return cls(by_document, by_tag, _turn_about(list(by_document.values())))

    def first(self, limit: int, scope: Scope = EVERYTHING) -> tuple[str, ...]:
        """Return the first questions of a document, or of a tag's; of all documents where neither has any."""
        own = self.by_document.get(scope.document_id or "") or self.by_tag.get((scope.tag or "").casefold())
        return (own or self.turn_about)[:limit]


def _turn_about(queues: Sequence[Sequence[str]]) -> tuple[str, ...]:
    queues = queues[:MOST]
    turns = [queue[turn] for turn in range(MOST) for queue in queues if turn < len(queue)]
    return tuple(dict.fromkeys(turns))[:MOST]
