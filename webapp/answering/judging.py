"""What is seen at a ranking before its first hit is shown: whether it says anything, and whether it is the only one."""

from __future__ import annotations

from collections.abc import Sequence

from webapp.answering.dialogue import LEANING_STRONG
from webapp.answering.question import Asked
from webapp.answering.ranking import BankAnswer, Judged, Ranking
from webapp.answering.reply import Answer

NEARLY_A_WORDING = 0.8
"""Cosine of the letters from which a question is a wording of an FAQ, but for a word or two."""


def says_something(asked: Asked) -> bool:
    """Return whether a content word of the question, or of the conversation, stands in a document."""
    if asked.conversation.leaning >= LEANING_STRONG:
        return True
    return any(number >= 0 and rare > 0 for number, rare in zip(asked.document_numbers, asked.rarity, strict=True))


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
