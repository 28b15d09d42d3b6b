"""Why this answer: the question's words and other evidence, as bars that can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.answering.reply import Explanation

EVIDENCE_SHOWN = 8
MINUS = "\N{MINUS SIGN}"

_CERTAINTY = ((0.9, "A very good match"), (0.75, "A good match"), (0.5, "A possible match"), (0.0, "A weak match"))


def certainty(confidence: float) -> str:
    """Return a confidence in plain words."""
    return next(words for least, words in _CERTAINTY if confidence >= least)


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of evidence."""

    label: str
    percent: int
    """Length of the bar, from 0 to 100, relative to the longest."""
    weight: str
    against: bool
    """True when it speaks against the answer."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class WhyView:
    """What led to an answer."""

    certainty: str
    confidence_percent: int
    words: tuple[Bar, ...]
    evidence: tuple[Bar, ...]
    runner_up: str | None


def why_view(explanation: Explanation | None, confidence: float) -> WhyView | None:
    """Return the view of an explanation, or None when there is none."""
    if explanation is None:
        return None
    words = [(term.word, term.weight, "" if term.matched else "not found there") for term in explanation.terms]
    evidence = [(name, weight, "") for name, weight in explanation.evidence[:EVIDENCE_SHOWN]]
    longest = max((abs(weight) for _, weight, _ in words + evidence), default=0.0) or 1.0
    return WhyView(
        certainty=certainty(confidence),
        confidence_percent=min(99, round(100 * confidence)),
        words=tuple(_bars(words, longest)),
        evidence=tuple(_bars(evidence, longest)),
        runner_up=explanation.runner_up,
    )


def _bars(rows: Iterable[tuple[str, float, str]], longest: float) -> Iterable[Bar]:
    for label, weight, note in rows:
        shown = f"{abs(weight):.2f}"
        against = weight < 0 and shown != "0.00"
        yield Bar(label, round(100 * abs(weight) / longest), MINUS + shown if against else shown, against, note)
