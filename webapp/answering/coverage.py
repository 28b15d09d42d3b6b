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
from webapp.retrieval.runs import places_of

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
    there: Standing
    """Where the terms stand in the documents of the candidates."""


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
    paragraph = np.maximum(
        either, np.float32(PARAGRAPH_SHARE) * _paragraph_holds(index, candidates, holding.there, len(asked.terms))
    )
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


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the content terms of a question stand in a few documents, each passage once a term; shapes ``(k,)``."""

    passages: NDArray[np.int32]
    slots: Ints
    """Which term of the question stands there."""
    documents: Ints
    """Which of the documents looked at it is in."""


def standing(index: Index, asked: Asked, documents: NDArray[np.integer]) -> Standing:
    """Return where content terms stand in the documents of those numbers."""
    begins = index.first_row[index.first_passage[documents]].astype(np.int32)
    ends = index.first_row[index.first_passage[documents + 1]].astype(np.int32)
    if index.row_words.compiled is not None:
        numbers = np.array(asked.numbers, np.int64)
        of_content = np.flatnonzero((numbers >= 0) & (asked.rarity != 0))
        numbers = numbers[of_content]
        lists = index.row_words.starts[numbers + 1] - index.row_words.starts[numbers]
        room = int(np.minimum(lists, (ends - begins).sum()).sum())
        places = index.row_words.compiled.standing(index.row_passage, numbers, of_content, begins, ends, room)
        if places is not None:
            return Standing(*places)
    none = np.zeros(0, np.int64)
    passages, slots, owners = [none.astype(np.int32)], [none], [none]
    for slot, number in enumerate(asked.numbers):
        if number < 0 or asked.rarity[slot] == 0:
            continue
        rows, _ = index.row_words.postings(number)
        first = np.searchsorted(rows, begins)
        lengths = np.searchsorted(rows, ends) - first
        found = index.row_passage[rows[places_of(first, lengths)]]
        # The rows of a passage follow each other, so a passage that comes again does so at once.
        once = np.ones(len(found), bool)
        once[1:] = found[1:] != found[:-1]
        passages.append(found[once])
        slots.append(np.full(len(passages[-1]), slot))
        owners.append(np.repeat(np.arange(len(documents)), lengths)[once])
    return Standing(np.concatenate(passages), np.concatenate(slots), np.concatenate(owners))


def local_rarity(index: Index, asked: Asked, documents: NDArray[np.integer], there: Standing) -> tuple[Floats, Ints]:
    """Return how rare each term is in each document, times how rare in English, and in how many passages it stands.

    In the document: ``ln((1 + n) / (1 + df)) / ln(1 + n)`` over its `n` passages, in [0, 1]. Shapes
    ``(len(documents), m)``; a function word counts as standing nowhere.
    """
    m = len(asked.terms)
    df = np.bincount(there.documents * m + there.slots, minlength=len(documents) * m).reshape(len(documents), m)
    n = (index.first_passage[documents + 1] - index.first_passage[documents])[:, None]
    rare = np.log((1 + n) / (1 + df)) / np.log(1 + n)
    weights: Floats = (rare * asked.rarity).astype(np.float32)
    return weights, df


def _paragraph_holds(index: Index, candidates: Candidates, there: Standing, terms: int) -> Floats:
    """Return whether each candidate's paragraph holds each content term, shape ``(n, m)``."""
    paragraphs, which = np.unique(index.paragraph_of[candidates.passages], return_inverse=True)
    found = index.paragraph_of[there.passages]
    at = np.minimum(np.searchsorted(paragraphs, found), len(paragraphs) - 1)
    inside = paragraphs[at] == found
    held = np.zeros((len(paragraphs), terms), np.float32)
    held[at[inside], there.slots[inside]] = 1
    return held[which]
