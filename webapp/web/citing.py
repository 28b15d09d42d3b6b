"""A quote as a page shows it: its words, where they stand, and a link that opens the article there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import url_for

from webapp.answering.reply import Answer, AnswerKind, Citation
from webapp.corpus.model import Corpus, Document
from webapp.web.dates import DateView
from webapp.web.languages import lazy_gettext

_FROM_ARTICLE = lazy_gettext("From the article")
_KICKERS = {
    AnswerKind.FAQ: lazy_gettext("From the questions and answers"),
    AnswerKind.DATE: lazy_gettext("Date of publication"),
}
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def text_paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of `text`, which blank lines part."""
    return tuple(part for part in _BLANK_LINES.split(text) if part.strip())


def citation_url(citation: Citation, kind: AnswerKind) -> str:
    """Return the address of the quoted passage in the reading room."""
    anchor = "date" if kind is AnswerKind.DATE else f"p{citation.passage}"
    return url_for("reading.article", document_id=citation.document_id, _anchor=anchor)


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One quotation with its source."""

    kicker: str
    """What kind of text it is, in a few words."""
    question: str | None
    """The FAQ question it answers."""
    paragraphs: tuple[str, ...]
    language: str
    headline: str
    date: DateView | None
    url: str | None
    """None when the document is no longer served."""
    changed: bool
    """True when the document no longer says this in this place."""


def quote_view(answer: Answer, corpus: Corpus) -> QuoteView | None:
    """Return the view of a cited answer; None when it cites nothing."""
    citation = answer.citation
    if citation is None:
        return None
    document = corpus.by_id.get(citation.document_id)
    stands = document is not None and _stands(citation, document)
    return QuoteView(
        kicker=str(_KICKERS.get(answer.kind, _FROM_ARTICLE)),
        question=answer.question,
        paragraphs=text_paragraphs(citation.quote),
        language=document.language if document else "",
        headline=citation.headline,
        date=DateView.of(citation.date),
        url=_url(citation, answer.kind, document, stands),
        changed=not stands,
    )


def _stands(citation: Citation, document: Document) -> bool:
    return document.source[citation.start : citation.end] == citation.quote


def _url(citation: Citation, kind: AnswerKind, document: Document | None, stands: bool) -> str | None:
    if document is None:
        return None
    return citation_url(citation, kind) if stands else url_for("reading.article", document_id=document.id)
