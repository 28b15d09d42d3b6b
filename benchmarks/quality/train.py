"""Trains the ranker and the confidence, with scikit-learn, into one small readable file.

    python -m benchmarks.quality.train SETS [--without-dev] [--output webapp/answering/model.json]

SETS is the folder that holds the public question sets. The sets written for this project, beside this file, are always
trained on. The ranker is a conditional logit over the evidence of the candidates (scikit-learn's logistic regression
over differences of pairs ranked 0.03 worse on news documents); the confidence is two logistic regressions over signals
of the best candidate. Thresholds come from confidences made out of fold, by document. The same sets give the same
file, to the bit, with the locked versions of NumPy and scikit-learn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray
from scipy.optimize import minimize

from webapp import answering
from webapp.answering.answerer import Answerer
from webapp.answering.measures import COLUMN, NAMES, SHORT_NAMES, Candidates, Evidence
from webapp.answering.model import Logistic, Model
from webapp.answering.question import Asked, read_question
from webapp.answering.ranking import Article, rank
from webapp.answering.reply import Context
from webapp.answering.signals import BANK_SIGNALS, SIGNALS, bank_scores, bank_signals, signals
from webapp.answering.smalltalk import smalltalk_kind
from webapp.corpus.model import Corpus, Document
from webapp.evaluation.runner import STRANGERS, strangers_of_other_articles
from webapp.evaluation.sets import Question, QuestionSet, read_set
from webapp.retrieval.lexicon import load
from webapp.retrieval.spelling import corrected
from webapp.retrieval.wordings import Bank

OWN = Path(__file__).with_name("sets")
OUTPUT = Path(answering.__file__).with_name("model.json")

# Weight of each source of questions: for ranking a question, for confidence a set as a whole.
ARTICLES = {"squad2-train": (1.0, 1.0), "xquad-en-train": (1.0, 0.5)}
ARTICLES_DEV = {"squad2-dev": (1.0, 1.0)}
NEWSROOM = (3.0, 3.0)
ONE_DOCUMENT = (0.5, 1.0)
"""The newsroom sets again, each document asked as the only one: a first visitor has just the seed article."""
STRANGERS_ALONE = 12
NEWSROOM_DEV = "newsroom-dev"
BANKS = ("banking77-dev", "clinc150-dev", "stackfaq-dev")
RANKER_STRENGTH = 0.1
EITHER_SIGN = frozenset(
    (
        "length",
        "position",
        "first sentence",
        "is FAQ",
        "told just before",
        "told earlier",
        "wanted kind missing",
        "only neighbours: similar, English",
        "beside what was told",
        "after what was told",
        "FAQ asks the same kind",
        "same document as before",
        "told before, holds wanted kind",
    )
)
"""Evidence that may speak against a passage."""
EITHER_SIGN_IN_SCOPE = frozenset(
    (
        "best: is FAQ",
        "no content",
        "content words",
        "candidates with the wanted kind",
        "second is of the same document",
        "follows another question",
    )
)
SCOPE_STRENGTH = 1.0
FACT_STRENGTH = 0.03
BANK_STRENGTH = 1.0
FOLDS = 5
STRANGERS_EACH = 60
STRANGERS_IN_BANK = 1200
LEFT_OUT_SHARE = 3
"""One answer in this many is taken out of a bank to make its questions unanswerable."""
PRECISIONS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99)
DECIMALS = 6

Floats = NDArray[np.float64]
Bound = tuple[float | None, float | None]
ANY: Bound = (None, None)


@dataclass(frozen=True)
class Example:
    """One question asked of one corpus, with the evidence for its candidates."""

    group: str
    """Folds keep a group together: questions about one document."""
    kind: str
    answerable: bool
    evidence: Evidence
    candidates: Candidates
    right: NDArray[np.bool_]
    asked: Asked
    natural: bool
    """Whether it belongs to a natural mix of questions, rather than to borrowed strangers."""


@dataclass(frozen=True)
class Source:
    """The examples of one set and what they weigh."""

    name: str
    examples: tuple[Example, ...]
    for_ranking: float
    for_confidence: float


def blank_model() -> Model:
    """Return a model to begin with: plain coverage, no confidence."""
    ranker = np.zeros(len(NAMES))
    for name in ("text: local", "FAQ question: local", "words in document", "letters in document"):
        ranker[COLUMN[name]] = 1.0
    even = Logistic(np.zeros(len(SIGNALS)), 0.0)
    return Model(ranker, even, even, 1.0, 0.0, Logistic(np.zeros(len(BANK_SIGNALS)), 0.0), ((0.9, 0.5),), 0.25)


def gather_examples(question_set: QuestionSet, answerer: Answerer, strangers: Iterable[str]) -> tuple[Example, ...]:
    """Ask every question of a set and keep the evidence; sets of articles are asked in both scopes."""
    corpus, index = question_set.corpus, answerer.index
    numbers = {document.id: number for number, document in enumerate(corpus.documents)}
    places = [(document.id, passage.number) for document in corpus.documents for passage in document.passages]
    texts = [document.text(passage) for document in corpus.documents for passage in document.passages]
    questions = [(question, True) for question in question_set.questions]
    if question_set.by_article:
        questions += [(question, False) for question in strangers_of_other_articles(question_set.questions)]
    questions += [(Question(f"stranger-{n}", text, STRANGERS), False) for n, text in enumerate(strangers)]
    examples = []
    for question, natural in questions:
        if smalltalk_kind(question.text) or question.kind == "metadata":
            continue
        scopes = [numbers.get(question.document_id or "")] if question_set.by_article else [None]
        if question_set.by_article and natural:
            scopes.append(None)
        context = Context(previous=(question.previous,)) if question.previous else Context()
        for scope in scopes:
            text = corrected(question.text, index.spelling.corrections(question.text))
            asked = read_question(text, index, answerer.carried(context, text))
            detail = rank(
                index, answerer.model, asked, limit=1, within=None if scope is None else np.array([scope])
            ).detail
            if not isinstance(detail, Article):
                continue
            passages = detail.candidates.passages
            if question.expect:
                right = [any(part in texts[passage] for part in question.expect) for passage in passages]
            else:
                relevant = question.relevant or {}
                right = [relevant.get(places[passage], 0) > 0 for passage in passages]
            examples.append(
                Example(
                    group=question.document_id or question.id,
                    kind=question.kind,
                    answerable=question.answerable and question.kind != STRANGERS,
                    evidence=detail.evidence,
                    candidates=detail.candidates,
                    right=np.array(right, bool),
                    asked=asked,
                    natural=natural,
                )
            )
    return tuple(examples)


def alone(question_set: QuestionSet, model: Model, strangers: Sequence[str]) -> tuple[Example, ...]:
    """Ask each document's questions, and some strangers', of an index that holds nothing else."""
    outside = [question for question in question_set.questions if question.kind == "oos"]
    examples: list[Example] = []
    for number, document in enumerate(question_set.corpus.documents):
        own = [question for question in question_set.questions if question.document_id == document.id]
        others = [
            replace(question, kind=STRANGERS, document_id=None, expect=())
            for question in question_set.questions
            if question.answerable and question.document_id != document.id and not question.previous
        ]
        asked = [*own, *others[number :: max(1, len(others) // STRANGERS_ALONE)][:STRANGERS_ALONE], *outside[number::7]]
        one = replace(question_set, corpus=Corpus((document,)), questions=tuple(asked))
        examples += gather_examples(one, Answerer.build(one.corpus, model=model), strangers[number::STRANGERS_EACH])
    return tuple(examples)


def fit_ranker(sources: Sequence[Source]) -> Floats:
    """Return the coefficients of a conditional logit: the chance that the choice falls on a right candidate."""
    blocks, truth, weights = [], [], []
    for source in sources:
        for example in source.examples:
            if example.answerable and example.right.any() and not example.right.all():
                columns = example.evidence.columns.astype(np.float64)
                blocks.append(columns - columns.mean(axis=0))
                truth.append(example.right)
                weights.append(source.for_ranking)
    values, right = np.concatenate(blocks), np.concatenate(truth).astype(float)
    sizes = np.array([len(block) for block in blocks])
    starts, owner = np.cumsum(sizes) - sizes, np.repeat(np.arange(len(sizes)), sizes)
    weight = np.array(weights)
    # The second half of the columns repeats the first for long documents: one scale for both.
    half = values.shape[1] // 2
    scale = np.tile(np.sqrt((values[:, :half] ** 2).mean(axis=0)) + 1e-3, 2)
    values = values / scale

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        scores = values @ coefficients
        scores = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        everything, rights = np.add.reduceat(scores, starts), np.add.reduceat(scores * right, starts) + 1e-12
        value = (weight * (np.log(everything) - np.log(rights))).sum()
        slope = weight[owner] * (scores / everything[owner] - scores * right / rights[owner])
        shrunk = coefficients / RANKER_STRENGTH
        return float(value + 0.5 * coefficients @ shrunk), values.T @ slope + shrunk

    # More of what speaks for a passage must never count against it: free signs gained nothing and made odd answers.
    bounds: list[tuple[float | None, float | None]] = [
        (None if name in EITHER_SIGN else 0.0, None) for name in SHORT_NAMES
    ]
    bounds[SHORT_NAMES.index("asks")] = (None, 0.0)
    bounds += [(None, None)] * half
    start = np.zeros(values.shape[1])
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return np.round(fitted.x / scale, DECIMALS)


def fit_logistic(
    parts: Sequence[tuple[Floats, NDArray[np.bool_], Floats]],
    strength: float,
    bounds: Sequence[Bound] | None = None,
) -> Logistic:
    """Return a logistic regression over signals, given (signals, truth, weights) of each source."""
    values, truth, weights = (np.concatenate(part) for part in zip(*parts, strict=True))
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    scaled = (values - mean) / scale

    def loss(fitted: Floats) -> tuple[float, Floats]:
        odds = scaled @ fitted[:-1] + fitted[-1]
        error = weights * (1 / (1 + np.exp(-odds)) - truth)
        value = (weights * (np.logaddexp(0, odds) - truth * odds)).sum() + 0.5 * (fitted[:-1] ** 2).sum() / strength
        return float(value), np.append(scaled.T @ error + fitted[:-1] / strength, error.sum())

    limits = [*(bounds or [ANY] * scaled.shape[1]), ANY]
    start = np.zeros(scaled.shape[1] + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 5000})
    coefficients = found.x[:-1] / scale
    # A signal that never varied says nothing: its coefficient is dust.
    coefficients[scale < 1e-5] = 0.0
    return Logistic(np.round(coefficients, DECIMALS), round(float(found.x[-1] - coefficients @ mean), DECIMALS))


def _sign_in_scope(name: str) -> Bound:
    """Return the bound of a signal: what a document holds never speaks against it, what it lacks never for it."""
    if name.startswith("asks") or name in EITHER_SIGN_IN_SCOPE:
        return ANY
    lacks = name.startswith(("heaviest", "things", "unknown")) or " not " in name or "missing" in name
    return (None, 0.0) if lacks else (0.0, None)


def judged(examples: Sequence[Example], ranker: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the signals of each example's best candidate, and whether that candidate is right."""
    rows, right = [], []
    for example in examples:
        scores = np.round(example.evidence.columns.astype(np.float64) @ ranker, DECIMALS)
        order = [int(place) for place in np.argsort(-scores, kind="stable")]
        rows.append(signals(example.evidence, scores, order, example.asked, example.candidates))
        right.append(bool(example.right[order[0]]) and example.answerable)
    return np.array(rows), np.array(right)


def fit_confidence(sources: Sequence[Source], ranker: Floats) -> tuple[Logistic, Logistic]:
    """Return the two regressions: in scope at all, and right given that it is in scope."""
    scope, fact = [], []
    for source in sources:
        rows, right = judged(source.examples, ranker)
        outside = np.array([example.kind in ("oos", STRANGERS) for example in source.examples])
        weight = 1000 * source.for_confidence
        if outside.any():
            half = np.where(outside, 0.5 / outside.sum(), 0.5 / (~outside).sum())
            scope.append((rows, ~outside, weight * half))
        inside = ~outside
        fact.append((rows[inside], right[inside], np.full(int(inside.sum()), weight / inside.sum())))
    return fit_logistic(scope, SCOPE_STRENGTH, [_sign_in_scope(name) for name in SIGNALS]), fit_logistic(
        fact, FACT_STRENGTH
    )


def out_of_fold(sources: Sequence[Source], chosen: Source) -> tuple[Floats, NDArray[np.bool_]]:
    """Return log odds for a source's examples by models that saw none of their documents, and what was right."""
    groups = sorted({example.group for example in chosen.examples})
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    odds = np.zeros(len(chosen.examples))
    right = np.zeros(len(chosen.examples), bool)
    for number in range(FOLDS):
        kept = [
            replace(s, examples=tuple(e for e in s.examples if fold[e.group] != number)) if s is chosen else s
            for s in sources
        ]
        ranker = fit_ranker(kept)
        scope, fact = fit_confidence(kept, ranker)
        at = [place for place, example in enumerate(chosen.examples) if fold[example.group] == number]
        rows, right[at] = judged([chosen.examples[place] for place in at], ranker)
        model = replace(blank_model(), ranker=ranker, scope=scope, fact=fact)
        odds[at] = [model.log_odds(row) for row in rows]
    return odds, right


def thresholds(confidence: Floats, right: NDArray[np.bool_], weight: Floats) -> list[dict[str, float]]:
    """Return, for each precision, the lowest confidence from which on answers reach it."""
    order = np.argsort(-confidence, kind="stable")
    good = np.cumsum((right * weight)[order])
    precision = good / np.cumsum(weight[order])
    # A run of luck among the first few answers is no threshold.
    settled = np.arange(len(order)) >= 20
    rows = []
    for wanted in PRECISIONS:
        reached = np.flatnonzero((precision >= wanted) & settled)
        lowest = confidence[order[reached[-1]]] if len(reached) else (1 + wanted) / 2
        rows.append({"precision": wanted, "confidence": round(float(lowest), 4)})
    for row, following in zip(rows[::-1], rows[::-1][1:], strict=False):
        following["confidence"] = min(following["confidence"], row["confidence"])
    return rows


def best_hedge(examples: Sequence[Example], odds: Floats) -> float:
    """Return the confidence from which on showing the best candidate brings more right outcomes than silence.

    That is where it is as likely to be right as the question is to have no answer; how likely that is, a logistic
    regression over the calibrated log odds says.
    """
    unanswerable = np.array([not example.answerable for example in examples])
    regression = fit_logistic([(odds[:, None], unanswerable, np.ones(len(odds)))], 1e3)
    confidence = np.arange(1, 100) / 100
    silent = [regression.probability(np.array([np.log(one / (1 - one))])) for one in confidence]
    return float(confidence[int(np.argmax(confidence > silent))])


def bank_examples(document: Document, questions: Sequence[Question]) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Return signals, truth and weights for a bank, the answerable weighing as much as all others together."""
    bank = Bank.build(document, load())
    if bank is None:
        raise SystemExit(f"{document.id} is too small for a bank")
    rows, right, inside = [], [], []
    for question in questions:
        likeness = bank.likeness(question.text)
        best = int(np.argmax(bank_scores(likeness)))
        rows.append(bank_signals(likeness, bank.wordings_each, best, len(question.text.split())))
        relevant = question.relevant or {}
        right.append(relevant.get((document.id, int(bank.passages[best])), 0) > 0)
        inside.append(bool(relevant))
    known = np.array(inside)
    weight = np.where(known, 0.5 / max(1, known.sum()), 0.5 / max(1, (~known).sum())) * 1000
    return np.array(rows), np.array(right), weight


def fit_bank(folder: Path) -> Logistic:
    """Return the confidence of banks, from whole banks and from banks with answers left out."""
    sets = [read_set(folder / name) for name in BANKS]
    parts = []
    for question_set in sets:
        document = question_set.corpus.documents[0]
        strangers = [
            replace(question, relevant=None)
            for other in sets
            if other is not question_set
            for question in other.questions[:: max(1, 2 * len(other.questions) // STRANGERS_IN_BANK)]
        ]
        own = [question for question in question_set.questions if question.answerable]
        outside = [question for question in question_set.questions if not question.answerable]
        parts.append(bank_examples(document, [*own, *(outside or strangers)]))
        smaller = replace(
            document,
            passages=tuple(
                replace(passage, number=number)
                for number, passage in enumerate(p for p in document.passages if p.number % LEFT_OUT_SHARE)
            ),
        )
        renumbered = {
            passage.number: number
            for number, passage in enumerate(p for p in document.passages if p.number % LEFT_OUT_SHARE)
        }
        asked = [
            replace(
                question,
                relevant={
                    (document.id, renumbered[place]): relevance
                    for (_, place), relevance in (question.relevant or {}).items()
                    if place in renumbered
                },
            )
            for question in own
        ]
        rows, right, weight = bank_examples(smaller, asked)
        parts.append((rows, right, weight * 0.3))
    return fit_logistic(parts, BANK_STRENGTH)


def train(folder: Path, *, with_dev: bool) -> dict[str, Any]:
    """Return the contents of the model file."""
    named = dict(ARTICLES, **(ARTICLES_DEV if with_dev else {}))
    sets = {name: read_set(folder / name) for name in named}
    newsroom = {path.name: read_set(path) for path in sorted(OWN.iterdir()) if path.is_dir()}
    if with_dev:
        newsroom[NEWSROOM_DEV] = read_set(folder / NEWSROOM_DEV)
    strangers = {
        name: borrowed(question_set, STRANGERS_EACH)
        for name, question_set in [*sets.items(), *newsroom.items(), *((n, read_set(folder / n)) for n in BANKS)]
    }
    model = blank_model()
    answerers = {name: Answerer.build(s.corpus, model=model) for name, s in [*sets.items(), *newsroom.items()]}
    article_sources = [Source(name, gather_examples(sets[name], answerers[name], ()), *named[name]) for name in sets]
    sources: list[Source] = []
    # The questions before a follow-up are answered by the model itself: the second round has its answers.
    for _ in range(2):
        sources = list(article_sources)
        for name, question_set in newsroom.items():
            foreign = [text for other, texts in strangers.items() if other != name for text in texts]
            answerer = replace(answerers[name], model=model)
            sources.append(Source(name, gather_examples(question_set, answerer, foreign), *NEWSROOM))
            sources.append(
                Source(f"{name}, one document at a time", alone(question_set, model, foreign), *ONE_DOCUMENT)
            )
        model = replace(model, ranker=fit_ranker(sources))
    scope, fact = fit_confidence(sources, model.ranker)
    confidences, rights, weights, hedges = [], [], [], []
    for source in sources:
        if source.name not in newsroom:
            continue
        odds, right = out_of_fold(sources, source)
        natural = np.array([example.natural for example in source.examples])
        confidences.append(odds[natural])
        rights.append(right[natural])
        weights.append(np.ones(int(natural.sum())))
        hedges += [example for example in source.examples if example.natural]
    odds, right, weight = (np.concatenate(part) for part in (confidences, rights, weights))
    calibrated = fit_logistic([(odds[:, None], right, weight)], 1e3)
    slope, intercept = float(calibrated.coefficients[0]), calibrated.intercept
    confidence = 1 / (1 + np.exp(-(slope * odds + intercept)))
    return {
        "provenance": {
            "made by": "python -m benchmarks.quality.train" + ("" if with_dev else " --without-dev"),
            "scikit-learn": sklearn.__version__,
            "numpy": np.__version__,
            "sets": [{"name": source.name, "questions asked": len(source.examples)} for source in sources]
            + [{"name": name, "used for": "confidence of banks"} for name in BANKS],
            "licence": "coefficients only; sets: SQuAD 2.0, XQuAD and StackFAQ CC BY-SA, Banking77 CC BY 4.0, "
            "CLINC150 CC BY 3.0, newsroom sets CC0",
        },
        "ranker": named_values(NAMES, model.ranker),
        "scope": as_dict(SIGNALS, scope),
        "fact": as_dict(SIGNALS, fact),
        "calibration": {"slope": slope, "intercept": intercept},
        "bank": as_dict(BANK_SIGNALS, fit_bank(folder)),
        "precisions": thresholds(confidence, right, weight),
        "hedge_from": best_hedge(hedges, slope * odds + intercept),
    }


def borrowed(question_set: QuestionSet, most: int) -> list[str]:
    """Return some questions of a set, spread evenly, to ask as strangers elsewhere."""
    texts = [question.text for question in question_set.questions if question.answerable and not question.previous]
    return texts[:: max(1, len(texts) // most)][:most]


def named_values(names: Sequence[str], values: Floats) -> dict[str, float]:
    """Return coefficients by the name of their evidence."""
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def as_dict(names: Sequence[str], logistic: Logistic) -> dict[str, Any]:
    """Return a logistic regression as plain JSON types."""
    return {"intercept": logistic.intercept, "coefficients": named_values(names, logistic.coefficients)}


def main() -> None:
    """Train and write the model file."""
    parser = argparse.ArgumentParser(description="Train the ranker and the confidence.")
    parser.add_argument("sets", type=Path, help="folder that holds squad2-train and the other public sets")
    parser.add_argument("--without-dev", action="store_true", help="train on the train sets and our own only")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    learned = train(arguments.sets, with_dev=not arguments.without_dev)
    arguments.output.write_text(json.dumps(learned, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"wrote {arguments.output}; hedge from {learned['hedge_from']}, outright from {learned['precisions']}")


if __name__ == "__main__":
    main()
