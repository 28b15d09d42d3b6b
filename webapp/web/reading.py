"""The reading room: every document, and each of them as an article whose sentences can be linked to."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.corpus.model import Corpus, Document, PassageKind
from webapp.web.article import ArticleView, article_view
from webapp.web.dates import DateView
from webapp.web.frame import Frame, Section
from webapp.web.languages import gettext
from webapp.web.problems import UnknownDocument
from webapp.web.services import services

PAGE_SIZE = 50

blueprint = Blueprint("reading", __name__, url_prefix="/documents")


@dataclass(frozen=True, slots=True)
class Entry:
    """One document in the index."""

    headline: str
    url: str
    date: DateView | None
    language: str
    teaser: str | None
    """How the article begins; None when the headline says that already."""
    sentence_count: int
    question_count: int


@dataclass(frozen=True, slots=True)
class IndexPage:
    """What the index shows."""

    frame: Frame
    entries: tuple[Entry, ...]
    document_count: int
    newer_url: str | None
    older_url: str | None
    number: int
    page_count: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """What the page of an article shows."""

    frame: Frame
    article: ArticleView


def register(app: Flask) -> None:
    """Serve the reading room."""
    app.register_blueprint(blueprint)


_sorted: tuple[Corpus, tuple[Document, ...]] | None = None
"""The corpus that was sorted last, with its documents; replaced whole."""


def newest_first(corpus: Corpus) -> tuple[Document, ...]:
    """Return the documents with the newest first; those without a date come last."""
    global _sorted
    known = _sorted
    if known is None or known[0] is not corpus:
        known = _sorted = (corpus, tuple(sorted(corpus.documents, key=_age)))
    return known[1]


def _age(document: Document) -> tuple[bool, int, str]:
    day = document.published
    return day is None, -day.toordinal() if day else 0, document.headline


@blueprint.after_request
def revalidate(response: Response) -> Response:
    """Let browsers keep the pages of the reading room, and ask whether they changed."""
    if response.status_code == 200:
        response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/")
def index() -> Response:
    """Show the documents, newest first."""
    about = services()
    documents = newest_first(about.answerer.corpus)
    page_count = max(1, -(-len(documents) // PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), page_count)
    shown = documents[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    page = IndexPage(
        frame=Frame.of(
            about, gettext("Documents"), Section.READING, gettext("Every document that answers are quoted from.")
        ),
        entries=tuple(_entry(document) for document in shown),
        document_count=len(documents),
        newer_url=url_for(".index", page=number - 1) if number > 1 else None,
        older_url=url_for(".index", page=number + 1) if number < page_count else None,
        number=number,
        page_count=page_count,
    )
    return make_response(render_template("reading/index.html", page=page))


@blueprint.get("")
def index_without_slash() -> BaseResponse:
    """Lead to the index; the redirection names no host, whatever the request called this one."""
    return redirect(url_for(".index"), 308)


@blueprint.get("/<document_id>")
def article(document_id: str) -> Response:
    """Show one document; ``#p3`` marks its passage number 3."""
    about = services()
    document = about.answerer.corpus.by_id.get(document_id)
    if document is None:
        raise UnknownDocument
    view = article_view(document)
    frame = Frame.of(about, document.headline, Section.READING, document.headline)
    return make_response(render_template("reading/article.html", page=ArticlePage(frame, view)))


def _entry(document: Document) -> Entry:
    teaser = document.paragraphs[0].of(document.source) if document.paragraphs else None
    kinds = [passage.kind for passage in document.passages]
    return Entry(
        headline=document.headline,
        url=url_for(".article", document_id=document.id),
        date=DateView.of(document.published),
        language=document.language,
        teaser=None if document.headline_derived else teaser,
        sentence_count=kinds.count(PassageKind.SENTENCE),
        question_count=kinds.count(PassageKind.FAQ),
    )
