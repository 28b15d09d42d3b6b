"""Dates as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class DateView:
    """A date for a ``<time>`` element."""

    iso: str
    words: str

    @classmethod
    def of(cls, day: date | str | None) -> DateView | None:
        """Return the view of a date or of an ISO 8601 text; None for None."""
        if day is None:
            return None
        day = date.fromisoformat(day) if isinstance(day, str) else day
        return cls(day.isoformat(), f"{day.day} {MONTHS[day.month - 1]} {day.year}")
