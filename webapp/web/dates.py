"""Dates as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from webapp.web.languages import ENGLISH, current

# In English an article's dateline puts the day first.
_PATTERNS = {ENGLISH.tag: "d MMMM y"}


@dataclass(frozen=True, slots=True)
class DateView:
    """A date for a ``<time>`` element."""

    iso: str
    words: str
    """In the visitor's language."""

    @classmethod
    def of(cls, day: date | str | None) -> DateView | None:
        """Return the view of a date or of an ISO 8601 text; None for None."""
        if day is None:
            return None
        day = date.fromisoformat(day) if isinstance(day, str) else day
        language = current().tag
        return cls(day.isoformat(), format_date(day, _PATTERNS.get(language, "long"), locale=language))
