"""A document as an article: paragraphs cut into sentences that have an address, then its questions and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from webapp.answering.versions import Said, Versions
from webapp.corpus.model import Document, Passage, PassageKind, Span
from webapp.web.citing import article_url, passage_markup, text_paragraphs
from webapp.web.dates import DateView
from webapp.web.tags import OriginView, TagView, origin_view, tag_views

NEWER_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; a passage when it has a number."""

    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class NewerView:
    """A newer document that answers questions of this one differently."""

    headline: str
    language: str
    date: DateView | None
    url: str
    """Where it stands; for one answer, the passage."""
    count: int
    """How many questions."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Questions with the answer they share."""

    number: int
    questions: tuple[str, ...]
    paragraphs: tuple[str, ...]
    markup: Markup | None
    """The paragraphs as their author set them; None when they are plain."""
    newer: NewerView | None
    """The newest document that answers this differently."""


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
    newer: tuple[NewerView, ...]
    """Newer documents that answer questions of this one differently, newest first."""


def article_view(document: Document, versions: Versions | None = None) -> ArticleView:
    """Return the view of one document.

    Args:
        document: what is shown.
        versions: what documents of different days say to the same questions; left out when not given.
    """
    newer = {passage.number: said for passage, said in (versions.newer(document) if versions else ())}
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
                _newer_view([newer[passage.number]]) if passage.number in newer else None,
            )
            for passage in document.passages
            if passage.kind is PassageKind.FAQ
        ),
        tags=tag_views(document),
        origin=origin_view(document),
        newer=tuple(_newer_view(said) for said in _by_document(newer.values())),
    )


def _by_document(newer: Iterable[Said]) -> list[list[Said]]:
    """Return what newer documents say, a list a document, the newest first."""
    found: dict[str, list[Said]] = defaultdict(list)
    for said in newer:
        found[said.document.id].append(said)
    return sorted(found.values(), key=lambda group: -group[0].day)[:NEWER_SHOWN]


def _newer_view(group: Sequence[Said]) -> NewerView:
    document, passage = group[0].document, group[0].passage
    return NewerView(
        headline=document.headline,
        language=document.language,
        date=DateView.of(document.published),
        url=article_url(document.id, f"p{passage.number}"),
        count=len(group),
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
