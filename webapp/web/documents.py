"""The documents in the order of the reading room."""

from __future__ import annotations

from webapp.corpus.model import Corpus, Document

_sorted: tuple[Corpus, tuple[Document, ...]] | None = None
"""The corpus that was sorted last, with its documents; replaced whole."""


def newest_first(corpus: Corpus) -> tuple[Document, ...]:
    """Return the documents with the newest first; those without a date come last."""
    global _sorted
    known = _sorted
    if known is None or known[0] is not corpus:
        known = _sorted = (corpus, tuple(sorted(corpus.documents, key=_age)))
    return known[1]


def _age(document: Document) -> tuple[bool, int, str]:
    day = document.published
    return day is None, -day.toordinal() if day else 0, document.headline
