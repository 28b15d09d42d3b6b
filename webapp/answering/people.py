"""Who somebody is, and what they said: articles tell the one where they name a person first, with an office or a trade.

"Who is Lavrov?" and "What did Lavrov say?" hold nothing but a name that the whole article repeats: no passage stands
out by its words, and what answers is not another name but what stands beside this one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from webapp.answering.measures import Candidates
from webapp.answering.question import Asked
from webapp.patterns import Pattern
from webapp.retrieval.flags import FULL_NAME, ROLE
from webapp.retrieval.index import Index

_WHO_IS = Pattern(r"(?i)\bwho(?:['’]?s| is| was| are| were)\b")
_WHAT_IS_SAID = Pattern(r"(?i)\bwhat(?: else)? (?:did|does|do|has|have|had)\b.{1,80}\b(?:say|said|tell|told)\b")
_SAID = (
    r"(?:said|says|told|tells|mention(?:ed|s)|add(?:ed|s)|stat(?:ed|es)|announce[ds]|explain(?:ed|s)|confirm(?:ed|s)"
    r"|highlight(?:ed|s)|stress(?:ed|es)|not(?:ed|es)|warn(?:ed|s)|argue[ds]|insist(?:ed|s)|claim(?:ed|s)|promise[ds]"
    r"|declare[ds]|emphasi[sz]e[ds]|reiterate[ds]|assert(?:ed|s)|remark(?:ed|s)|repl(?:ied|ies)|complain(?:ed|s)"
    r"|den(?:ied|ies)|wrote|writes|according to)"
)
_BETWEEN = r"(?:\W+\w+){0,2}?\W+"
"""A title, an adverb."""


def of_somebody(index: Index, asked: Asked, candidates: Candidates, scores: NDArray[np.float64]) -> int | None:
    """Return the place of the passage that tells of the person whom a question names; None for every other question.

    Args:
        index: what is asked.
        asked: the question.
        candidates: the passages that are compared.
        scores: theirs.
    """
    content = asked.rarity > 0
    if not content.any() or not asked.is_name[content].all():
        return None
    who_is = _WHO_IS.compiled.search(asked.text) is not None
    if not who_is and not _WHAT_IS_SAID.compiled.search(asked.text):
        return None
    naming = _naming(index, candidates, np.array(asked.numbers)[content] if who_is else _surname(asked)[1])
    naming.sort(key=lambda place: -float(scores[place]))
    return (_introduction if who_is else _statement)(index, asked, candidates, naming)


def _naming(index: Index, candidates: Candidates, name: NDArray[np.int64]) -> list[int]:
    """Return the places of the passages that hold a name, by the numbers of its words."""
    own_rows = zip(candidates.text_rows.tolist(), candidates.question_rows.tolist(), strict=True)
    return [place for place, own in enumerate(own_rows) if np.isin(name, index.terms_of_passage(*own)).all()]


def _surname(asked: Asked) -> tuple[str, NDArray[np.int64]]:
    """Return the last of the names in a question, as it was typed and by its number: who spoke is mostly called so."""
    numbers = {
        term: n for term, n, rarity in zip(asked.terms, asked.numbers, asked.rarity.tolist(), strict=True) if rarity
    }
    last = next(word for word in reversed(asked.words) if word.term in numbers)
    return last.span.of(asked.text), np.array([numbers[last.term]])


def _statement(index: Index, asked: Asked, candidates: Candidates, naming: Sequence[int]) -> int | None:
    """Return the place of the best one in which somebody says something, or of an FAQ that asks what they said."""
    surname = re.escape(_surname(asked)[0])
    says = re.compile(rf"(?i)\b{surname}\b{_BETWEEN}{_SAID}\b|\b{_SAID}{_BETWEEN}{surname}\b")
    for place in naming:
        document = index.corpus.documents[int(candidates.document_of[place])]
        passage = document.passages[int(index.passage_number[candidates.passages[place]])]
        own = (question.of(document.source) for question in passage.questions)
        if says.search(passage.span.of(document.source)) or any(_WHAT_IS_SAID.compiled.search(one) for one in own):
            return place
    return None


def _introduction(index: Index, asked: Asked, candidates: Candidates, naming: Sequence[int]) -> int | None:
    """Return the place of the sentence that introduces somebody."""
    rows, questions = candidates.text_rows, candidates.question_rows
    question = int(questions[naming[0]]) if naming else -1
    if question >= 0 and index.row_kinds[question] == asked.kind_number:
        # An FAQ that asks who, too.
        return naming[0]
    sentences = [place for place in naming if questions[place] < 0]
    if not sentences:
        return None
    best = sentences[0]
    here = [place for place in sentences if candidates.document_of[place] == candidates.document_of[best]]
    first = min(here, key=lambda place: int(candidates.passages[place]))
    if index.row_flags[rows[first]] & ROLE:
        return first
    return best if index.row_flags[rows[best]] & FULL_NAME else None
