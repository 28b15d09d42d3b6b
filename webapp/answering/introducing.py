"""Who somebody is: articles say it where they name a person first, with an office or a trade.

"Who is Lavrov?" holds nothing but a name that the whole article repeats: no passage stands out by its words, and what
answers is not another name but what stands beside this one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from webapp.answering.measures import Candidates
from webapp.answering.question import Asked
from webapp.patterns import Pattern
from webapp.retrieval.flags import FULL_NAME, ROLE
from webapp.retrieval.index import Index

_WHO_IS = Pattern(r"(?i)\bwho(?:['’]?s| is| was| are| were)\b")


def introduction(index: Index, asked: Asked, candidates: Candidates, scores: NDArray[np.float64]) -> int | None:
    """Return the place of the sentence that introduces whom a question asks for; None for every other question.

    Args:
        index: what is asked.
        asked: the question.
        candidates: the passages that are compared.
        scores: theirs.
    """
    content = asked.rarity > 0
    names_only = content.any() and asked.is_name[content].all()
    if not names_only or not _WHO_IS.compiled.search(asked.text):
        return None
    name, rows, questions = np.array(asked.numbers)[content], candidates.text_rows, candidates.question_rows
    passages = enumerate(zip(rows.tolist(), questions.tolist(), strict=True))
    naming = [place for place, own in passages if np.isin(name, index.terms_of_passage(*own)).all()]
    naming.sort(key=lambda place: -float(scores[place]))
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
