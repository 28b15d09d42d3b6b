"""Ids of documents: URL-safe, each once in a corpus, and the same as long as file names and keys stay."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

ID_MAX_CHARS = 80

_NOT_SLUG = re.compile(r"[^A-Za-z0-9_-]+")


def ids_of(keys: Sequence[str], path: str, taken: set[str]) -> Iterator[str]:
    """Yield the ids of one file's documents, made of the file's name and what tells a document from the others.

    A document without a key of its own takes the file's name, or from the second on that and its place (``news-2``).

    Args:
        keys: one for each document, as a reader returns them for ids; empty where it has none.
        path: the file's, as it is shown.
        taken: ids of other documents; grows.
    """
    stem = path.rsplit(".", 1)[0]
    for place, given in enumerate(keys, start=1):
        key = given or (str(place) if place > 1 else "")
        unique = _slug(stem, key)
        name = unique or "document"
        if not unique or unique in taken:
            unique = f"{name}-{_digest(f'{path} {key}' if key else path)}"
        attempt = place
        while unique in taken:
            unique = f"{name}-{_digest(f'{path} {key} {attempt}')}"
            attempt += len(keys)
        taken.add(unique)
        yield unique


def _slug(stem: str, key: str) -> str:
    """Return a readable id; a digest stands for a long key, and for one whose letters are lost."""
    name, end = _plain(stem)[:ID_MAX_CHARS], _plain(key)
    if not key:
        return name
    if not end or len(end) > ID_MAX_CHARS // 2:
        end = _digest(key)
    return f"{name or 'document'}-{end}"


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return _NOT_SLUG.sub("-", plain).strip("-")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
