"""Ask a question, get a reply: the only door of this package."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.answering.reply import Answer, AnswerKind, Citation, Context, Explanation, Outcome, Reply, TermEvidence
from webapp.answering.smalltalk import REPLIES, smalltalk_kind
from webapp.corpus.model import Corpus, Document, Passage, PassageKind
from webapp.retrieval.analysis import terms, words
from webapp.retrieval.index import Index, local_idf, passage_text

logger = logging.getLogger(__name__)

SUGGESTIONS = 4


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one corpus. Immutable; many threads may ask at once."""

    corpus: Corpus
    index: Index
    target_precision: float

    @classmethod
    def build(cls, corpus: Corpus, *, target_precision: float = 0.9) -> Answerer:
        """Index a corpus."""
        return cls(corpus, Index.build(corpus), target_precision)

    def ask(self, question: str, context: Context = Context()) -> Reply:  # noqa: B008 - frozen
        """Return the reply to one question; never raises for what a visitor typed."""
        kind = smalltalk_kind(question)
        if kind is not None:
            answer = Answer(REPLIES[kind], AnswerKind.SMALLTALK, None, 1.0)
            return Reply(question, Outcome.SMALLTALK, REPLIES[kind], 1.0, answer, suggestions=self.suggestions())
        asked = [word for word in words(question)]
        missing = tuple(dict.fromkeys(word.folded for word in asked if len(word.folded) > 2 and not self.index.holds(word.term)))
        if not asked or not self.corpus.documents:
            return self._abstain(question, "Please type a question in words.", missing)
        ranked = self._ranked(question, context)
        if not ranked or ranked[0][0] < 0.25:
            return self._abstain(question, "The documents here do not answer this.", missing)
        best, document, passage, evidence = ranked[0]
        answers = [self._answer(score, document, passage) for score, document, passage, _ in ranked[:4]]
        confidence = answers[0].confidence
        outcome = Outcome.ANSWERED if best >= 0.5 else Outcome.HEDGED
        return Reply(
            question=question,
            outcome=outcome,
            message="" if outcome is Outcome.ANSWERED else "The closest I found:",
            confidence=confidence,
            answer=answers[0],
            alternatives=tuple(answers[1:]),
            missing_terms=missing,
            suggestions=self.suggestions(document_id=document.id),
            explanation=Explanation(best, tuple(evidence)),
        )

    def suggestions(self, limit: int = SUGGESTIONS, document_id: str | None = None) -> tuple[str, ...]:
        """Return questions the documents answer, one document after the other in turn."""
        documents = [self.corpus.by_id[document_id]] if document_id else list(self.corpus.documents)
        queues = [[q for p in document.passages if (q := document.question(p))] for document in documents[:limit]]
        turns = [queue[turn] for turn in range(limit) for queue in queues if turn < len(queue)]
        return tuple(turns[:limit])

    def _ranked(self, question: str, context: Context) -> list[tuple[float, Document, Passage, Sequence[TermEvidence]]]:
        asked = [*dict.fromkeys(terms(question))]
        scores = self.index.document_scores(question)
        ranked = []
        for number in scores.argsort(kind="stable")[::-1][:3]:
            document = self.corpus.documents[number]
            if context.document_id not in (None, document.id):
                continue
            rows = [terms(passage_text(document, passage)) for passage in document.passages]
            idf = local_idf(rows, asked)
            total = sum(idf.values()) or 1.0
            for row, passage in zip(rows, document.passages, strict=True):
                held = set(row)
                evidence = [TermEvidence(t, t in held, idf[t] / total if t in held else 0.0) for t in asked]
                ranked.append((sum(e.weight for e in evidence) * min(1.0, float(scores[number]) * 3), document, passage, evidence))
        ranked.sort(key=lambda row: -row[0])
        return ranked

    def _answer(self, score: float, document: Document, passage: Passage) -> Answer:
        citation = Citation(
            document.id,
            document.headline,
            document.published.isoformat() if document.published else None,
            passage.number,
            passage.span.start,
            passage.span.end,
            document.text(passage),
        )
        kind = AnswerKind.FAQ if passage.kind is PassageKind.FAQ else AnswerKind.SENTENCE
        return Answer(citation.quote, kind, citation, round(min(1.0, score), 4), document.question(passage))

    def _abstain(self, question: str, message: str, missing: tuple[str, ...]) -> Reply:
        return Reply(
            question, Outcome.ABSTAINED, message, 0.0, missing_terms=missing, suggestions=self.suggestions()
        )
