"""Numbers in a text, by their values.

1,000 is 1000, "4.5 crore" is 45 million, English number words count. Where a mark may part thousands or decimals, both
readings are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from webapp.corpus.detection import primary
from webapp.retrieval.analysis import NUMBERS
from webapp.retrieval.language import language_of

DIGITS_MOST = 30
"""Longer runs of digits are no numbers that anybody reads."""

_THIN_SPACES = "\u00a0\u202f"
_DIGITS = r"\d++(?:[.,٫٬'’]\d++)*+"
_TENS = "|".join(word for word in NUMBERS if word.endswith("ty"))
_UNITS = "|".join(list(NUMBERS)[1:10])
_WORDS = rf"\b(?P<tens>{_TENS})[- ](?P<unit>{_UNITS})\b|\b(?P<word>{'|'.join(NUMBERS)})\b"
_NOT_LATIN = r"(?<![A-Za-z_\d])(?<![A-Za-z]-)"
_ENGLISH = re.compile(
    rf"{_NOT_LATIN}(?:\d{{1,3}}(?:[{_THIN_SPACES}]\d{{3}})++(?!\d)|{_DIGITS})|{_WORDS}", re.IGNORECASE
)
_OTHERS = re.compile(rf"{_NOT_LATIN}(?:\d{{1,3}}(?:[ {_THIN_SPACES}]\d{{3}})++(?!\d)|{_DIGITS})")
_MARK = re.compile(r"[.,٫٬'’ \u00a0\u202f]")
_NO_NUMBER = re.compile(
    r"(?<!\S)\S*?(?:://|www\.|@)\S*|(?:\+|\b0)\d[\d /()-]{4,}\d|^[ \t]*\d{1,2}[.)](?=\s)", re.MULTILINE
)
"""Addresses, telephone numbers, numbers of list items."""
_YEAR = re.compile(r"(?:1\d|20)\d\d(?![\d.,])")
_NEXT_WORD = re.compile(r"[ \t-]*(%|[^\W\d_]{2,})")

# Stems of words that multiply what stands before them, by their power of ten; the longest that fits counts.
_POWERS = {
    "hundred": 2, "thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12,
    "hundert": 2, "tausend": 3, "milliard": 9, "mille": 3, "millón": 6, "millones": 6, "millions": 6,
    "тыс": 3, "млн": 6, "миллион": 6, "млрд": 9, "миллиард": 9, "हज़ार": 3, "हजार": 3, "लाख": 5, "करोड़": 7,
    "ألف": 3, "آلاف": 3, "مليون": 6, "ملايين": 6, "مليار": 9, "百": 2, "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8,
}  # fmt: skip
# Whole words, which may mean something else too.
_SHORT_POWERS = {"k": 3, "m": 6, "mn": 6, "bn": 9, "tn": 12, "mil": 3}
_POWER = re.compile(
    rf"[ \t\u00a0\u202f-]?(?:(?P<stem>{'|'.join(sorted(_POWERS, key=len, reverse=True))})[^\W\d_]{{0,3}}"
    rf"|(?P<short>{'|'.join(_SHORT_POWERS)})\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: what it may mean, where it stands, and what it counts."""

    values: frozenset[Decimal]
    start: int
    shown: str
    """As it is written, with the word that follows when it counts that."""
    counted: str
    """The term of the word it counts; empty when a function word or nothing follows."""

    @property
    def may_be_year(self) -> bool:
        """Whether it is written as years are: four digits without a mark."""
        return _YEAR.match(self.shown) is not None


def numbers_in(text: str, tag: str) -> Iterator[Number]:
    """Yield the numbers of `text`, without those of addresses, telephones and list items.

    Args:
        text: in any language.
        tag: its BCP 47 tag.
    """
    language = language_of(tag)
    blanked = _NO_NUMBER.sub(lambda match: " " * len(match[0]), text)
    for match in (_ENGLISH if primary(tag) == "en" else _OTHERS).finditer(blanked):
        if len(match[0]) > DIGITS_MOST:
            continue
        values, end = _values(match), match.end()
        if (power := _POWER.match(blanked, end)) is not None:
            values, end = _multiplied(values, power), power.end()
        counted, shown = "", blanked[match.start() : end]
        if (after := _NEXT_WORD.match(blanked, end)) is not None:
            word = next(language.words(after[1]), None)
            if word is not None and word.folded not in language.function_words:
                counted, shown = word.term, blanked[match.start() : after.end()]
        yield Number(values, match.start(), " ".join(shown.split()), counted)


def _values(match: re.Match[str]) -> frozenset[Decimal]:
    found = match.groupdict()
    if found.get("tens"):
        return frozenset({Decimal(NUMBERS[found["tens"].lower()]) + Decimal(NUMBERS[found["unit"].lower()])})
    if found.get("word"):
        return frozenset({Decimal(NUMBERS[found["word"].lower()])})
    return _readings("".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in match[0]))


def _readings(digits: str) -> frozenset[Decimal]:
    """Return what digits with marks between them may mean; of what is no one number, such as a date, its parts."""
    first, *rest = _MARK.split(digits)
    if not rest:
        return frozenset({Decimal(first)})
    found = set()
    if _is_grouped(first, rest):
        found.add(Decimal(first + "".join(rest)))
    if len(rest) == 1 or _is_grouped(first, rest[:-1]):
        found.add(Decimal(f"{first}{''.join(rest[:-1])}.{rest[-1]}"))
    return frozenset(found or map(Decimal, (first, *rest)))


def _is_grouped(first: str, rest: list[str]) -> bool:
    """Return whether the parts are groups of thousands, in India of hundreds above the first thousand."""
    *higher, last = rest
    return len(first) <= 3 and len(last) == 3 and len({len(part) for part in higher} | {2, 3}) == 2


def _multiplied(values: frozenset[Decimal], power: re.Match[str]) -> frozenset[Decimal]:
    if power["stem"]:
        stem = power["stem"].lower()
        return frozenset(value.scaleb(_POWERS[stem]) for value in values)
    return values | {value.scaleb(_SHORT_POWERS[power["short"].lower()]) for value in values}
