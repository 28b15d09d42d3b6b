"""Coverages: the share of the question's weight that a text holds.

They differ in the weight (rarity in the document, in the corpus, in English) and in the text (the FAQ question, the
passage, its neighbours, its paragraph, its document), and in whether a word of like meaning counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from webapp.answering.measures import COVERAGES, Candidates, Floats, Ints
from webapp.answering.question import Asked
from webapp.retrieval.index import Index

PARAGRAPH_SHARE = 0.6
AS_GOOD = 0.9
"""A word this like a term says the same: derived from it, or an instance of it."""
TEXT, QUESTION = 0, 1
_BEYOND = [place for place, name in enumerate(COVERAGES) if name.startswith("beyond the lead")]


@dataclass(frozen=True, slots=True)
class Holding:
    """How `n` candidates hold the `m` terms of a question."""

    held: Floats
    """1 where a text holds a term: the passage's, its question's, its neighbours', shape ``(6, n, m)``."""
    alike: Floats
    """How like a term the most similar word of each text is, shape ``(6, n, m)``."""
    beside: Floats
    """What a term in a neighbour counts, shape ``(n, m)``."""
    local: Floats
    """How rare each term is in the candidate's document, shape ``(n, m)``."""
    document_of: Ints
    """Which of the `d` documents of candidates each is from, shape ``(n,)``."""
    soft: Floats
    """How well each candidate holds each term, itself or a similar one, ``(n, m)``."""
    nearby: Floats
    """The same with its neighbours, ``(n, m)``."""
    in_document: Floats
    """1 where its document holds a term, ``(n, m)``."""
    lead: Floats
    """How like a term the most similar word of each document's first sentence is, shape ``(d, m)``."""


def coverages(
    index: Index, asked: Asked, candidates: Candidates, holding: Holding
) -> tuple[Floats, NDArray[np.float64]]:
    """Return what each candidate holds of each term and what the term weighs, for each of `COVERAGES`.

    Shapes are ``(len(COVERAGES), n, m)``; weights are shares of their sum.
    """
    held, alike, local, document_of = holding.held, holding.alike, holding.local, holding.document_of
    soft, nearby = holding.soft, holding.nearby
    english = np.broadcast_to(asked.rarity, local.shape)
    either = np.maximum(held[TEXT], held[QUESTION])
    stands_out = _stands_out(soft, document_of)
    paragraph = np.maximum(either, np.float32(PARAGRAPH_SHARE) * _paragraph_holds(index, asked, candidates))
    best = (local == local.max(axis=1, keepdims=True, initial=0)) & (local > 0)
    # Local weights are rarities in the document times rarity in English: squared and cubed they leave the rarest.
    distinctive = local * local * local / np.square(np.maximum(english, 1e-9))
    beyond = local * (1 - np.minimum(holding.lead, 1))[document_of]
    parts = {
        "text: local": (held[TEXT], local),
        "text: English": (held[TEXT], english),
        "FAQ question: local": (held[QUESTION], local),
        "FAQ question: English": (held[QUESTION], english),
        "either: local": (either, local),
        "either: corpus": (either, np.broadcast_to(asked.corpus, local.shape)),
        "text: similar, local": (alike[TEXT], local),
        "FAQ question: similar, local": (alike[QUESTION], local),
        "similar stands out, local": (stands_out, local),
        "similar stands out, English": (stands_out, english),
        "FAQ question: similar stands out, English": (_stands_out(alike[QUESTION], document_of), english),
        "with neighbours: local": (np.maximum(either, holding.beside), local),
        "with neighbours: similar, English": (nearby, english),
        "with paragraph: local": (paragraph, local),
        "document: English": (holding.in_document, english),
        "only neighbours: similar, English": (nearby - soft, english),
        "names": (np.maximum(soft, holding.beside), english * asked.is_name),
        "numbers": (either, np.broadcast_to(asked.is_number, local.shape)),
        "noun asked for": (soft, english * asked.in_focus),
        "best word": (soft, best),
        "distinctive words: similar": (soft, distinctive),
        "distinctive words of text: similar": (alike[TEXT], distinctive),
        "beyond the lead: similar": (soft, beyond),
        "beyond the lead: similar, with neighbours": (nearby, beyond),
    }
    weights = np.stack([parts[name][1] for name in COVERAGES]).astype(np.float64)
    whole = weights.sum(axis=2, keepdims=True)
    # What the lead holds already is lost, not shared out among the other words.
    whole[_BEYOND] = local.sum(axis=1, keepdims=True)
    return np.stack([parts[name][0] for name in COVERAGES]), weights / np.maximum(whole, 1e-9)


def _stands_out(held: Floats, document_of: Ints) -> Floats:
    """Return how much more each candidate holds than the candidates of its document on average."""
    sums = np.zeros((int(document_of.max()) + 1, held.shape[1]), np.float32)
    np.add.at(sums, document_of, held)
    means: Floats = (sums / np.bincount(document_of)[:, None]).astype(np.float32)
    return np.subtract(held, means[document_of])


def in_document(held: NDArray[np.bool_], soft: Floats, document_of: Ints) -> Floats:
    """Return whether each candidate's document holds each term, or a candidate of it a word that is as good."""
    inside = held.astype(np.float32)
    np.maximum.at(inside, document_of, (soft >= AS_GOOD).astype(np.float32))
    return inside[document_of]


def document_frequencies(index: Index, asked: Asked, documents: NDArray[np.integer]) -> Ints:
    """Return in how many passages of each document each content term stands, shape ``(len(documents), m)``."""
    m = len(asked.terms)
    which = np.full(len(index.first_passage) - 1, -1)
    which[documents] = np.arange(len(documents))
    of_document = which[index.document_of[asked.passages]]
    inside = of_document >= 0
    counts = np.bincount(of_document[inside] * m + asked.slots_there[inside], minlength=len(documents) * m)
    return counts.reshape(len(documents), m)


def local_rarity(index: Index, asked: Asked, documents: NDArray[np.integer], df: Ints | None = None) -> Floats:
    """Return how rare each term is in each document, times how rare in English, shape ``(len(documents), m)``.

    In the document: ``ln((1 + n) / (1 + df)) / ln(1 + n)`` over its `n` passages, in [0, 1].

    Args:
        index: what is asked.
        asked: the question.
        documents: numbers of documents.
        df: their `document_frequencies`, if they are known.
    """
    if df is None:
        df = document_frequencies(index, asked, documents)
    n = (index.first_passage[documents + 1] - index.first_passage[documents])[:, None]
    rare = np.log((1 + n) / (1 + df)) / np.log(1 + n)
    weights: Floats = (rare * asked.rarity).astype(np.float32)
    return weights


def _paragraph_holds(index: Index, asked: Asked, candidates: Candidates) -> Floats:
    """Return whether each candidate's paragraph holds each content term, shape ``(n, m)``."""
    paragraphs, which = np.unique(index.paragraph_of[candidates.passages], return_inverse=True)
    there = index.paragraph_of[asked.passages]
    at = np.minimum(np.searchsorted(paragraphs, there), len(paragraphs) - 1)
    inside = paragraphs[at] == there
    held = np.zeros((len(paragraphs), len(asked.terms)), np.float32)
    held[at[inside], asked.slots_there[inside]] = 1
    return held[which]
