"""The documents in the order of the reading room, and which of them answer the same questions."""

from __future__ import annotations

from webapp.answering.versions import Versions
from webapp.corpus.model import Corpus, Document

_sorted: tuple[Corpus, tuple[Document, ...]] | None = None
"""The corpus that was sorted last, with its documents; replaced whole."""
_compared: tuple[Corpus, Versions] | None = None
"""The corpus whose questions were compared last; replaced whole."""


def newest_first(corpus: Corpus) -> tuple[Document, ...]:
    """Return the documents with the newest first; those without a date come last."""
    global _sorted
    known = _sorted
    if known is None or known[0] is not corpus:
        known = _sorted = (corpus, tuple(sorted(corpus.documents, key=_age)))
    return known[1]


def versions_in(corpus: Corpus) -> Versions:
    """Return what documents of different days say to the same questions; found when first asked for."""
    global _compared
    known = _compared
    if known is None or known[0] is not corpus:
        known = _compared = (corpus, Versions.of(corpus))
    return known[1]


def _age(document: Document) -> tuple[bool, int, str]:
    day = document.published
    return day is None, -day.toordinal() if day else 0, document.headline
