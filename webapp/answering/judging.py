"""What is seen at a ranking before its first hit is shown: which reading of the question it is for, whether it says
anything, and whether it is the only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from webapp.answering import messages
from webapp.answering.dialogue import LEANING_STRONG, NOT_LEANING, NOTHING
from webapp.answering.model import Model
from webapp.answering.question import Asked
from webapp.answering.ranking import Article, BankAnswer, Judged, Ranking, rank
from webapp.answering.reply import Answer, Outcome
from webapp.retrieval.index import Index

Ints = NDArray[np.int64]

NEARLY_A_WORDING = 0.8
"""Cosine of the letters from which a question is a wording of an FAQ, but for a word or two."""

AKIN = 0.3
"""Two words this like each other have to do with each other."""


def ranked(index: Index, model: Model, asked: Asked, *, limit: int, within: Ints | None) -> tuple[Asked, Ranking]:
    """Return the best passages, and the question as it was read for them: whole, or leaning on the conversation.

    What may be whole is whole, whatever was said before; it leans only where nothing is found for it so.

    Args:
        index: what is asked.
        model: learned coefficients.
        asked: the question.
        limit: most hits returned.
        within: ask these documents only.
    """
    before = asked.conversation
    if before.last is None or before.leaning >= LEANING_STRONG:
        return asked, rank(index, model, asked, limit=limit, within=within)
    whole = replace(asked, conversation=NOTHING)
    ranking = rank(index, model, whole, limit=limit, within=within)
    if before.leaning == NOT_LEANING or is_shown(ranking, model):
        return whole, ranking
    other = rank(index, model, asked, limit=limit, within=within)
    return (asked, other) if is_shown(other, model) else (whole, ranking)


def is_shown(ranking: Ranking, model: Model) -> bool:
    """Return whether the first hit is sure enough to be shown as an answer."""
    return bool(ranking.hits) and ranking.confidence >= model.hedge_from


def says_something(index: Index, asked: Asked, ranking: Ranking) -> bool:
    """Return whether a content word of the question stands in a document, or the conversation says what is asked."""
    content = asked.rarity > 0
    if (content & (np.array(asked.document_numbers) >= 0)).any():
        return True
    if asked.conversation.leaning < LEANING_STRONG:
        return False
    points = index.language.leans([word.folded for word in asked.words])
    if points or asked.wanted.anything or not content.any():
        return True
    if (asked.lexicon_rows[content] < 0).all():
        # Nobody knows what such a word is like: by itself it says nothing.
        return not content.all()
    # A mere word goes on with the conversation when what was found has one like it.
    detail = ranking.detail
    return isinstance(detail, Article) and bool((detail.evidence.soft[detail.order[0]][content] >= AKIN).any())


def is_wording(ranking: Ranking, outright: float) -> bool:
    """Return whether a question of common words only, like "so who are you?", is nearly a wording of a bank.

    Args:
        ranking: what was found.
        outright: the confidence from which an answer is given outright.
    """
    detail = ranking.detail
    sure = ranking.hits[0].confidence >= outright if ranking.hits else False
    return sure and isinstance(detail, BankAnswer) and detail.likeness.letters >= NEARLY_A_WORDING


def is_tie(hits: Sequence[Judged], answers: Sequence[Answer], within: float) -> bool:
    """Return whether the first two answers are different and nothing much decides between them.

    Args:
        hits: the best first.
        answers: what they say, as many.
        within: so far apart their scores are at most.
    """
    if len(hits) < 2 or answers[0].citation is None or answers[1].citation is None:
        return False
    apart = answers[0].citation.document_id != answers[1].citation.document_id
    return apart and answers[0].text != answers[1].text and hits[0].score - hits[1].score <= within


def told_as(*, outright: bool, tied: bool, versions: int) -> tuple[Outcome, str, str]:
    """Return how an answer is told: its outcome, what is said before it, and the reason.

    Args:
        outright: whether it is sure enough to stand alone.
        tied: whether another one is as good.
        versions: how many older documents answer otherwise.
    """
    if not outright:
        return Outcome.HEDGED, messages.CLOSEST, "unsure"
    if tied or versions:
        return Outcome.HEDGED, messages.VERSIONS if versions else messages.WHICH, "tie"
    return Outcome.ANSWERED, "", "answered"
