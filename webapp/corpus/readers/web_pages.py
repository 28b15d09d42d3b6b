"""HTML as saved from a site: its article, what it says of itself, and its questions and answers.

The article is found by `trafilatura`, facts are those of JSON-LD (``NewsArticle``, ``Article``) or else of ``<meta>``.
Questions are those of a JSON-LD ``FAQPage`` and those of ``<details>``, whose ``<summary>`` asks.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from webapp.corpus.model import Document, Severity
from webapp.corpus.readers.fields import facts_of, is_web_address
from webapp.corpus.readers.markup import element_text, html_rich, parsed_html
from webapp.corpus.readers.schema_org import NO_ANSWER, Node, Script, article_of, exchanges_of, nodes_of
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.readers.writing import Draft, Exchange, Paragraph, documents_of, one_line

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"' ]*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_FACTS = {
    "published": ("article:published_time", "datepublished", "dc.date", "dcterms.date", "date", "pubdate"),
    "validuntil": ("article:expiration_time", "expires"),
    "tags": ("keywords", "news_keywords"),
}
_TEI = {"head": "h2", "list": "ul", "item": "li", "lb": "br", "row": "tr", "cell": "td", "quote": "blockquote"}
"""Trafilatura's names of elements, and HTML's."""

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_page(file: SourceFile) -> list[Document]:
    """Return the document of an HTML file."""
    tree = parsed_html(_text(file)) if file.data.strip() else None
    if tree is None:
        file.report(None, "empty", "The file is empty.", "Save the page anew, or remove the file.")
        return []
    meta = _meta(tree)
    nodes = nodes_of(_scripts(tree), file)
    article = article_of(nodes)
    address = _address(tree, article, meta)
    exchanges = _distinct([*exchanges_of(nodes, address, file), *_details(tree, address, file)])
    headline = one_line(_text_of(article.get("headline")) or meta.get("og:title", "") or _heading(tree))
    draft = Draft(
        headline=headline or None,
        facts=facts_of(_facts(tree, article, meta, address), file.report),
        paragraphs=_without_faq(_article(tree), headline, exchanges),
        exchanges=exchanges,
    )
    return documents_of([draft], file)


def _text(file: SourceFile) -> str:
    """Return the page as text: UTF-8, or what it says it is in."""
    charset = _CHARSET.search(file.data[:4096])
    if charset is None or file.data.startswith(codecs.BOM_UTF8):
        return file.text
    try:
        name = codecs.lookup(charset[1].decode("ascii"))
        # Not every codec makes text.
        b"".decode(name.name)
    except LookupError:
        return file.text
    return file.decoded(name.name)


def _scripts(tree: Any) -> list[Script]:
    return [
        Script(script.text or "", script.sourceline)
        for script in tree.iter("script")
        if (script.get("type") or "").strip().lower() == "application/ld+json"
    ]


def _meta(tree: Any) -> dict[str, str]:
    """Return the contents of ``<meta>`` by name or property, the first of each."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name and (content := (meta.get("content") or "").strip()):
            found.setdefault(name.strip().lower(), content)
    return found


def _address(tree: Any, article: Node, meta: dict[str, str]) -> str | None:
    canonical = (link.get("href") or "" for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower())
    page = article.get("mainEntityOfPage")
    own = page.get("@id") if isinstance(page, dict) else page
    offered = [_text_of(article.get("url")), _text_of(own), *canonical, meta.get("og:url", "")]
    return next((url.strip() for url in offered if is_web_address(url.strip())), None)


def _facts(
    tree: Any, article: Node, meta: dict[str, str], address: str | None
) -> Iterator[tuple[str, Any, int | None]]:
    """Yield the facts; of those that are named several times the first counts."""
    yield "url", address, None
    for name in ("datePublished", "expires", "inLanguage", "keywords"):
        yield name, article.get(name), None
    for name, offered in _FACTS.items():
        for each in offered:
            # Headers of caching are called by the same name as the end of validity.
            if each in meta and (each != "expires" or re.match(r"\d{4}-", meta[each])):
                yield name, meta[each], None
    for time in tree.iter("time"):
        if time.get("pubdate") is not None or "published" in (time.get("itemprop") or "").lower():
            yield "published", time.get("datetime"), None
    yield "language", tree.get("lang"), None


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _heading(tree: Any) -> str:
    for tag in ("h1", "title"):
        for element in tree.iter(tag):
            if words := "".join(element.itertext()).strip():
                return words
    return ""


def _details(tree: Any, address: str | None, file: SourceFile) -> list[Exchange]:
    """Take the questions and answers of ``<details>`` out of the tree."""
    found = []
    for details in list(tree.iter("details")):
        summary = next(details.iter("summary"), None)
        if summary is None or any(True for _ in details.iterancestors("details")):
            continue
        question = element_text(summary)[0]
        # Not `drop_tree`, which refuses to join texts with control characters.
        summary.clear(keep_tail=True)
        text, markup = element_text(details, address)
        if question and text:
            found.append(Exchange((question,), html_rich(markup, address), (details.sourceline,)))
        elif question:
            file.report(details.sourceline, *NO_ANSWER, severity=Severity.WARNING)
        elif text:
            file.report(
                details.sourceline,
                "empty-question",
                "This <summary> has no question.",
                "Write the question in it; until then its answer is not served.",
            )
        details.clear(keep_tail=True)
    return found


def _distinct(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Return the exchanges, each question once: what a page shows, its JSON-LD often says again."""
    seen: dict[str, Exchange] = {}
    for exchange in exchanges:
        seen.setdefault(one_line(exchange.questions[0]).casefold(), exchange)
    return list(seen.values())


def _article(tree: Any) -> list[Paragraph]:
    """Return the paragraphs of the article that the page is about."""
    from lxml import etree
    from trafilatura import bare_extraction

    try:
        html = etree.tostring(tree, encoding="unicode", method="html")
        found = bare_extraction(html, include_comments=False, include_images=False, with_metadata=False)
    except (etree.LxmlError, ValueError, RecursionError, AttributeError, TypeError, IndexError, KeyError):
        # Pages that are no pages lead it to errors of many kinds.
        found = None
    body = getattr(found, "body", None)
    paragraphs = list(_paragraphs(body)) if body is not None else []
    return paragraphs or [Paragraph(text) for text in _plain_paragraphs(tree)]


def _paragraphs(body: Any) -> Iterator[Paragraph]:
    for element in body.iter():
        # Others stay: pages have elements whose names may be read but not written.
        if element.tag in _TEI:
            element.tag = _TEI[element.tag]
    for child in body:
        for line in element_text(child)[0].split("\n"):
            yield Paragraph(line, is_heading=child.tag == "h2")


def _plain_paragraphs(tree: Any) -> Iterator[str]:
    """Yield the paragraphs of a page that is too small or too odd to have an article."""
    for paragraph in tree.iter("p", "li"):
        yield from element_text(paragraph)[0].split("\n")


def _without_faq(paragraphs: Sequence[Paragraph], headline: str, exchanges: Sequence[Exchange]) -> list[Paragraph]:
    """Leave out the headline, and what is said again by a question or an answer."""
    said = {headline.casefold()}
    for exchange in exchanges:
        said.add(one_line(exchange.questions[0]).casefold())
        said.update(one_line(line).casefold() for line in exchange.answer.text.split("\n"))
    left = [paragraph for paragraph in paragraphs if one_line(paragraph.text).casefold() not in said]
    while left and left[-1].is_heading:
        # That of the questions.
        left.pop()
    return left
