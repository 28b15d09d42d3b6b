"""What the answerer says: plain frozen values that a page, an API and a database can carry."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    HEDGED = "hedged"
    """"The closest I found": shown with its confidence and alternatives to choose from."""
    ABSTAINED = "abstained"
    SMALLTALK = "smalltalk"


class AnswerKind(StrEnum):
    """What the text of an answer is."""

    FAQ = "faq"
    SENTENCE = "sentence"
    DATE = "date"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer stands: ``source[start:end] == quote`` in the document named."""

    document_id: str
    headline: str
    date: str | None
    """Publication date, ISO 8601."""
    passage: int
    """The passage's number in the document: ``#p{passage}`` in the reading room."""
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A text somebody wrote, where it stands, and how sure the answerer is."""

    text: str
    kind: AnswerKind
    citation: Citation | None
    """None only for small talk, which is the one text that is Newsstand's own."""
    confidence: float
    """Calibrated probability in [0, 1] that this answers the question."""
    question: str | None = None
    """The FAQ question this text answers, when it is an FAQ answer."""


@dataclass(frozen=True, slots=True)
class TermEvidence:
    """What one word of the question contributed to the choice of the answer."""

    word: str
    """As the visitor typed it."""
    matched: bool
    """Whether the answer (or its FAQ question, or its surroundings) holds the word."""
    weight: float
    """Share of the score this word brought, in the score's own scale; 0 for a word that found nothing."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why this answer: contributions that add up to the score."""

    score: float
    terms: tuple[TermEvidence, ...]
    evidence: tuple[tuple[str, float], ...] = ()
    """Named contributions of the ranker, largest first; with the terms' they add up to `score`."""
    runner_up: str | None = None
    """The text that came second."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The outcome of one question."""

    question: str
    outcome: Outcome
    message: str
    """One fixed sentence for the visitor that goes before the answer or stands for it; never part of a quote."""
    confidence: float
    answer: Answer | None = None
    alternatives: tuple[Answer, ...] = ()
    missing_terms: tuple[str, ...] = ()
    """The question's content words that no document holds, as typed, case-folded."""
    suggestions: tuple[str, ...] = ()
    """Questions the documents do answer."""
    corrections: tuple[tuple[str, str], ...] = ()
    """Typed word and the documents' word used instead."""
    explanation: Explanation | None = None
    receipt: str = ""
    """Names documents, version and settings; `newsstand replay` gives the same reply from it."""
    reason: str = ""
    """Short stable code of why the outcome is what it is, such as ``no-answer`` or ``tie``."""
    versions: int = 0
    """How many alternatives, from the first on, are what older documents say to the same question, newest first."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON types: what a turn stores."""
        return {
            "question": self.question,
            "outcome": self.outcome.value,
            "message": self.message,
            "confidence": self.confidence,
            "answer": None if self.answer is None else _answer(self.answer),
            "alternatives": [_answer(answer) for answer in self.alternatives],
            "missing_terms": list(self.missing_terms),
            "suggestions": list(self.suggestions),
            "corrections": [list(pair) for pair in self.corrections],
            "explanation": None if self.explanation is None else _explanation(self.explanation),
            "receipt": self.receipt,
            "reason": self.reason,
            "versions": self.versions,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reply:
        """Read back what `to_dict` gave."""

        def answer(value: dict[str, Any]) -> Answer:
            citation = value["citation"]
            return Answer(
                text=value["text"],
                kind=AnswerKind(value["kind"]),
                citation=None if citation is None else Citation(**citation),
                confidence=value["confidence"],
                question=value["question"],
            )

        explanation = data["explanation"]
        return cls(
            question=data["question"],
            outcome=Outcome(data["outcome"]),
            message=data["message"],
            confidence=data["confidence"],
            answer=None if data["answer"] is None else answer(data["answer"]),
            alternatives=tuple(answer(value) for value in data["alternatives"]),
            missing_terms=tuple(data["missing_terms"]),
            suggestions=tuple(data["suggestions"]),
            corrections=tuple((typed, used) for typed, used in data["corrections"]),
            explanation=None
            if explanation is None
            else Explanation(
                score=explanation["score"],
                terms=tuple(TermEvidence(**term) for term in explanation["terms"]),
                evidence=tuple((name, value) for name, value in explanation["evidence"]),
                runner_up=explanation["runner_up"],
            ),
            receipt=data["receipt"],
            reason=data.get("reason", ""),
            versions=data.get("versions", 0),
        )


# Written out: `dataclasses.asdict` takes half a millisecond for what this does in a hundredth of that.
def _answer(answer: Answer) -> dict[str, Any]:
    cited = answer.citation
    return {
        "text": answer.text,
        "kind": answer.kind.value,
        "citation": None
        if cited is None
        else {
            "document_id": cited.document_id,
            "headline": cited.headline,
            "date": cited.date,
            "passage": cited.passage,
            "start": cited.start,
            "end": cited.end,
            "quote": cited.quote,
        },
        "confidence": answer.confidence,
        "question": answer.question,
    }


def _explanation(why: Explanation) -> dict[str, Any]:
    return {
        "score": why.score,
        "terms": [{"word": term.word, "matched": term.matched, "weight": term.weight} for term in why.terms],
        "evidence": [list(pair) for pair in why.evidence],
        "runner_up": why.runner_up,
    }


@dataclass(frozen=True, slots=True)
class Scope:
    """Which documents may answer: all of them, or less."""

    document_id: str | None = None
    """This document only."""
    tag: str | None = None
    """Documents with this tag only, however it is capitalised; all where no document has it."""


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation brings to a question."""

    previous: tuple[str, ...] = ()
    """The questions asked before, oldest first."""
    told: tuple[tuple[str, int], ...] | None = None
    """(document id, passage number) of what was answered, oldest first; None to work it out from `previous`."""
    scope: Scope = EVERYTHING
    """Which documents may answer."""
