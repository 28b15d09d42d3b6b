"""What may stand before an article in the seed format: its date, and lines that name the other facts.

``date YYYY-MM-DD`` stands before the first sentence or on a line of its own. ``tags: one, two``, ``source: https://...``,
``language: de``, ``valid from: YYYY-MM-DD`` and ``valid until: YYYY-MM-DD`` are lines, in any order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Protocol

from webapp.corpus.model import Severity, Span
from webapp.corpus.readers.fields import Facts, date_of, fact_of, trouble

_DATE = re.compile(r"\s*date[ \t]+(\d{4}-\d{1,2}-\d{1,2})(?!\d)[ \t]*", re.IGNORECASE)
_LINE = re.compile(r"\s*(tags|source|language|valid[ -]from|valid[ -]until)[ \t]*:[ \t]*([^\n]*)", re.IGNORECASE)
_FIELDS = {"source": "source_url", "valid-from": "valid_from", "valid-until": "valid_until"}


class At(Protocol):
    """Records a problem at a character offset of the document."""

    def __call__(
        self, offset: int | None, code: str, message: str, advice: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Record it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the article, and where it ends."""

    end: int = 0
    facts: Facts = field(default_factory=Facts)
    published_span: Span | None = None


def read_head(source: str, report: At) -> Head:
    """Return the head of a document; a line that cannot be used is told, and left to the article."""
    head = Head()
    seen: set[str] = set()
    while True:
        if "published" not in seen and (match := _DATE.match(source, head.end)):
            seen.add("published")
            head = _dated(head, match, report)
            continue
        line = _LINE.match(source, head.end)
        name = "-".join(re.split("[ -]", line[1].lower())) if line else ""
        name = _FIELDS.get(name, name)
        if line is None or name in seen:
            break
        fact = fact_of(name, line[2].strip())
        if fact is None:
            code, message, _ = trouble(name, line[2].strip())
            advice = "Mend the line or remove it; until then it is read as part of the article."
            report(line.start(2), code, message, advice, Severity.WARNING)
            break
        seen.add(name)
        head = replace(head, end=line.end(), facts=replace(head.facts, **{name: fact}))
    if "published" not in seen:
        report(
            0,
            "no-date",
            "The article has no date.",
            "Begin it with “date YYYY-MM-DD”, so that visitors see how old it is.",
            Severity.WARNING,
        )
    return head


def _dated(head: Head, match: re.Match[str], report: At) -> Head:
    published = date_of(match[1])
    if published is None:
        report(
            match.start(1),
            "bad-date",
            f"“{match[1]}” is not a date of the calendar.",
            "Write it as YYYY-MM-DD; until then the article is served without a date.",
            Severity.WARNING,
        )
        return replace(head, end=match.end())
    return replace(
        head,
        end=match.end(),
        facts=replace(head.facts, published=published),
        published_span=Span(match.start(1), match.end(1)),
    )
