"""A dial with a promise: what a precision setting means for an operator's own documents.

The documents' own FAQ questions are held out. As *known* questions they are asked of an index that lacks their wording
but keeps their answer; as *strangers* they are asked of an index that lacks their whole document (in a single FAQ,
their whole entry; an article answers what its own short FAQ asks, so a single one has no strangers). Nothing of what
was left out remains in the index that is asked.

An answer is right when it is the entry's own or holds a good part of its words: an article often tells what its FAQ
tells. One that says the same in other words counts as wrong, so the promise is a cautious one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

from webapp.answering.model import Model, shipped_model
from webapp.answering.polyglot import answering_from
from webapp.answering.reply import Outcome
from webapp.corpus.model import Corpus, Document, Passage, PassageKind
from webapp.retrieval.analysis import words
from webapp.retrieval.function_words import FUNCTION_WORDS
from webapp.retrieval.lexicon import load
from webapp.retrieval.wordings import SMALLEST as BANK_FROM

FOLDS = 5
QUESTIONS_MOST = 400
SETTINGS = (0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97)
Z = 1.96
GOOD_PART = 0.4


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its Wilson 95 % interval (Wilson 1927)."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One held-out question and what came of it."""

    confidence: float
    right: bool
    known: bool
    """Whether its answer was there to be found."""
    given: bool
    """Whether a text of the documents would be given if the confidence sufficed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What one setting does."""

    target_precision: float
    answered: Share
    """Of the known questions, how many are answered outright."""
    wrong: Share
    """Of all outright answers, strangers asked as often as known questions, how many are wrong."""


@dataclass(frozen=True)
class Calibration:
    """What the operator's setting and its neighbours do."""

    chosen: Promise
    others: tuple[Promise, ...]
    known: int
    strangers: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON types."""

        def share(value: Share) -> dict[str, float | int]:
            return {
                "value": round(value.value, 4),
                "low": round(value.low, 4),
                "high": round(value.high, 4),
                "n": value.n,
            }

        def promise(one: Promise) -> dict[str, Any]:
            return {
                "target_precision": one.target_precision,
                "answered": share(one.answered),
                "wrong": share(one.wrong),
            }

        return {
            "known_questions": self.known,
            "strangers": self.strangers,
            "chosen": promise(self.chosen),
            "settings": [promise(one) for one in self.others],
        }


def calibrate(corpus: Corpus, *, target_precision: float, model: Model | None = None) -> Calibration | None:
    """Hold out the corpus's own questions and return what settings do; None when it has no FAQ question."""
    model = model or shipped_model()
    entries = [
        (document, passage) for document in corpus.documents for passage in document.passages if passage.questions
    ]
    if not entries:
        return None
    entries = entries[:: max(1, len(entries) // QUESTIONS_MOST)][:QUESTIONS_MOST]
    folds = min(FOLDS, len(entries))
    trials: list[Trial] = []
    for fold in range(folds):
        held = entries[fold::folds]
        trials += _known(corpus, held, model)
    documents = {document.id for document, _ in entries}
    if len(documents) > 1 or len(entries) >= BANK_FROM:
        for fold in range(min(FOLDS, max(len(documents), folds))):
            trials += _strangers(corpus, entries, fold, model, by_document=len(documents) > 1)
    settings = [_promise(trials, model, setting) for setting in SETTINGS]
    known = sum(trial.known for trial in trials)
    return Calibration(_promise(trials, model, target_precision), tuple(settings), known, len(trials) - known)


def report(found: Calibration) -> str:
    """Return the promise in words, and a table of other settings."""
    lines = [
        f"Held out {found.known} of these documents' questions, and asked {found.strangers} that nothing answers."
        + ("" if found.strangers else " (They take a second document.)"),
        f"At this setting (NEWSSTAND_TARGET_PRECISION={found.chosen.target_precision:g}) it answers about "
        f"{_in_100(found.chosen.answered)} in 100 outright,",
        f"of which about {_in_100(found.chosen.wrong)} in 100 are wrong.",
        "",
        "setting   answered in 100        wrong in 100 answers",
    ]
    for one in found.others:
        lines.append(f"{one.target_precision:<8g}  {_in_100(one.answered):<21}  {_in_100(one.wrong)}")
    return "\n".join(lines)


def _in_100(share: Share) -> str:
    if share.n == 0:
        return "none given"
    return f"{100 * share.value:.0f} ({100 * share.low:.0f} to {100 * share.high:.0f})"


def _known(corpus: Corpus, held: Sequence[tuple[Document, Passage]], model: Model) -> list[Trial]:
    """Ask each held entry's last wording of an index without it; its answer stays, as plain text if need be."""
    changed = {(document.id, passage.number): passage for document, passage in held}
    documents = []
    for document in corpus.documents:
        passages = [
            _without_last_wording(passage) if (document.id, passage.number) in changed else passage
            for passage in document.passages
        ]
        documents.append(replace(document, passages=tuple(passages)))
    answerer = answering_from(Corpus(tuple(documents)), model=model)
    trials = []
    for document, passage in held:
        reply = answerer.ask(passage.questions[-1].of(document.source), alternatives=0)
        best = reply.answer or (reply.alternatives[0] if reply.alternatives else None)
        right = best is not None and says_alike(best.text, document.text(passage))
        trials.append(Trial(reply.confidence, right, True, reply.outcome is not Outcome.SMALLTALK))
    return trials


def _without_last_wording(passage: Passage) -> Passage:
    rest = passage.questions[:-1]
    return replace(passage, questions=rest, kind=PassageKind.FAQ if rest else PassageKind.SENTENCE)


def _strangers(
    corpus: Corpus, entries: Sequence[tuple[Document, Passage]], fold: int, model: Model, *, by_document: bool
) -> list[Trial]:
    """Ask the questions of what is left out of the index: whole documents, or whole entries of the only one."""
    if by_document:
        ids = sorted({document.id for document, _ in entries})
        away = set(ids[fold::FOLDS])
        documents = tuple(document for document in corpus.documents if document.id not in away)
        asked = [(document, passage) for document, passage in entries if document.id in away]
    else:
        asked = list(entries[fold::FOLDS])
        gone = {passage.number for _, passage in asked}
        documents = tuple(
            replace(
                document,
                passages=tuple(
                    replace(passage, number=number)
                    for number, passage in enumerate(p for p in document.passages if p.number not in gone)
                ),
            )
            for document in corpus.documents
        )
    if not asked or not any(document.passages for document in documents):
        return []
    answerer = answering_from(Corpus(documents), model=model)
    trials = []
    for document, passage in asked:
        reply = answerer.ask(passage.questions[0].of(document.source), alternatives=0)
        trials.append(Trial(reply.confidence, False, False, reply.outcome is not Outcome.SMALLTALK))
    return trials


def says_alike(text: str, answer: str) -> bool:
    """Return whether `text` holds a good part of the content words of `answer`, weighed by how rare they are."""
    lexicon = load()
    wanted = {word.term for word in words(answer) if word.folded not in FUNCTION_WORDS}
    if text == answer or not wanted:
        return text == answer
    order = sorted(wanted)
    weights = lexicon.rarity_of(order)
    held = {word.term for word in words(text)}
    return float(weights[[term in held for term in order]].sum()) >= GOOD_PART * float(weights.sum())


def _promise(trials: Sequence[Trial], model: Model, setting: float) -> Promise:
    threshold = model.outright_from(setting)
    known = [trial for trial in trials if trial.known]
    strangers = [trial for trial in trials if not trial.known]
    given = [trial for trial in known if trial.given and trial.confidence >= threshold]
    misled = [trial for trial in strangers if trial.given and trial.confidence >= threshold]
    # Strangers are asked as often as known questions, whatever their number here.
    weight = len(known) / len(strangers) if strangers else 0.0
    wrong = sum(not trial.right for trial in given) + weight * len(misled)
    answers = len(given) + weight * len(misled)
    return Promise(setting, _wilson(len(given), len(known)), _wilson(wrong, answers))


def _wilson(successes: float, n: float) -> Share:
    if n <= 0:
        return Share(0.0, 0.0, 1.0, 0)
    p = successes / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Share(p, max(0.0, middle - half), min(1.0, middle + half), round(n))
