"""Coverages: the share of the question's weight that a text holds.

They differ in the weight (rarity in the document, in the corpus, in English) and in the text (the FAQ question, the
passage, its neighbours, its paragraph, its document), and in whether a word of like meaning counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.answering.looking import Seen
from webapp.answering.measures import COVERAGES, Candidates, Floats, Ints
from webapp.answering.question import Asked
from webapp.answering.standing import Standing
from webapp.retrieval.index import Index
from webapp.retrieval.row_words import WordsInRows
from webapp.retrieval.runs import runs_of

PARAGRAPH_SHARE = 0.6
SYNONYM_SHARE = 0.8
"""What a like word in a sentence around counts."""
AS_GOOD = 0.9
"""A word this like a term says the same: derived from it, or an instance of it."""
TEXT, QUESTION = 0, 1
# What each coverage looks at, and what it weighs terms by.
_MADE_OF = {
    "text: local": ("text", "local"),
    "text: English": ("text", "English"),
    "FAQ question: local": ("FAQ question", "local"),
    "FAQ question: English": ("FAQ question", "English"),
    "either: local": ("either", "local"),
    "either: corpus": ("either", "corpus"),
    "text: similar, local": ("text, similar", "local"),
    "FAQ question: similar, local": ("FAQ question, similar", "local"),
    "similar stands out, local": ("similar stands out", "local"),
    "similar stands out, English": ("similar stands out", "English"),
    "FAQ question: similar stands out, English": ("FAQ question, similar stands out", "English"),
    "with neighbours: local": ("with neighbours", "local"),
    "with neighbours: similar, English": ("with neighbours, similar", "English"),
    "with paragraph: local": ("with paragraph", "local"),
    "document: English": ("document", "English"),
    "only neighbours: similar, English": ("only neighbours, similar", "English"),
    "names": ("similar, or neighbours", "names"),
    "numbers": ("either", "numbers"),
    "noun asked for": ("similar", "noun asked for"),
    "best word": ("similar", "best word"),
    "distinctive words: similar": ("similar", "distinctive"),
    "distinctive words of text: similar": ("text, similar", "distinctive"),
    "beyond the lead: similar": ("similar", "beyond the lead"),
    "beyond the lead: similar, with neighbours": ("with neighbours, similar", "beyond the lead"),
}
# What is worked out of them once, in the order of ``kernel.c``.
PARTS = (
    "text",
    "FAQ question",
    "either",
    "text, similar",
    "FAQ question, similar",
    "similar",
    "similar stands out",
    "FAQ question, similar stands out",
    "with neighbours",
    "with neighbours, similar",
    "only neighbours, similar",
    "similar, or neighbours",
    "with paragraph",
    "document",
)
WEIGHTS = (
    "local",
    "English",
    "corpus",
    "names",
    "numbers",
    "noun asked for",
    "best word",
    "distinctive",
    "beyond the lead",
)
_PART_OF = np.array([PARTS.index(_MADE_OF[name][0]) for name in COVERAGES], np.int64)
_WEIGHT_OF = np.array([WEIGHTS.index(_MADE_OF[name][1]) for name in COVERAGES], np.int64)
_BEYOND = WEIGHTS.index("beyond the lead")
_SHARES = np.array([SYNONYM_SHARE, PARAGRAPH_SHARE, AS_GOOD], np.float32)


@dataclass(frozen=True, slots=True)
class Holding:
    """What was seen of `n` candidates of `d` documents, and of the `m` terms of a question in these."""

    seen: Seen
    """Of their texts, FAQ questions and the sentences around each, ``6 n`` rows, then of each document's first one."""
    counts: Floats
    """What a word in each sentence around counts, shape ``(4, n)``."""
    document_of: Ints
    """Which of the documents each candidate is from, shape ``(n,)``; those of one follow each other."""
    begins: Ints
    """Where those of each begin, shape ``(d,)``."""
    rarity: Floats
    """How rare each term is in each document, shape ``(d, m)``."""
    standing: Ints
    """In how many passages of each it stands, shape ``(d, m)``."""
    there: Standing
    """Where the terms stand in the documents."""


@dataclass(frozen=True, slots=True)
class Covered:
    """How well `n` candidates hold the `m` terms of a question; parts as `Evidence` has them."""

    soft: Floats
    nearby: Floats
    in_document: Floats
    held: Floats
    shares: NDArray[np.float64]


def cover(
    index: Index, asked: Asked, candidates: Candidates, holding: Holding, columns: NDArray[np.float64]
) -> Covered:
    """Return what each candidate holds of each term and what the term weighs, for each of `COVERAGES`.

    Their products are added up into the first `columns`.
    """
    if index.compiled_words is not None:
        found = _cover_compiled(index, index.compiled_words, asked, candidates, holding, columns)
        if found is not None:
            return found
    n, m, document_of = len(candidates.passages), len(asked.terms), holding.document_of
    held, alike = (some[: 6 * n].reshape(6, n, m) for some in (holding.seen.held, holding.seen.alike))
    lead, counts = holding.seen.alike[6 * n :], holding.counts[:, :, None]
    soft = np.maximum(alike[TEXT], alike[QUESTION])
    nearby = np.maximum(soft, (alike[2:] * counts * np.float32(SYNONYM_SHARE)).max(axis=0))
    inside = _in_document(holding.standing > 0, soft, document_of, holding.begins)
    beside = (held[2:] * counts).max(axis=0)
    local, english = holding.rarity[document_of], asked.rarity
    either = np.maximum(held[TEXT], held[QUESTION])
    stands_out, question_stands_out = np.split(
        _stands_out(np.concatenate([soft, alike[QUESTION]], axis=1), document_of), 2, axis=1
    )
    paragraph = np.maximum(either, np.float32(PARAGRAPH_SHARE) * _paragraph_holds(index, candidates, holding.there, m))
    best = (local == local.max(axis=1, keepdims=True, initial=0)) & (local > 0)
    # Local weights are rarities in the document times rarity in English: squared and cubed they leave the rarest.
    distinctive = local * local * local / np.square(np.maximum(english, 1e-9))
    beyond = local * (1 - np.minimum(lead, 1))[document_of]
    parts: dict[str, NDArray[np.generic]] = {
        "text": held[TEXT],
        "FAQ question": held[QUESTION],
        "either": either,
        "text, similar": alike[TEXT],
        "FAQ question, similar": alike[QUESTION],
        "similar": soft,
        "similar stands out": stands_out,
        "FAQ question, similar stands out": question_stands_out,
        "with neighbours": np.maximum(either, beside),
        "with neighbours, similar": nearby,
        "only neighbours, similar": nearby - soft,
        "similar, or neighbours": np.maximum(soft, beside),
        "with paragraph": paragraph,
        "document": inside,
    }
    weights: dict[str, NDArray[np.generic]] = {
        "local": local,
        "English": english,
        "corpus": asked.corpus,
        "names": english * asked.is_name,
        "numbers": asked.is_number,
        "noun asked for": english * asked.in_focus,
        "best word": best,
        "distinctive": distinctive,
        "beyond the lead": beyond,
    }
    shares = _stacked(weights, WEIGHTS, local.shape, np.float64)
    whole = shares.sum(axis=2, keepdims=True)
    # What the lead holds already is lost, not shared out among the other words.
    whole[_BEYOND, :, 0] = local.sum(axis=1)
    shares /= np.maximum(whole, 1e-9)
    covered = _stacked(parts, PARTS, local.shape, np.float32).take(_PART_OF, axis=0)
    weighing = shares.take(_WEIGHT_OF, axis=0)
    columns[:, : len(COVERAGES)] = (covered * weighing).sum(axis=2).T
    return Covered(soft, nearby, inside, covered, weighing)


def _cover_compiled(
    index: Index,
    words: WordsInRows,
    asked: Asked,
    candidates: Candidates,
    holding: Holding,
    columns: NDArray[np.float64],
) -> Covered | None:
    """Return the same, or None when there is no room for it."""
    n, m, there = len(candidates.passages), len(asked.terms), holding.there
    covered = Covered(
        soft=np.empty((n, m), np.float32),
        nearby=np.empty((n, m), np.float32),
        in_document=np.empty((n, m), np.float32),
        held=np.empty((len(COVERAGES), n, m), np.float32),
        shares=np.empty((len(COVERAGES), n, m), np.float64),
    )
    done = words.cover(
        (
            *(holding.seen.held, holding.seen.alike, holding.counts, holding.rarity, holding.standing),
            *(holding.document_of, index.paragraph_of.take(candidates.passages)),
            *(index.paragraph_of.take(there.passages), there.slots),
            *(asked.rarity, asked.corpus, asked.is_name, asked.is_number, asked.in_focus),
            *(_PART_OF, _WEIGHT_OF, _SHARES, n, len(holding.rarity), m, len(there.slots), len(COVERAGES)),
        ),
        (covered.soft, covered.nearby, covered.in_document, covered.held, covered.shares),
        columns,
    )
    return covered if done else None


def _stacked(
    arrays: dict[str, NDArray[np.generic]], names: Sequence[str], shape: tuple[int, ...], kind: type[np.floating]
) -> NDArray[Any]:
    """Return arrays by their names, one after the other."""
    found = np.empty((len(names), *shape), kind)
    for place, name in enumerate(names):
        found[place] = arrays[name]
    return found


def _stands_out(held: Floats, document_of: Ints) -> Floats:
    """Return how much more each candidate holds than the candidates of its document on average."""
    sums = np.zeros((int(document_of.max()) + 1, held.shape[1]), np.float32)
    np.add.at(sums, document_of, held)
    means: Floats = (sums / np.bincount(document_of)[:, None]).astype(np.float32)
    return np.subtract(held, means[document_of])


def _in_document(held: NDArray[np.bool_], soft: Floats, document_of: Ints, begins: Ints) -> Floats:
    """Return whether each candidate's document holds each term, or a candidate of it a word that is as good.

    The candidates of each document follow each other; `begins` tells where.
    """
    inside = held | np.logical_or.reduceat(soft >= AS_GOOD, begins, axis=0)
    return inside.astype(np.float32)[document_of]


def _paragraph_holds(index: Index, candidates: Candidates, there: Standing, terms: int) -> Floats:
    """Return whether each candidate's paragraph holds each content term, shape ``(n, m)``."""
    paragraphs, which, _ = runs_of(index.paragraph_of[candidates.passages])
    found = index.paragraph_of[there.passages]
    at = np.minimum(np.searchsorted(paragraphs, found), len(paragraphs) - 1)
    inside = paragraphs[at] == found
    held = np.zeros((len(paragraphs), terms), np.float32)
    held[at[inside], there.slots[inside]] = 1
    return held[which]
