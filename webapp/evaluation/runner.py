"""Ask every question of a set and turn what came back into figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from webapp.answering.reply import Context, Outcome, Reply, Scope
from webapp.evaluation.figures import (
    Array,
    Figure,
    Indices,
    auroc,
    bootstrap,
    calibration_error,
    coverage_at_precision,
    first_relevant,
    ndcg,
    precision_coverage,
    reciprocal_rank,
)
from webapp.evaluation.sets import Place, Question, QuestionSet

HITS = 10
TARGET_PRECISION = 0.9
STRANGERS = "strangers"
"""Kind of the questions that belong to other articles or other sets."""

Progress = Callable[[int, int], None]


class Asker(Protocol):
    """What can be evaluated: the product's `Answerer`, or a peer dressed as one."""

    def ask(self, question: str, context: Context = ..., *, alternatives: int = ...) -> Reply:
        """Return the reply, with up to `alternatives` further answers in rank order."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came back for it."""

    question: Question
    kind: str
    relevances: tuple[int, ...]
    """Relevance of each hit, best hit first."""
    ideal: tuple[int, ...]
    confidence: float
    outcome: Outcome

    @property
    def right_first(self) -> bool:
        """Whether the first hit answers the question."""
        return first_relevant(self.relevances) == 0

    @property
    def given(self) -> bool:
        """Whether a text of the documents was shown as an answer, outright or hedged."""
        return self.outcome in (Outcome.ANSWERED, Outcome.HEDGED)

    @property
    def right_outcome(self) -> bool:
        """Whether the visitor got what a right reply is: the answer, small talk, or silence."""
        if self.question.answerable and self.kind != STRANGERS:
            return self.given and self.right_first
        if self.kind == "smalltalk":
            return self.outcome is Outcome.SMALLTALK
        return not self.given


@dataclass(frozen=True)
class SetFigures:
    """Figures of one set, asked in one way."""

    name: str
    scope: str
    """``all documents`` or ``within the article``."""
    figures: dict[str, Figure]
    by_kind: dict[str, dict[str, Figure]]
    curve: tuple[Array, Array] = field(repr=False)
    """Precision and coverage at every threshold, strangers weighing as much as the answerable."""


def evaluate(
    question_set: QuestionSet, answerer: Asker, *, strangers: Sequence[str] = (), progress: Progress | None = None
) -> Iterator[SetFigures]:
    """Yield the figures of a set; a set of articles gives two: within the article and over all documents.

    Args:
        question_set: what to ask.
        answerer: built from the set's corpus.
        strangers: questions of other sets, asked when the set has none that are out of scope itself.
        progress: called with (questions asked, questions to ask).
    """
    foreign = [Question(f"stranger-{number}", text, STRANGERS) for number, text in enumerate(strangers)]
    if not question_set.by_article:
        has_own = any(question.kind == "oos" for question in question_set.questions)
        questions = [*question_set.questions, *(() if has_own else foreign)]
        yield _measured(question_set, questions, answerer, "all documents", progress)
        return
    within = [*question_set.questions, *strangers_of_other_articles(question_set.questions)]
    yield _measured(question_set, within, answerer, "within the article", progress)
    yield _measured(question_set, [*question_set.questions, *foreign], answerer, "all documents", progress)


def strangers_of_other_articles(questions: Sequence[Question]) -> list[Question]:
    """Return, for each answerable question, the one of another article that stands as far from it as possible."""
    answerable = [question for question in questions if question.answerable]
    half = len(answerable) // 2
    strangers = []
    for number, question in enumerate(answerable):
        other = answerable[(number + half) % len(answerable)]
        if other.document_id != question.document_id:
            strangers.append(Question(f"{question.id}~", question.text, STRANGERS, document_id=other.document_id))
    return strangers


def _measured(
    question_set: QuestionSet, questions: Sequence[Question], answerer: Asker, scope: str, progress: Progress | None
) -> SetFigures:
    asked = ask_all(questions, answerer, within_article=scope == "within the article", progress=progress)
    kinds = sorted({one.kind for one in asked})
    return SetFigures(
        name=question_set.name,
        scope=scope,
        figures=_figures(asked),
        by_kind={kind: _kind_figures([one for one in asked if one.kind == kind]) for kind in kinds},
        curve=_curve(asked),
    )


def ask_all(
    questions: Sequence[Question], answerer: Asker, *, within_article: bool, progress: Progress | None = None
) -> list[Asked]:
    """Ask every question, in order."""
    asked = []
    for number, question in enumerate(questions):
        context = Context(
            previous=(question.previous,) if question.previous else (),
            scope=Scope(
                question.document_id if within_article else None,
            ),
        )
        asked.append(_asked(question, answerer.ask(question.text, context, alternatives=HITS - 1)))
        if progress is not None:
            progress(number + 1, len(questions))
    return asked


def _asked(question: Question, reply: Reply) -> Asked:
    hits = [*([reply.answer] if reply.answer else []), *reply.alternatives]
    relevances: tuple[int, ...] = ()
    ideal: tuple[int, ...] = ()
    if question.expect:
        relevances = tuple(int(any(text in hit.text for text in question.expect)) for hit in hits)
        ideal = (1,) * max(1, sum(relevances))
    elif question.relevant:
        places: list[Place | None] = [
            (hit.citation.document_id, hit.citation.passage) if hit.citation else None for hit in hits
        ]
        relevances = tuple(question.relevant.get(place, 0) if place else 0 for place in places)
        ideal = tuple(question.relevant.values())
    return Asked(question, question.kind, relevances, ideal, reply.confidence, reply.outcome)


def _figures(asked: Sequence[Asked]) -> dict[str, Figure]:
    answerable = [one for one in asked if one.question.answerable and one.kind != STRANGERS]
    figures = _ranking_figures(answerable)
    figures["right outcome"] = _share(asked, lambda one: one.right_outcome)
    figures["right outcome at the best threshold"] = _mean([best_right_outcome(asked)])
    outright = [one for one in asked if one.outcome is Outcome.ANSWERED]
    if outright:
        figures["precision of outright answers"] = _share(outright, lambda one: one.right_outcome)
    figures["coverage of outright answers"] = _share(
        answerable, lambda one: one.outcome is Outcome.ANSWERED and one.right_first
    )
    for kind, name in (("near", "near misses"), ("oos", "out of scope"), (STRANGERS, STRANGERS)):
        others = [one for one in asked if one.kind == kind]
        if others and answerable:
            figures[f"AUROC against {name}"] = _auroc(answerable, others)
    everything = [one for one in asked if one.kind != "smalltalk"]
    confidences = np.array([one.confidence for one in everything])
    right = np.array([one.right_first and one.kind != STRANGERS for one in everything])
    figures["expected calibration error"] = bootstrap(
        len(everything), lambda at: calibration_error(confidences[at], right[at])
    )
    strangers = [one for one in asked if one.kind in ("oos", STRANGERS)]
    if strangers and answerable:
        figures["coverage at precision 0.9, half strangers"] = _coverage(answerable, strangers)
    return figures


def best_right_outcome(asked: Sequence[Asked]) -> float:
    """Return the share of right outcomes if the confidence threshold were chosen with hindsight.

    Small talk counts as it came; every other question as answered by its first hit at or above the threshold.
    """
    settled = sum(one.right_outcome for one in asked if one.kind == "smalltalk")
    others = [one for one in asked if one.kind != "smalltalk"]
    order = sorted(others, key=lambda one: -one.confidence)
    right = sum(not (one.question.answerable and one.kind != STRANGERS) for one in others)
    best = right
    for number, one in enumerate(order):
        if one.question.answerable and one.kind != STRANGERS:
            right += one.right_first
        else:
            right -= 1
        if number + 1 == len(order) or order[number + 1].confidence < one.confidence:
            best = max(best, right)
    return (best + settled) / len(asked)


def _ranking_figures(asked: Sequence[Asked]) -> dict[str, Figure]:
    if not asked:
        return {}
    return {
        "hit@1": _share(asked, lambda one: one.right_first),
        "hit@3": _share(asked, lambda one: any(one.relevances[:3])),
        "MRR": _mean([reciprocal_rank(one.relevances) for one in asked]),
        "nDCG@10": _mean([ndcg(one.relevances, one.ideal) for one in asked]),
    }


def _kind_figures(asked: Sequence[Asked]) -> dict[str, Figure]:
    figures = _ranking_figures([one for one in asked if one.question.answerable and one.kind != STRANGERS])
    figures["right outcome"] = _share(asked, lambda one: one.right_outcome)
    return figures


def _share(asked: Sequence[Asked], holds: Callable[[Asked], bool]) -> Figure:
    return _mean([float(holds(one)) for one in asked])


def _mean(values: Sequence[float]) -> Figure:
    array = np.array(values)
    return bootstrap(len(array), lambda at: float(array[at].mean()))


def _auroc(answerable: Sequence[Asked], others: Sequence[Asked]) -> Figure:
    confidences = np.array([one.confidence for one in (*answerable, *others)])
    positive = np.arange(len(confidences)) < len(answerable)

    def figure(at: Indices) -> float:
        chosen = positive[at]
        if chosen.all() or not chosen.any():
            return float("nan")
        return auroc(confidences[at][chosen], confidences[at][~chosen])

    return bootstrap(len(confidences), figure, rounds=200)


def _mixture(answerable: Sequence[Asked], strangers: Sequence[Asked]) -> tuple[Array, Array, Array, Array]:
    """Return confidence, right, answerable and weight, strangers weighing together as much as the answerable."""
    confidences = np.array([one.confidence for one in (*answerable, *strangers)])
    belongs = (np.arange(len(confidences)) < len(answerable)).astype(float)
    right = np.array([float(one.right_first) for one in answerable] + [0.0] * len(strangers))
    ratio = len(answerable) / len(strangers) if strangers else 1.0
    return confidences, right, belongs, np.where(belongs > 0, 1.0, ratio)


def _coverage(answerable: Sequence[Asked], strangers: Sequence[Asked]) -> Figure:
    confidences, right, belongs, weights = _mixture(answerable, strangers)
    return bootstrap(
        len(confidences),
        lambda at: coverage_at_precision(confidences[at], right[at], belongs[at], weights[at], TARGET_PRECISION),
        rounds=200,
    )


def _curve(asked: Sequence[Asked]) -> tuple[Array, Array]:
    answerable = [one for one in asked if one.question.answerable and one.kind != STRANGERS]
    strangers = [one for one in asked if one.kind in ("oos", STRANGERS)]
    if not answerable:
        return np.zeros(0), np.zeros(0)
    _, precision, coverage = precision_coverage(*_mixture(answerable, strangers))
    return precision, coverage
