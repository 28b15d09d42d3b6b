"""Dates as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from babel.dates import format_date, format_time

from webapp.web.languages import ENGLISH, current, gettext

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
        return cls(day.isoformat(), _day(day))


@dataclass(frozen=True, slots=True)
class MomentView:
    """A moment for a ``<time>`` element; in the browser, ``times.js`` tells how long ago it was."""

    iso: str
    words: str
    """In the visitor's language and in UTC: where a visitor's clock stands, only their browser knows."""

    @classmethod
    def of(cls, moment: datetime) -> MomentView:
        """Return the view of a moment."""
        moment = moment.astimezone(UTC).replace(microsecond=0)
        clock = _clock(moment.replace(second=0), current().tag)
        words = gettext("%(date)s, %(time)s UTC", date=_day(moment.date()), time=clock)
        return cls(moment.isoformat().replace("+00:00", "Z"), words)


@lru_cache(maxsize=64)
def _clock(minute: datetime, language: str) -> str:
    return format_time(minute, "short", tzinfo=UTC, locale=language)


def _day(day: date) -> str:
    return _written(day, current().tag)


@lru_cache(maxsize=4096)
def _written(day: date, language: str) -> str:
    return format_date(day, _PATTERNS.get(language, "long"), locale=language)
