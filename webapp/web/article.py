"""A document as an article: paragraphs cut into sentences that have an address, then its questions and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.corpus.model import Document, Passage, PassageKind, Span
from webapp.web.citing import passage_markup, text_paragraphs
from webapp.web.dates import DateView
from webapp.web.tags import OriginView, TagView, origin_view, tag_views


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; a passage when it has a number."""

    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Exchange:
    """Questions with the answer they share."""

    number: int
    questions: tuple[str, ...]
    paragraphs: tuple[str, ...]
    markup: Markup | None
    """The paragraphs as their author set them; None when they are plain."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    """What the page of an article shows."""

    headline: str
    headline_derived: bool
    date: DateView | None
    language: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    """Put together, the pieces of a paragraph are its text, character for character."""
    exchanges: tuple[Exchange, ...]
    tags: tuple[TagView, ...]
    origin: OriginView | None


def article_view(document: Document) -> ArticleView:
    """Return the view of one document."""
    inside: dict[int, list[Passage]] = defaultdict(list)
    for passage in document.passages:
        if passage.kind is PassageKind.SENTENCE:
            inside[passage.paragraph].append(passage)
    return ArticleView(
        headline=document.headline,
        headline_derived=document.headline_derived,
        date=DateView.of(document.published),
        language=document.language,
        paragraphs=tuple(
            _pieces(document.source, paragraph, inside[number]) for number, paragraph in enumerate(document.paragraphs)
        ),
        exchanges=tuple(
            Exchange(
                passage.number,
                tuple(question.of(document.source) for question in passage.questions),
                text_paragraphs(document.text(passage)),
                passage_markup(passage),
            )
            for passage in document.passages
            if passage.kind is PassageKind.FAQ
        ),
        tags=tag_views(document),
        origin=origin_view(document),
    )


def _pieces(source: str, paragraph: Span, passages: Sequence[Passage]) -> tuple[Piece, ...]:
    pieces = []
    at = paragraph.start
    for passage in sorted(passages, key=lambda passage: passage.span.start):
        start, end = max(passage.span.start, at), min(passage.span.end, paragraph.end)
        if at < start:
            pieces.append(Piece(source[at:start], None))
        if start < end:
            pieces.append(Piece(source[start:end], passage.number))
            at = end
    if at < paragraph.end:
        pieces.append(Piece(source[at : paragraph.end], None))
    return tuple(pieces)
