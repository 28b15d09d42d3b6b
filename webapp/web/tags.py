"""What documents are about and where they come from, as links: tags into the reading room, sources out of the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import url_for

from webapp.corpus.model import Chosen, Corpus, Document

TAGS_SHOWN = 40
"""Tags offered in the index: those of most documents."""


@dataclass(frozen=True, slots=True)
class TagView:
    """A tag that leads to the documents that have it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class OriginView:
    """The page that a document comes from."""

    url: str
    site: str
    """Its host, without ``www.``."""


def tag_views(document: Document) -> tuple[TagView, ...]:
    """Return the tags of `document`, in its own order."""
    return tuple(TagView(tag, tag_url(tag)) for tag in document.tags)


def tag_url(tag: str) -> str:
    """Return the address of the index of those documents that have `tag`."""
    return url_for("reading.index", tag=tag)


def origin_view(document: Document) -> OriginView | None:
    """Return where `document` comes from, when it says so."""
    if document.source_url is None:
        return None
    return OriginView(document.source_url, (urlsplit(document.source_url).hostname or "").removeprefix("www."))


def tags_of_corpus(corpus: Corpus) -> tuple[str, ...]:
    """Return the tags of most documents, in alphabetical order; each once, however it is capitalised."""
    tags = corpus.tags
    most = sorted(tags, key=lambda folded: (-len(tags[folded].numbers), folded))[:TAGS_SHOWN]
    return tuple(tags[folded].written for folded in sorted(most))


def tagged(documents: Sequence[Document], tag: str, corpus: Corpus) -> Sequence[Document]:
    """Return those of `documents`, all of `corpus`, that have `tag`, however it is capitalised."""
    known = corpus.tags.get(tag.casefold())
    having = frozenset(map(int, known.numbers)) if known is not None else frozenset()
    if isinstance(documents, Chosen):
        return Chosen(documents.documents, [number for number in map(int, documents.numbers) if number in having])
    return tuple(document for document in documents if corpus.numbers[document.id] in having)
