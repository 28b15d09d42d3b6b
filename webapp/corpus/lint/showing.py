"""How problems quote documents and name places in them."""

from __future__ import annotations

from webapp.corpus.model import Document

SHOWN_CHARS = 70


def shortened(text: str, limit: int = SHOWN_CHARS) -> str:
    """Return `text` on one line, cut at a word when it is longer than `limit` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[:limit]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"


def place(document: Document, offset: int) -> str:
    """Return where the character at `offset` stands: ``path:line``, the path alone where the line is not known."""
    line = document.line_of(offset)
    return document.path if line is None else f"{document.path}:{line}"
