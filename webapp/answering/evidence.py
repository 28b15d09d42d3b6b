"""What speaks for a (question, passage) pair: named numbers, a row a candidate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from webapp.answering.coverage import Holding, cover
from webapp.answering.looking import Seen, look
from webapp.answering.measures import (
    COLUMN,
    CONVERSATION,
    LONG_FROM,
    NAMES,
    SHORT_NAMES,
    Candidates,
    Evidence,
    Floats,
    Ints,
)
from webapp.answering.question import Asked
from webapp.answering.standing import local_rarity, standing
from webapp.retrieval import flags
from webapp.retrieval.index import Index
from webapp.retrieval.kinds import GROUPS, Group
from webapp.retrieval.lexicon import NAMED_PLACES
from webapp.retrieval.runs import runs_of

NEIGHBOURS = ((-1, 0.7), (1, 0.4), (-2, 0.35), (2, 0.2))
"""Sentences around a passage, and what a word in each counts; less across paragraphs."""
ACROSS_PARAGRAPHS = 0.6
_COUNTS = np.array([[share] for _, share in NEIGHBOURS])
_WITHIN, _ACROSS = _COUNTS.astype(np.float32), (_COUNTS * ACROSS_PARAGRAPHS).astype(np.float32)
_OF_CONVERSATION = np.array([COLUMN[name] for name in CONVERSATION])


def gather(index: Index, asked: Asked, candidates: Candidates) -> Evidence:
    """Return the evidence for each candidate."""
    n = len(candidates.passages)
    # Candidates are in the order of their numbers, so those of a document follow each other.
    documents, document_of, begins = runs_of(candidates.document_of)
    around, counts = _around(index, candidates)
    lead = index.first_row[index.first_passage[documents] + 1] - 1
    rows = np.concatenate([candidates.text_rows, candidates.question_rows, around.ravel(), lead])
    seen = look(index, asked, rows, n)
    there = standing(index, asked, documents)
    rarity, df = local_rarity(index, asked, documents, there)
    columns = np.zeros((n, len(NAMES)))
    holding = Holding(seen, counts, document_of, begins, rarity, df, there)
    covered = cover(index, asked, candidates, holding, columns)
    found = Evidence(
        columns=columns,
        found=_holds_wanted(index, asked, candidates.text_rows, seen),
        soft=covered.soft,
        nearby=covered.nearby,
        in_document=covered.in_document,
        held=covered.held,
        shares=covered.shares,
    )
    _scores(found, index, candidates, seen)
    _wants(found, index, asked, candidates, rarity[document_of])
    _conversation(found, index, asked, candidates)
    long = (index.first_passage[documents + 1] - index.first_passage[documents] >= LONG_FROM)[document_of]
    if long.any():
        found.columns[:, len(SHORT_NAMES) :] = found.columns[:, : len(SHORT_NAMES)] * long[:, None]
    return found


def _around(index: Index, candidates: Candidates) -> tuple[Ints, Floats]:
    """Return the rows of the sentences around each candidate, and what a word in each counts; shapes ``(4, n)``."""
    text = candidates.text_rows
    before, after = index.row_before.take(text), index.row_after.take(text)
    once = {
        -1: before,
        1: after,
        -2: np.where(before >= 0, index.row_before.take(before), -1),
        2: np.where(after >= 0, index.row_after.take(after), -1),
    }
    rows = np.empty((len(NEIGHBOURS), len(text)), np.int64)
    for place, (step, _) in enumerate(NEIGHBOURS):
        rows[place] = once[step]
    same = index.paragraph_of.take(index.row_passage.take(rows)) == index.paragraph_of.take(candidates.passages)
    return rows, np.where(same, _WITHIN, _ACROSS)


def _scores(found: Evidence, index: Index, candidates: Candidates, seen: Seen) -> None:
    n, put = len(found.columns), found.put
    text, question = candidates.text_rows, candidates.question_rows
    has_question = question >= 0
    put("words in text", candidates.words.text)
    put("letters in text", candidates.letters.text)
    put("words in FAQ question", candidates.words.question)
    put("letters in FAQ question", candidates.letters.question)
    put("words in paragraph", candidates.words.paragraph * ~has_question)
    put("letters in paragraph", candidates.letters.paragraph * ~has_question)
    put("words in document", candidates.words.document)
    put("letters in document", candidates.letters.document)
    put("document behind best", candidates.behind_best)
    put("pairs in text", seen.pairs[:n])
    put("pairs in FAQ question", seen.pairs[n : 2 * n])
    put("words close in text", seen.close)
    put("text covered", seen.covered[:n])
    put("FAQ question covered", seen.covered[n : 2 * n])
    put("is FAQ", has_question)
    number = index.passage_number[candidates.passages]
    put("first sentence", number == 0)
    put("position", np.minimum(number, 20) / 20 * ~has_question)
    put("length", np.log1p(index.first_token[text + 1] - index.first_token[text]) / 3)
    put("asks", (index.row_flags[text] & np.uint64(flags.ASKS)) != 0)


def _holds_wanted(index: Index, asked: Asked, text: Ints, seen: Seen) -> NDArray[np.bool_]:
    """Return whether each candidate's text holds what the question wants, beyond what it brings itself."""
    n, wants = len(text), asked.wanted
    there = (index.row_flags[text] & np.uint64(wants.row)) != 0
    if wants.number:
        there |= seen.new_number[:n]
    if wants.name:
        there |= seen.new_name[:n]
    if wants.senses:
        there |= (seen.new_senses[:n] & np.uint32(wants.senses)) != 0
    found: NDArray[np.bool_] = there
    return found


def _wants(found: Evidence, index: Index, asked: Asked, candidates: Candidates, local: Floats) -> None:
    group = GROUPS.get(asked.wanted.kind)
    if group is not None and asked.wanted.anything:
        found.put(f"{group.value} wanted and there", found.found)
        if group in (Group.NUMBER, Group.DATE):
            found.put("wanted kind missing", ~found.found)
    if asked.wanted.senses & NAMED_PLACES:
        found.put("named place wanted and there", found.found)
    text, question = candidates.text_rows, candidates.question_rows
    meant = local.astype(np.float64) @ asked.vectors
    about = index.document_vectors.take(candidates.document_of, axis=0)
    has = (question >= 0).nonzero()[0]
    question = question.take(has)
    rows, of = np.concatenate([text, question]), np.concatenate([np.arange(len(text)), has])
    alike = _cosine(meant.take(of, axis=0), index.row_vectors.take(rows, axis=0) - about.take(of, axis=0))
    found.put("meaning, less the document's", alike[: len(text)])
    found.columns[has, COLUMN["meaning of FAQ question, less the document's"]] = alike[len(text) :]
    same = np.where(index.row_kinds.take(question) == asked.kind_number, 1, -1)
    found.columns[has, COLUMN["FAQ asks the same kind"]] = same


def _cosine(some: NDArray[np.float64], others: Floats) -> NDArray[np.float64]:
    """Return the cosine of each row with the other's, in double precision so that it is the same everywhere."""
    other = others.astype(np.float64)
    lengths = np.sqrt(np.square(some).sum(axis=1) * np.square(other).sum(axis=1))
    cosine: NDArray[np.float64] = (some * other).sum(axis=1) / np.maximum(lengths, 1e-9)
    return cosine


def _conversation(found: Evidence, index: Index, asked: Asked, candidates: Candidates) -> None:
    """Compare with what was asked and told before."""
    before = asked.conversation
    if before.last is None:
        return
    passages, put = candidates.passages, found.put
    here = index.document_of[passages] == index.document_of[before.last]
    is_sentence = candidates.question_rows < 0
    told_here = passages == before.last
    put("same document as before", here)
    put("told just before", told_here)
    put("told earlier", np.isin(passages, [*before.told]))
    put("beside what was told", here & is_sentence & (np.abs(passages - before.last) == 1))
    put("after what was told", here & is_sentence & (passages == before.last + 1))
    put("told before, holds wanted kind", told_here & found.found)
    for place, (text, question) in enumerate(zip(candidates.text_rows, candidates.question_rows, strict=True)):
        own = index.terms_of_passage(text, question)
        held = np.isin(before.asked, own)
        found.columns[place, COLUMN["words of the question before"]] = (before.asked_weights * held).sum()
        if not told_here[place]:
            held = np.isin(before.said, own)
            found.columns[place, COLUMN["words of what was told"]] = (before.said_weights * held).sum()
            named = here[place] and bool((held & index.terms.is_name[before.said]).any())
            found.columns[place, COLUMN["name of what was told"]] = named
    found.columns[:, _OF_CONVERSATION] *= before.leaning
