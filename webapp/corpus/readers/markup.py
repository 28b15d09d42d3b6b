"""Text with simple markup: HTML or Markdown in, the plain words and a safe form of the markup out.

The words are what is matched and quoted; the markup shows the same words, up to white space, as their author set them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin

from webapp.corpus.readers.fields import is_web_address

MARKUP_MAX_CHARS = 100_000
"""Longer answers are shown as plain text."""
MARKDOWN_BLOCK_MAX_CHARS = 20_000
"""Longer paragraphs are not read as Markdown: some would take minutes."""
LINK_REL = "noopener nofollow external"

_INLINE = frozenset({"a", "b", "code", "del", "em", "i", "s", "strong", "sub", "sup", "u"})
_BLOCKS = frozenset(
    {
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "li",
        "ol",
        "p",
        "pre",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
    }
    | {"ul"}
)
_VOID = frozenset({"br", "hr"})
_SHOWN = _INLINE | _BLOCKS | _VOID
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_DROPPED = frozenset(
    {"audio", "button", "canvas", "head", "iframe", "math", "noscript", "object", "script", "select", "style", "svg"}
    | {"template", "textarea", "title", "video"}
)
_NEW_LINE = frozenset({"br", "dd", "dt", "li", "tr"})
_PARTS_PARAGRAPHS = (_BLOCKS - _NEW_LINE - {"td", "th", "tbody", "thead", "tfoot"}) | _HEADINGS | {"hr"}
_PARTS_PARAGRAPHS |= {"article", "aside", "body", "details", "figure", "figcaption", "footer", "header", "main", "nav"}
_PARTS_PARAGRAPHS |= {"section", "summary"}
_LOOKS_LIKE_HTML = re.compile(
    r"<(?:/?(?:p|ul|ol|li|b|strong|em|i|div|h[1-6])|br[ \t]*/?|a\s+href=[^<>]+)>", re.IGNORECASE
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Rich:
    """Words, and how to show them."""

    text: str
    markup: str | None = None
    """Safe HTML with the same words; None when the words are shown as they are."""


def looks_like_html(text: str) -> bool:
    """Return whether `text` has a tag that only HTML has."""
    return _LOOKS_LIKE_HTML.search(text) is not None


def rich_of(text: str, form: str = "") -> Rich:
    """Return words with markup, by the form they are written in.

    Args:
        text: what an author wrote.
        form: ``html``, ``markdown`` or ``text``; anything else means HTML where there are tags, else plain text.
    """
    if form == "markdown" and long_block(text) is None:
        return html_rich(markdown_parser().render(text))
    if form == "html" or (form not in {"markdown", "text"} and looks_like_html(text)):
        return html_rich(text)
    return Rich(text)


def long_block(text: str) -> int | None:
    """Return where the first paragraph stands that is too long to be read as Markdown; None when there is none."""
    start = 0
    for gap in _BLANK_LINE.finditer(text):
        if gap.start() - start > MARKDOWN_BLOCK_MAX_CHARS:
            return start
        start = gap.end()
    return start if len(text) - start > MARKDOWN_BLOCK_MAX_CHARS else None


def markdown_parser() -> Any:
    """Return a parser of CommonMark with tables and strikethrough; HTML in it passes, to be made safe afterwards."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def html_lines(html: str) -> list[str]:
    """Return the words of `html`, each paragraph, list item and table row by itself."""
    return [line for line in html_text(html).split("\n") if line.strip()]


def html_text(html: str) -> str:
    """Return the words of `html`: paragraphs parted by a blank line, list items and table rows by a line end."""
    return _walked(html, None)[0]


def html_rich(html: str, base_url: str | None = None) -> Rich:
    """Return words and safe markup of `html`; links are made absolute against `base_url`, or lose their target."""
    text, markup = _walked(html, base_url)
    if len(html) > MARKUP_MAX_CHARS or not re.search(r"<(?!/?(?:p|div)>)", markup):
        return Rich(text)
    markup = _sanitised(markup)
    same = _squeezed(unescape(re.sub(r"<[^>]*>", "", markup))) == _squeezed(text)
    return Rich(text, markup if same else None)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _sanitised(html: str) -> str:
    import nh3

    return nh3.clean(
        html,
        tags=set(_SHOWN),
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=LINK_REL,
    )


def parsed_html(html: str) -> Any:
    """Return the tree of `html`, whose depth its parser limits; None when there is nothing in it."""
    from lxml import etree
    from lxml.html import document_fromstring

    try:
        # Bytes with a stated encoding: text with an XML declaration would be refused.
        return document_fromstring(html.encode("utf-8", "replace"), parser=_html_parser())
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _html_parser() -> Any:
    from lxml.html import HTMLParser

    return HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)


def _walked(html: str, base_url: str | None) -> tuple[str, str]:
    tree = parsed_html(html) if html.strip() else None
    if tree is None:
        return "", ""
    return element_text(tree, base_url)


def element_text(tree: Any, base_url: str | None = None) -> tuple[str, str]:
    """Return words and markup (not yet made safe) of an element of a parsed page."""
    words = _Words()
    markup: list[str] = []
    closings: list[str] = []
    preformatted = 0
    for event, tag, value in _events(tree):
        if event == "text":
            words.add(value, keep_lines=preformatted > 0)
            markup.append(escape(value, quote=False))
            continue
        if tag == "pre":
            preformatted += 1 if event == "start" else -1
        words.part(tag)
        if tag in _HEADINGS:
            markup.append("<p><strong>" if event == "start" else "</strong></p>")
        elif tag == "a":
            if event == "start":
                address = _absolute(value, base_url)
                markup.append(f'<a href="{escape(address)}">' if address else "")
                closings.append("</a>" if address else "")
            else:
                markup.append(closings.pop())
        elif tag in _SHOWN and not (tag in _VOID and event == "end"):
            markup.append(f"<{tag}>" if event == "start" else f"</{tag}>")
    return str(words), "".join(markup)


def _absolute(href: str, base_url: str | None) -> str:
    try:
        url = urljoin(base_url or "", href.strip())
    except ValueError:
        return ""
    return url if is_web_address(url) else ""


def _events(tree: Any) -> Iterator[tuple[str, str, str]]:
    """Yield (event, tag, value) without recursion: starts (with a link's target), texts and ends of elements."""
    from lxml.etree import iterwalk

    walk = iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        dropped = not tag or tag in _DROPPED
        if event == "start":
            if dropped:
                walk.skip_subtree()
                continue
            yield "start", tag, element.get("href") or "" if tag == "a" else ""
            if element.text:
                yield "text", "", element.text
        else:
            if not dropped:
                yield "end", tag, ""
            if element.tail and element is not tree:
                yield "text", "", element.tail


class _Words:
    """Text that grows word by word, with breaks where blocks begin and end."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._break = ""

    def part(self, tag: str) -> None:
        """Note that `tag` begins or ends here."""
        if tag in _PARTS_PARAGRAPHS:
            self._break = "\n\n"
        elif tag in _NEW_LINE and self._break != "\n\n":
            self._break = "\n"
        elif tag in {"td", "th"} and not self._break:
            self._break = " "

    def add(self, text: str, *, keep_lines: bool) -> None:
        """Append words."""
        if keep_lines:
            words = re.sub(r"\n\s*\n", "\n", text.strip("\n"))
        else:
            words = re.sub(r"\s+", " ", text)
            if words[:1] == " " and not self._break:
                self._break = " "
            space_after = words[-1:] == " "
            words = words.strip()
            if not words:
                return
            words += " " if space_after else ""
        if not words:
            return
        if self._pieces and self._break:
            self._pieces[-1] = self._pieces[-1].rstrip()
            self._pieces.append(self._break)
        self._break = ""
        self._pieces.append(words)

    def __str__(self) -> str:
        return "".join(self._pieces).strip()
