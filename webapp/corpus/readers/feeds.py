"""RSS and Atom: an article for each entry, with its link, date, tags and language.

The parser expands no entities, opens nothing on the network and loads no document type.
"""

from __future__ import annotations

from datetime import date
from email.utils import parsedate_to_datetime
from typing import Any

from webapp.corpus.model import Document, Severity
from webapp.corpus.readers.fields import date_of, facts_of, is_web_address
from webapp.corpus.readers.markup import html_lines, html_text, looks_like_html
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.readers.writing import Draft, Paragraph, documents_of

_ENTRIES = frozenset({"item", "entry"})
_BODIES = ("encoded", "content", "description", "summary")
"""Local names of what holds an entry's text, best first."""
_DATES = ("published", "pubDate", "date", "issued", "updated")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_feed(file: SourceFile) -> list[Document]:
    """Return a document for each entry of a feed."""
    root = _root(file)
    entries = [element for element in root.iter() if _name(element) in _ENTRIES]
    if not entries:
        raise file.unreadable(
            root.sourceline, "no-entries", "This XML is no RSS or Atom feed with entries.", "Put a feed here."
        )
    channel_language = root.get(_LANGUAGE) or next(
        (_words(element) for element in root.iter() if _name(element) == "language"), None
    )
    return documents_of([_draft(entry, channel_language, file) for entry in entries], file)


def _root(file: SourceFile) -> Any:
    from lxml import etree

    if b"<!ENTITY" in file.data:
        raise file.unreadable(
            file.data.count(b"\n", 0, file.data.index(b"<!ENTITY")) + 1,
            "entities",
            "The file declares entities.",
            "Write their text where they stand, and remove the declarations.",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, strip_cdata=True
    )
    try:
        return etree.fromstring(file.data, parser=parser)
    except (etree.LxmlError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        reason = " ".join((getattr(error, "msg", None) or str(error)).split())[:200]
        raise file.unreadable(line, "bad-xml", f"The file is no XML that can be read ({reason}).", "Mend it.") from None


def _draft(entry: Any, channel_language: str | None, file: SourceFile) -> Draft:
    children: dict[str, list[Any]] = {}
    for child in entry:
        children.setdefault(_name(child), []).append(child)
    link = _link(children)
    tags = [category.get("term") or _words(category) for category in children.get("category", [])]
    values = [
        ("published", _published(children, file), entry.sourceline),
        ("url", link, entry.sourceline),
        ("tags", tags, entry.sourceline),
        ("language", entry.get(_LANGUAGE) or _first(children, "language") or channel_language, entry.sourceline),
    ]
    return Draft(
        headline=html_text(_first(children, "title")) or None,
        facts=facts_of(values, file.report),
        paragraphs=[Paragraph(line, line=entry.sourceline) for line in _lines(children)],
        key=_key(_first(children, "guid") or _first(children, "id") or link or ""),
        line=entry.sourceline,
    )


def _lines(children: dict[str, list[Any]]) -> list[str]:
    for name in _BODIES:
        for element in children.get(name, []):
            html = element.get("type") != "text" and (len(element) > 0 or looks_like_html(_words(element)))
            lines = html_lines(_inner(element)) if html else _unescaped(element)
            if lines:
                return lines
    return []


def _inner(element: Any) -> str:
    """Return the HTML an element holds, escaped or as elements of its own."""
    from lxml import etree

    if not len(element):
        return _words(element)
    return "".join(etree.tostring(child, encoding="unicode") for child in element)


def _unescaped(element: Any) -> list[str]:
    """Return the lines of a text without tags, which may still have references such as ``&nbsp;``."""
    words = _words(element)
    return html_lines(words) if "&" in words and element.get("type") != "text" else words.split("\n\n")


def _link(children: dict[str, list[Any]]) -> str | None:
    links = children.get("link", [])
    offered = [link.get("href") or _words(link) for link in links if link.get("rel", "alternate") == "alternate"]
    offered += [_words(guid) for guid in children.get("guid", []) if guid.get("isPermaLink") != "false"]
    return next((url.strip() for url in offered if is_web_address(url.strip())), None)


def _published(children: dict[str, list[Any]], file: SourceFile) -> date | None:
    for name in _DATES:
        for element in children.get(name, []):
            words = _words(element)
            if (day := date_of(words) or _mail_date(words)) is not None:
                return day
            file.report(
                element.sourceline,
                "bad-date",
                f"“{words[:80]}” is not a date.",
                "Write it as RSS or Atom want it; until then the entry is served without it.",
                Severity.WARNING,
            )
    return None


def _mail_date(text: str) -> date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _key(name: str) -> str:
    """Return the last part of an address, or the name itself."""
    return name.rstrip("/").rsplit("/", 1)[-1] if is_web_address(name) else name


def _first(children: dict[str, list[Any]], name: str) -> str:
    return next((words for element in children.get(name, []) if (words := _words(element))), "")


def _words(element: Any) -> str:
    return "".join(element.itertext(with_tail=False)).strip()


def _name(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
