"""Why this answer: the question's words and other evidence, as bars that can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.answering.reply import Explanation
from webapp.web.languages import decimal, gettext, lazy_gettext
from webapp.web.wording import evidence_name

EVIDENCE_SHOWN = 8
MINUS = "\N{MINUS SIGN}"

_CERTAINTY = (
    (0.9, lazy_gettext("Very likely what you asked for")),
    (0.75, lazy_gettext("Likely what you asked for")),
    (0.5, lazy_gettext("Possibly what you asked for")),
    (0.25, lazy_gettext("Perhaps not what you asked for")),
    (0.0, lazy_gettext("Probably not what you asked for")),
)


def certainty(confidence: float) -> str:
    """Return a confidence in plain words."""
    return next(str(words) for least, words in _CERTAINTY if confidence >= least)


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

    confidence_percent: int
    words: tuple[Bar, ...]
    evidence: tuple[Bar, ...]
    runner_up: str | None


def why_view(explanation: Explanation | None, confidence: float) -> WhyView:
    """Return the view of an explanation; without one, as for dates, it tells only how sure the answer is."""
    if explanation is None:
        return WhyView(min(99, round(100 * confidence)), (), (), None)
    words = [(term.word, term.weight, "" if term.matched else gettext("not found there")) for term in explanation.terms]
    evidence = [(evidence_name(name), weight, "") for name, weight in explanation.evidence[:EVIDENCE_SHOWN]]
    longest = max((abs(weight) for _, weight, _ in words + evidence), default=0.0) or 1.0
    return WhyView(
        confidence_percent=min(99, round(100 * confidence)),
        words=tuple(_bars(words, longest)),
        evidence=tuple(_bars(evidence, longest)),
        runner_up=explanation.runner_up,
    )


def _bars(rows: Iterable[tuple[str, float, str]], longest: float) -> Iterable[Bar]:
    for label, weight, note in rows:
        amount = round(abs(weight), 2)
        shown = decimal(amount, "0.00")
        against = weight < 0 < amount
        yield Bar(label, round(100 * abs(weight) / longest), MINUS + shown if against else shown, against, note)
