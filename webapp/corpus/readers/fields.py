"""The optional facts about a document that every format may carry, and how each is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from webapp.corpus.model import Severity
from webapp.corpus.readers.source_file import Report

TAG_MAX_CHARS = 60

_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\"\\\x00-\x20\x7f\ud800-\udfff]")

_NAMES = {
    "published": ("date", "published", "datepublished", "publishedat", "pubdate"),
    "language": ("language", "lang", "locale", "inlanguage", "l"),
    "tags": ("tags", "tag", "keywords", "labels", "metadata"),
    "source_url": ("source", "sourceurl", "url", "link", "canonical", "canonicalurl", "permalink"),
    "valid_from": ("validfrom",),
    "valid_until": ("validuntil", "validto", "validthrough", "expires", "expiry", "expirydate"),
}
FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
"""From a plain name, as an author may write it, to the field of `Facts` it means."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a document besides its words; see `webapp.corpus.model.Document`."""

    published: date | None = None
    language: str = ""
    """Empty where it is not declared: it is detected then."""
    tags: tuple[str, ...] = ()
    source_url: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None


def plain_name(name: str) -> str:
    """Return a field's name without what writers vary: case, spaces, hyphens, underscores."""
    return "".join(char for char in name.casefold() if char.isalnum())


def value_text(value: Any) -> str:
    """Return a value of a table, JSON or front matter as the text an author would write for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(value_text(each) for each in value if not isinstance(each, list | tuple | dict))
    return "" if isinstance(value, dict) else str(value)


def date_of(text: str) -> date | None:
    """Return the day that `text`, ``YYYY-MM-DD`` with or without a time, names; None when it names none."""
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags that commas, semicolons or bars part, each once, without white space around them."""
    tags = {" ".join(tag.split())[:TAG_MAX_CHARS]: None for tag in re.split(r"[,;|]", text)}
    return tuple(tag for tag in tags if tag)


def language_of(text: str) -> str | None:
    """Return the BCP 47 tag that `text` is, such as ``en`` or ``pt-BR``; None when it is none."""
    text = text.strip()
    return text.replace("_", "-") if _LANGUAGE.fullmatch(text) else None


def is_web_address(url: str) -> bool:
    """Return whether `url` is an address that a link may lead to: ``http`` or ``https``, with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not _UNSAFE_IN_ADDRESS.search(url)
    except ValueError:
        return False


def facts_of(values: Iterable[tuple[str, Any, int | None]], report: Report) -> Facts:
    """Return the facts that values give, each with name and line; one that cannot be used is told and left out."""
    found: dict[str, Any] = {}
    for name, value, line in values:
        field = FIELD_OF.get(plain_name(name))
        text = value_text(value).strip()
        if field is None or not text or field in found:
            continue
        fact = fact_of(field, text)
        if fact is None:
            report(line, *trouble(field, text), severity=Severity.WARNING)
        else:
            found[field] = fact
    return Facts(**found)


def fact_of(field: str, text: str) -> Any:
    """Return the value of one field of `Facts`; None when `text` is none."""
    if field == "tags":
        return tags_of(text)
    if field == "language":
        return language_of(text)
    if field == "source_url":
        return text if is_web_address(text) else None
    return date_of(text)


def trouble(field: str, text: str) -> tuple[str, str, str]:
    """Return code, message and advice for a `text` that is no value of `field`."""
    shown = text if len(text) <= 80 else f"{text[:80]}…"
    if field == "language":
        return (
            "bad-language",
            f"“{shown}” is not a language tag.",
            "Write one such as en, de or pt-BR, or leave it out.",
        )
    if field == "source_url":
        return (
            "bad-source",
            f"“{shown}” is not the address of a page.",
            "Write the whole address, beginning with https://, or leave it out.",
        )
    return "bad-date", f"“{shown}” is not a date of the calendar.", "Write it as YYYY-MM-DD, or leave it out."
