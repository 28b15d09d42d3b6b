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
        moment = moment.astimezone(UTC)
        # The offset of UTC is left out, and so are parts of a second.
        iso = moment.isoformat(timespec="seconds")[: -len("+00:00")]
        return cls(f"{iso}Z", _moment(iso[: -len(":00")], current().tag))


@lru_cache(maxsize=512)
def _moment(minute: str, language: str) -> str:
    """Return a minute in words; `language` is that of this request."""
    moment = datetime.fromisoformat(minute).replace(tzinfo=UTC)
    clock = format_time(moment, "short", tzinfo=UTC, locale=language)
    return gettext("%(date)s, %(time)s UTC", date=_written(moment.date(), language), time=clock)


def load_names() -> None:
    """Load the names of days and months, as the first date in words would; most of them serve every language."""
    format_date(date.min, _PATTERNS[ENGLISH.tag], locale=ENGLISH.tag)


def _day(day: date) -> str:
    return _written(day, current().tag)


@lru_cache(maxsize=4096)
def _written(day: date, language: str) -> str:
    return format_date(day, _PATTERNS.get(language, "long"), locale=language)
