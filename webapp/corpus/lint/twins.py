"""Documents that are nearly the same as an earlier one.

Documents are compared by their sets of shingles (runs of three words) and are nearly the same when the sets' Jaccard
similarity is high. Only pairs that share a shingle among their rarest ones are compared: with shingles in one order for
all, two sets of similarity t or more share one of the first ``n - ceil(t * n) + 1`` of either (Chaudhuri, Ganti and
Kaushik 2006, prefix filtering), so no pair is missed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from webapp.corpus.lint.showing import place, shortened
from webapp.corpus.model import Document, Problem, Severity
from webapp.corpus.scripts import UNSPACED

ALIKE_FROM = 0.7
"""Jaccard similarity from which two documents are nearly the same."""
SHINGLE_WORDS = 3

_WORD = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+")

Twins = Mapping[str, tuple[Document, float]]
"""By a document's id, the earlier one that it is like, and how much."""


def twins_of(documents: Sequence[Document]) -> Twins:
    """Return each document that is nearly the same as an earlier one, with the first such."""
    sets = [_shingles(document) for document in documents]
    frequency = Counter(shingle for shingles in sets for shingle in shingles)
    firsts: dict[int, list[int]] = {}
    found: dict[str, tuple[Document, float]] = {}
    for number, shingles in enumerate(sets):
        order = sorted(shingles, key=lambda shingle: (frequency[shingle], shingle))
        prefix = order[: len(order) - math.ceil(ALIKE_FROM * len(order)) + 1]
        near = dict.fromkeys(other for shingle in prefix for other in firsts.get(shingle, ()))
        best = max(((_jaccard(shingles, sets[other]), -other) for other in near), default=(0.0, 0))
        if best[0] >= ALIKE_FROM:
            # Not compared with later ones: a thousand copies are a thousand comparisons with the first.
            found[documents[number].id] = documents[-best[1]], best[0]
            continue
        for shingle in prefix:
            if frequency[shingle] > 1:
                firsts.setdefault(shingle, []).append(number)
    return found


def near_duplicates(documents: Sequence[Document], twins: Twins) -> Iterator[Problem]:
    """Yield a problem for each document that is nearly the same as an earlier one."""
    for document in documents:
        if document.id not in twins:
            continue
        other, likeness = twins[document.id]
        # Rounded down: only what is equal is told as such.
        same = "the same text as" if likeness == 1 else f"{math.floor(likeness * 100)}% of its text in common with"
        yield Problem(
            document.path,
            document.line_of(document.passages[0].span.start),
            "near-duplicate",
            f"“{shortened(document.headline)}” has {same} “{shortened(other.headline)}” "
            f"({place(other, other.passages[0].span.start)}).",
            "Keep one of them: visitors are asked which they mean.",
            Severity.WARNING,
        )


def _shingles(document: Document) -> frozenset[int]:
    """Return hashes of every run of three words that the document's article, questions and answers hold."""
    spans = [span for passage in document.passages for span in (*passage.questions, passage.span)]
    words = [word for span in spans for word in _WORD.findall(span.of(document.source).casefold())]
    if not words:
        return frozenset()
    runs = max(1, len(words) - SHINGLE_WORDS + 1)
    return frozenset(hash(tuple(words[at : at + SHINGLE_WORDS])) for at in range(runs))


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)
