"""What machines read to know what there is: a site map, a feed of the newest documents, rules for robots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree as ET

from flask import Blueprint, Flask, Response, request, url_for
from werkzeug.exceptions import NotFound

from webapp.corpus.model import Document
from webapp.web.addresses import absolute
from webapp.web.citing import shortened
from webapp.web.services import services

ATOM = "http://www.w3.org/2005/Atom"
SITE_MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ADDRESSES_MOST = 10_000
"""A site map names no more addresses, beyond them further maps: 50,000 are allowed, these are written in a moment."""
ENTRIES = 20
SUMMARY_MAX_CHARS = 400

blueprint = Blueprint("feeds", __name__)


def register(app: Flask) -> None:
    """Serve site map, feed and rules."""
    app.register_blueprint(blueprint)


@blueprint.get("/sitemap.xml")
def site_map() -> Response:
    """Name every page of the reading room, or the parts that do."""
    documents = services().answerer.corpus.newest_first
    parts = -(-(len(documents) + 2) // ADDRESSES_MOST)
    if parts <= 1:
        return _site_map(documents, first=True)
    root = ET.Element("sitemapindex", xmlns=SITE_MAP)
    for number in range(1, parts + 1):
        part = ET.SubElement(root, "sitemap")
        ET.SubElement(part, "loc").text = absolute(url_for(".part_of_site_map", number=number))
    return _xml(root, "application/xml")


@blueprint.get("/sitemap-<int:number>.xml")
def part_of_site_map(number: int) -> Response:
    """Name a part of the pages."""
    documents = services().answerer.corpus.newest_first
    # The first part has the two pages that are no documents.
    first = max(0, (number - 1) * ADDRESSES_MOST - 2)
    last = number * ADDRESSES_MOST - 2
    if number < 1 or first >= len(documents):
        raise NotFound
    return _site_map(documents[first:last], first=number == 1)


@blueprint.get("/feed.atom")
def feed() -> Response:
    """Give the newest documents that have a date, as RFC 4287 says."""
    about = services()
    dated = [document for document in about.answerer.corpus.newest_first[:ENTRIES] if document.published]
    root = ET.Element("feed", xmlns=ATOM)
    ET.SubElement(root, "id").text = absolute(url_for("reading.index"))
    ET.SubElement(root, "title").text = _clean(about.settings.title)
    ET.SubElement(root, "updated").text = _moment(dated[0].published if dated else None)
    ET.SubElement(root, "link", rel="self", href=absolute(url_for(".feed")), type="application/atom+xml")
    ET.SubElement(root, "link", rel="alternate", href=absolute(url_for("reading.index")), type="text/html")
    ET.SubElement(ET.SubElement(root, "author"), "name").text = _clean(about.settings.title)
    for document in dated:
        address = absolute(url_for("reading.article", document_id=document.id))
        entry = ET.SubElement(root, "entry")
        ET.SubElement(entry, "id").text = address
        ET.SubElement(entry, "title").text = _clean(document.headline)
        ET.SubElement(entry, "updated").text = _moment(document.published)
        ET.SubElement(entry, "link", rel="alternate", href=address, type="text/html", hreflang=document.language)
        for tag in document.tags:
            ET.SubElement(entry, "category", term=_clean(tag))
        if document.paragraphs:
            text = document.paragraphs[0].of(document.source)
            ET.SubElement(entry, "summary").text = _clean(shortened(text, SUMMARY_MAX_CHARS))
    return _xml(root, "application/atom+xml")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read the documents; conversations and shared answers are not for them."""
    lines = ("User-agent: *", "Disallow: /a/", "Disallow: /api/", "Disallow: /chat", "Disallow: /conversations")
    text = "\n".join((*lines, f"Sitemap: {absolute(url_for('.site_map'))}", ""))
    return Response(text, mimetype="text/plain")


def _site_map(documents: Sequence[Document], *, first: bool) -> Response:
    root = ET.Element("urlset", xmlns=SITE_MAP)
    for endpoint in ("chat.page", "reading.index") if first else ():
        ET.SubElement(ET.SubElement(root, "url"), "loc").text = absolute(url_for(endpoint))
    for document in documents:
        row = ET.SubElement(root, "url")
        ET.SubElement(row, "loc").text = absolute(url_for("reading.article", document_id=document.id))
        if document.published:
            ET.SubElement(row, "lastmod").text = document.published.isoformat()
    return _xml(root, "application/xml")


def _moment(day: date | None) -> str:
    return f"{(day or date(1970, 1, 1)).isoformat()}T00:00:00Z"


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )


def _xml(root: ET.Element, mimetype: str) -> Response:
    response = Response(ET.tostring(root, encoding="utf-8", xml_declaration=True), mimetype=mimetype)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
