"""The reading room: every document, and each of them as an article whose sentences can be linked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.corpus.model import Document, PassageKind
from webapp.web.addresses import absolute
from webapp.web.article import ArticleView, article_view
from webapp.web.citing import shortened
from webapp.web.dates import DateView
from webapp.web.frame import Frame, Section
from webapp.web.languages import gettext
from webapp.web.problems import UnknownDocument
from webapp.web.schema_org import faq_page, news_article
from webapp.web.services import services
from webapp.web.tags import TagView, tag_url, tag_views, tagged, tags_of_corpus

PAGE_SIZE = 50
SEARCH_MAX_CHARS = 200
DESCRIPTION_MAX_CHARS = 200

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
    tags: tuple[TagView, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """What the index shows."""

    frame: Frame
    entries: tuple[Entry, ...]
    document_count: int
    searched: str
    """What was searched for; empty when nothing was."""
    tag: str
    """The tag of all that is listed; empty when that is no matter."""
    tags: tuple[TagView, ...]
    """The tags to choose from."""
    found_count: int
    search_max_chars: int
    address: str
    """The page's own, with its host."""
    newer_url: str | None
    older_url: str | None
    number: int
    page_count: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """What the page of an article shows."""

    frame: Frame
    article: ArticleView
    address: str
    """The page's own, with its host."""
    ask_url: str
    """Leads to a new conversation about this document alone."""
    data: tuple[dict[str, Any], ...]
    """The document as schema.org describes it."""


def register(app: Flask) -> None:
    """Serve the reading room."""
    app.register_blueprint(blueprint)


@blueprint.after_request
def revalidate(response: Response) -> Response:
    """Let browsers keep the pages of the reading room, and ask whether they changed."""
    if response.status_code == 200:
        response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/")
def index() -> Response:
    """Show the documents, newest first; those that hold what is searched for, the most about it first."""
    about = services()
    corpus = about.answerer.corpus
    searched, tag = _wished("q"), _wished("tag")
    documents = about.answerer.find(searched) if searched else corpus.newest_first
    if tag:
        documents = tagged(documents, tag, corpus)
    page_count = max(1, -(-len(documents) // PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), page_count)
    shown = documents[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    page = IndexPage(
        frame=Frame.of(
            about, gettext("Documents"), Section.READING, gettext("Every document that answers are quoted from.")
        ),
        searched=searched,
        tag=tag,
        tags=tuple(TagView(name, tag_url(name)) for name in tags_of_corpus(corpus)),
        found_count=len(documents),
        search_max_chars=SEARCH_MAX_CHARS,
        address=absolute(_page_url("", tag, number)),
        entries=tuple(_entry(document) for document in shown),
        document_count=len(corpus.documents),
        newer_url=_page_url(searched, tag, number - 1) if number > 1 else None,
        older_url=_page_url(searched, tag, number + 1) if number < page_count else None,
        number=number,
        page_count=page_count,
    )
    return make_response(render_template("reading/index.html", page=page))


def _wished(name: str) -> str:
    return " ".join(request.args.get(name, "")[:SEARCH_MAX_CHARS].split())


def _page_url(searched: str, tag: str, number: int) -> str:
    return url_for(".index", q=searched or None, tag=tag or None, page=number if number > 1 else None)


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
    address = absolute(url_for(".article", document_id=document.id))
    data = news_article(document, address, about.settings.title), faq_page(document, address)
    page = ArticlePage(
        frame=Frame.of(about, document.headline, Section.READING, _description(document)),
        article=article_view(document, about.answerer.versions),
        address=address,
        ask_url=url_for("chat.page", document=document.id),
        data=tuple(one for one in data if one is not None),
    )
    return make_response(render_template("reading/article.html", page=page))


def _description(document: Document) -> str:
    """Return what the article says, in short, for lists of search results."""
    if not document.paragraphs:
        return document.headline
    return shortened(document.paragraphs[0].of(document.source), DESCRIPTION_MAX_CHARS)


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
        tags=tag_views(document),
    )
