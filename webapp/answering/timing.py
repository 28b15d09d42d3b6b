"""Questions about the documents' own dates: when was it published, what is the latest, news from a month.

These are asked of the documents as publications, not of what they report, so they are recognised by their form: a word
for a publication ("article", "story") together with a word for its date, or a word for recency ("latest", "news").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from webapp.patterns import Pattern

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, 1)}
_MONTH_NUMBER |= {name[:3]: number for name, number in list(_MONTH_NUMBER.items())} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))

PUBLICATION = (
    r"(?:news )?(?:articles?|stor(?:y|ies)|pieces?|texts?|posts?|documents?|pages?|items?|write-?ups?|coverage|news)"
)
"""What an article may be called."""
_ISSUED = (
    r"(?:published|written|posted|printed|dated|released|updated|put online|put out|come out|came out|appear(?:ed)?)"
)
_SUBJECT = r"(?:about|on|of|regarding|concerning|covering|from)"

_PUBLISHED = Pattern(
    rf"""\b(?:
      (?:when|what\ (?:date|day|year)|which\ (?:date|day|year)|on\ (?:what|which)\ (?:date|day))\b
        .{{0,12}}\b(?:this|that|it|these)\ (?:{PUBLICATION}\ )?(?:was\ |were\ |been\ )?{_ISSUED}
    | (?:when|what|which|on|how)\b.{{0,20}}\b(?:{PUBLICATION}|report)\b.{{0,120}}\b{_ISSUED}\b
    | when\ (?:did|was|were)\ (?:you|they)\ (?:first\ )?(?:publish|post|print|write|report)\b
    | (?:how\ (?:old|recent|current|new|fresh|up\ to\ date)\b.{{0,12}}
        \b(?:this|that|the|your|these)\ (?:{PUBLICATION}|report|information)\b)
    | (?:what|which)(?:'s|\ is|\ was)?\ the\ (?:publication\ |publishing\ )?(?:date|day)\b
        .{{0,12}}\b(?:{PUBLICATION}|report)
    | (?:what|which)\ (?:date|day)\b.{{0,8}}\b(?:{PUBLICATION}|report)\b.{{0,120}}\bfrom\b
    | when(?:'s|\ is|\ was)\ (?:this|that|the)\ (?:{PUBLICATION}|report)\b.{{0,120}}\bfrom\b
    | (?:what|which)\ (?:date|day)\ (?:is|was)\ (?:this|that|it)\ from\b
    | (?:publication|publishing)\ date
    | date\ of\ (?:this|that|the)\ (?:{PUBLICATION}|report)
    )""",
    re.VERBOSE,
)
_LATEST = Pattern(
    rf"""\b(?:latest|newest|most\ recent|recent|breaking|fresh|current|today's|last|any|new)
        \ (?:news|updates?|headlines?|developments?|articles?|stor(?:y|ies)|coverage|reports?)\b
    | \b(?:latest|newest)\ {_SUBJECT}\b
    | \blatest\s*\??$
    | \bwhat(?:'s|\ is)\ (?:new|the\ news|in\ the\ news)\b
    | \b(?:any|some)thing\ new\b
    | ^\s*(?:news|updates?)\ {_SUBJECT}\b""",
    re.VERBOSE,
)
_NEWS = Pattern(rf"\b(?:{PUBLICATION}|happen(?:ed|ing)?|headlines?|reported|published|going on|new)\b")
_OF_THE_NEWS = Pattern(
    rf"\b(?:{PUBLICATION}|headlines?)\b.{{0,40}}\b(?:from|in|of|for|during)\ (?:{_MONTH}|(?:19|20)\d\d)\b", re.VERBOSE
)
_WHEN = Pattern(
    rf"""\b(?:(?P<month>{_MONTH})\b\.?(?:\ (?:\d{{1,2}},?\ )?(?P<year>(?:19|20)\d\d))?
    |(?P<iso>(?:19|20)\d\d)-(?P<iso_month>0[1-9]|1[0-2])(?:-\d\d)?
    |(?P<only_year>(?:19|20)\d\d))\b""",
    re.VERBOSE,
)
_FORM_WORDS = Pattern(
    rf"""\b(?:{PUBLICATION}|{_ISSUED}|reports?|reported|latest|newest|most|recent|any|current|what|which|when|whats|what's
    |is|was|were|are|did|do|does|you|have|has|been|there|the|this|that|these|it|a|an|of|on|about|from|in|for|to|with
    |regarding|concerning|publication|publish|publishing|date|day|how|old|new|news|give|me|show|tell|us|i|please
    |updates?|developments?|coverage|stor(?:y|ies)|happened|happening|happen|headlines?|going|during|month|year|your|by|breaking|current|today's|fresh|up|so
    |anything|something|information|write|post|print|first|can|could|hear|read|see|know|everything|all|and)\b""",
    re.VERBOSE,
)


class TimeKind(StrEnum):
    """What is asked of the documents' dates."""

    PUBLISHED = "published"
    LATEST = "latest"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class TimeQuestion:
    """A question about the documents' dates."""

    kind: TimeKind
    topic: str
    """What is left of the question when its form is taken away; empty when it names no topic."""
    year: int | None = None
    month: int | None = None


def read_time_question(question: str) -> TimeQuestion | None:
    """Return what `question` asks of the documents' dates, or None when it asks something else."""
    text = " ".join(question.replace("’", "'").lower().split())[:400]
    if _PUBLISHED.compiled.search(text):
        return TimeQuestion(TimeKind.PUBLISHED, _topic(text))
    when = _WHEN.compiled.search(text)
    if when is not None and _NEWS.compiled.search(text):
        rest = _topic(_WHEN.compiled.sub(" ", text))
        if not rest or _OF_THE_NEWS.compiled.search(text):
            year = when["year"] or when["iso"] or when["only_year"]
            month = int(when["iso_month"]) if when["iso_month"] else _MONTH_NUMBER.get(when["month"] or "")
            return TimeQuestion(TimeKind.PERIOD, rest, int(year) if year else None, month)
    if _LATEST.compiled.search(text):
        return TimeQuestion(TimeKind.LATEST, _topic(text))
    return None


def _topic(text: str) -> str:
    text = re.sub(r"'s\b", "", text)
    return " ".join(re.sub(r"[^\w'-]+", " ", _FORM_WORDS.compiled.sub(" ", text)).split())
