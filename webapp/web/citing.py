"""A quote as a page shows it: its words, where they stand, and a link that opens the article there."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from webapp.answering.reply import Answer, AnswerKind, Citation
from webapp.corpus.model import Corpus, Document, Passage, Span
from webapp.web.addresses import address
from webapp.web.dates import DateView
from webapp.web.languages import gettext, lazy_gettext
from webapp.web.surface import Surface, surface
from webapp.web.surroundings import BLANK_LINES, Block, surroundings
from webapp.web.tags import OriginView, TagView, origin_view, tag_views

_FROM_ARTICLE = lazy_gettext("From the article")
_KICKERS = {
    AnswerKind.FAQ: lazy_gettext("From the questions and answers"),
    AnswerKind.DATE: lazy_gettext("Date of publication"),
}


def text_paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of `text`, which blank lines part."""
    return tuple(part for part in BLANK_LINES.split(text) if part.strip())


def shortened(text: str, max_chars: int) -> str:
    """Return `text` on one line, cut after a word when it is longer than `max_chars` characters."""
    line = " ".join(text.split())
    if len(line) <= max_chars:
        return line
    return line[:max_chars].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def citation_url(citation: Citation, kind: AnswerKind) -> str:
    """Return the address of the quoted passage in the reading room."""
    anchor = "date" if kind is AnswerKind.DATE else f"p{citation.passage}"
    return article_url(citation.document_id, anchor)


def article_url(document_id: str, anchor: str | None = None) -> str:
    """Return where an article is read: in the reading room, or inside the page of a kiosk."""
    endpoint = "kiosk.article" if surface() is Surface.KIOSK else "reading.article"
    return address(endpoint, document_id=document_id, _anchor=anchor)


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One quotation with its source."""

    kicker: str
    """What kind of text it is, in a few words."""
    question: str | None
    """The FAQ question it answers."""
    paragraphs: tuple[str, ...]
    markup: Markup | None
    """The paragraphs as their author set them, made safe when they were read; None when they are plain."""
    language: str
    headline: str
    date: DateView | None
    url: str | None
    """None when the document is no longer served."""
    changed: bool
    """True when the document no longer says this in this place."""
    context: tuple[Block, ...]
    """The quote among its neighbours; empty when it has none or no longer stands there."""
    cited: str
    """The quote with its source, to be pasted elsewhere."""
    tags: tuple[TagView, ...]
    origin: OriginView | None
    """Where the document comes from."""


def quote_view(answer: Answer, corpus: Corpus) -> QuoteView | None:
    """Return the view of a cited answer; None when it cites nothing."""
    citation = answer.citation
    if citation is None:
        return None
    document = corpus.by_id.get(citation.document_id)
    stands = document is not None and _stands(citation, document)
    date = DateView.of(citation.date)
    return QuoteView(
        kicker=str(_KICKERS.get(answer.kind, _FROM_ARTICLE)),
        question=answer.question,
        paragraphs=text_paragraphs(citation.quote),
        markup=_markup(citation, document) if document is not None and stands else None,
        language=document.language if document else "",
        headline=citation.headline,
        date=date,
        url=_url(citation, answer.kind, document, stands),
        changed=not stands,
        context=surroundings(citation, document) if document is not None and stands else (),
        cited=_cited(citation, date),
        tags=tag_views(document) if document else (),
        origin=origin_view(document) if document else None,
    )


def _cited(citation: Citation, date: DateView | None) -> str:
    quote = gettext("“%(quote)s”", quote=citation.quote)
    return f"{quote}\n— {citation.headline}{f', {date.words}' if date else ''}"


def passage_markup(passage: Passage) -> Markup | None:
    """Return a passage's markup for a template; readers let only safe HTML into it."""
    return Markup(passage.markup) if passage.markup is not None else None  # noqa: S704


def _markup(citation: Citation, document: Document) -> Markup | None:
    number = citation.passage
    passage = document.passages[number] if 0 <= number < len(document.passages) else None
    whole = passage is not None and passage.span == Span(citation.start, citation.end)
    return passage_markup(passage) if passage is not None and whole else None


def _stands(citation: Citation, document: Document) -> bool:
    return document.source[citation.start : citation.end] == citation.quote


def _url(citation: Citation, kind: AnswerKind, document: Document | None, stands: bool) -> str | None:
    if document is None:
        return None
    return citation_url(citation, kind) if stands else article_url(document.id)
