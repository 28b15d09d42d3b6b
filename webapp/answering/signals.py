"""What a confidence is judged by, of an article's best candidate and of a bank's best answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from webapp.answering.coverage import AS_GOOD
from webapp.answering.dialogue import LEANING_STRONG
from webapp.answering.measures import COLUMN, Candidates, Evidence
from webapp.answering.question import Asked
from webapp.retrieval.kinds import GROUPS, Group, Kind
from webapp.retrieval.wordings import Likeness

Floats = NDArray[np.float64]

_OF_THE_BEST = (
    "words in text",
    "letters in text",
    "words in FAQ question",
    "letters in FAQ question",
    "words in document",
    "letters in document",
    "either: local",
    "distinctive words: similar",
    "best word",
    "with neighbours: similar, English",
    "text: similar, local",
    "FAQ question: similar, local",
    "meaning, less the document's",
    "text covered",
    "FAQ question covered",
    "is FAQ",
    "names",
    "numbers",
    "noun asked for",
    "pairs in text",
    "pairs in FAQ question",
    "words close in text",
    "number wanted and there",
    "name wanted and there",
    "date wanted and there",
    "reason wanted and there",
    "named place wanted and there",
    "wanted kind missing",
    "FAQ asks the same kind",
)
_COLUMNS_OF_THE_BEST = np.array([COLUMN[name] for name in _OF_THE_BEST])
_MISSING = COLUMN["wanted kind missing"]
_GROUPS = tuple(Group)
_KINDS_TOLD = (Kind.AGE, Kind.NAME, Kind.MONEY, Kind.KEYWORDS)
SIGNALS = (
    "score",
    "share of the best",
    "lead over the second",
    *(f"best: {name}" for name in _OF_THE_BEST),
    "held, or a similar word",
    "held nearby, or a similar word",
    "heaviest word not held",
    "heaviest word not nearby",
    "heaviest thing not in document",
    "things no candidate holds",
    "unknown things",
    "a name is not in document",
    "a number is not in document",
    "noun asked for is not in document",
    "noun asked for is not nearby",
    "asks for a noun",
    "strongest anchor",
    "anchors",
    "anchored share",
    "names in document",
    "no content",
    "content words",
    "document ahead of the next",
    "document score",
    "candidates with the wanted kind",
    "second is of the same document",
    "follows another question",
    "score times document score",
    *(f"asks for {group.value}" for group in Group),
    "asks for nothing known",
    *(f"asks: {kind.value}" for kind in _KINDS_TOLD),
    "a number is asked for and missing",
)
BANK_SIGNALS = (
    "odds against the others",
    "likeness",
    "coverage",
    "words the bank holds",
    "meaning",
    "one wording",
    "one wording: coverage",
    "one wording: likeness",
    "one wording: letters",
    "one wording: length",
)
BANK_SHARPNESS = 1.5
"""How sharply the bank's scores are turned into shares."""


def signals(evidence: Evidence, scores: Floats, order: Sequence[int], asked: Asked, found: Candidates) -> Floats:
    """Return what the confidence of the best candidate is judged by, shape ``(len(SIGNALS),)``.

    Args:
        evidence: of `n` candidates.
        scores: ``(n,)``.
        order: candidates, best first.
        asked: the question.
        found: the candidates, with the documents' scores.
    """
    best = order[0]
    second = order[1] if len(order) > 1 else best
    row = evidence.columns[best]
    lead = float(scores[best] - scores[second])
    weight = asked.rarity.astype(np.float64)
    total = max(float(weight.sum()), 1e-9)
    things = asked.things.astype(np.float64)
    seen = evidence.soft.max(axis=0)
    soft = evidence.soft[best].astype(np.float64)
    nearby = np.maximum(soft, evidence.nearby[best])
    inside = evidence.in_document[best].astype(np.float64)
    # An anchor is a rare word that the document holds: it ties the question to the document.
    ties = weight * weight * asked.documents
    anchors = ties * inside
    tied = float(anchors.sum())
    outside, focus = 1 - inside, asked.in_focus * weight
    not_held, not_nearby = 1 - soft, 1 - nearby
    document, score = float(found.documents[best]), float(scores[best])
    kind = asked.wanted.kind
    group = GROUPS.get(kind)
    unknown = np.array([number < 0 for number in asked.numbers])
    values = [
        score,
        1.0 / float(np.exp(scores - score).sum()),
        min(lead, 4.0) if len(order) > 1 else 4.0,
        *row.take(_COLUMNS_OF_THE_BEST).tolist(),
        float(weight @ soft) / total,
        float(weight @ nearby) / total,
        _most(weight * not_held),
        _most(weight * not_nearby),
        _most(things * outside),
        float(things @ (1 - seen)) / total,
        float(things @ (unknown & (seen < AS_GOOD))) / total,
        float(_most(asked.is_name * weight * outside) > 0),
        float(_most(asked.is_number * outside) > 0),
        float(focus @ outside),
        float(focus @ not_nearby),
        float(_most(focus) > 0),
        _most(anchors),
        min(tied, 2.0),
        tied / max(float(ties.sum()), 1e-9),
        min(float(asked.is_name @ inside), 3.0),
        float(total < 0.2),
        min(int(np.count_nonzero(weight)), 12) / 12,
        found.lead,
        document,
        float(np.count_nonzero(evidence.found)) / len(order) if asked.wanted.anything else 0.0,
        float(len(order) > 1 and found.document_of[second] == found.document_of[best]),
        float(asked.conversation.last is not None and asked.conversation.leaning >= LEANING_STRONG),
        score * document / 3,
        *[float(group is one) for one in _GROUPS],
        float(group is None),
        *[float(kind is one) for one in _KINDS_TOLD],
        float(group is Group.NUMBER) * float(row[_MISSING]),
    ]
    return np.array(values, np.float64)


def _most(values: Floats) -> float:
    """Return the largest of some numbers; 0 for none, and when it is less."""
    listed: list[float] = values.tolist()
    return max([0.0, *listed])


def bank_scores(likeness: Likeness) -> Floats:
    """Return the score of each answer of a bank, shape ``(n_answers,)``."""
    return (likeness.log_odds + likeness.coverage).astype(np.float64)


def bank_signals(likeness: Likeness, wordings_each: float, best: int, n_words: int) -> Floats:
    """Return what the confidence of a bank's best answer is judged by, shape ``(len(BANK_SIGNALS),)``."""
    scores = bank_scores(likeness)
    share = 1.0 / float(np.exp(BANK_SHARPNESS * (scores - scores[best])).sum())
    one = 1.0 / wordings_each
    logit, coverage = float(likeness.logit[best]), float(likeness.coverage[best])
    return np.array(
        [
            float(np.log(share / (1 - share + 1e-3) + 1e-12)),
            logit,
            coverage,
            likeness.known,
            likeness.meaning,
            one,
            one * coverage,
            one * logit,
            one * likeness.letters,
            one * float(np.log1p(n_words)),
        ]
    )
