"""Answers with the place they were quoted from, and the check that they stand there."""

from __future__ import annotations

from webapp.answering.dating import Dated
from webapp.answering.reply import Answer, AnswerKind, Citation
from webapp.corpus.model import Corpus, Document, Passage, PassageKind, Span


def quoted(document: Document, passage: Passage, confidence: float) -> Answer:
    """Return a passage as an answer."""
    kind = AnswerKind.FAQ if passage.kind is PassageKind.FAQ else AnswerKind.SENTENCE
    citation = _citation(document, passage, passage.span)
    return Answer(citation.quote, kind, citation, confidence, document.question(passage))


def dated_answer(dated: Dated, confidence: float) -> Answer:
    """Return a document's date, or its first sentence, as an answer."""
    citation = _citation(dated.document, dated.passage, dated.span)
    return Answer(citation.quote, AnswerKind.DATE if dated.is_date else AnswerKind.SENTENCE, citation, confidence)


def stands(corpus: Corpus, answer: Answer) -> bool:
    """Return whether the quote is in its document where the citation says, and the text shown is in the quote."""
    citation = answer.citation
    document = corpus.by_id.get(citation.document_id) if citation else None
    return (
        citation is not None
        and document is not None
        and document.source[citation.start : citation.end] == citation.quote
        and bool(answer.text)
        and answer.text in citation.quote
    )


def _citation(document: Document, passage: Passage, span: Span) -> Citation:
    return Citation(
        document_id=document.id,
        headline=document.headline,
        date=document.published.isoformat() if document.published else None,
        passage=passage.number,
        start=span.start,
        end=span.end,
        quote=span.of(document.source),
    )
