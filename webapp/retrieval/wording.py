"""The form of questions and what a text shows, in languages other than English: a small table a language (`forms/`).

A line says ``asks KIND: phrase|phrase`` or ``shows SIGN: phrase|phrase``. Phrases are compared with folded words, marks
left out; ``*`` stands for any ending. The first kind of which a phrase is in the question is the one that is asked for.
Money, spans of time and units count only behind a number; ``shows number`` lists numbers in words. ``leans first`` and
``leans anywhere`` list words by which a question goes on from what was said before.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.patterns import Pattern
from webapp.retrieval import flags
from webapp.retrieval.question_forms import Kind

_FOLDER = Path(__file__).parent / "forms"
_KEYWORDS_MOST = 6
# Bits that a phrase of each sign sets.
_SIGNS = {
    "calendar": flags.CALENDAR,
    "clock": flags.CLOCK,
    "money": flags.MONEY,
    "free": flags.FREE,
    "time span": flags.TIME_SPAN,
    "unit": flags.UNIT | flags.LENGTH | flags.WEIGHT | flags.AREA,
    "percent": flags.PERCENT,
    "reason": flags.REASON,
    "said": flags.SAID,
    "instruction": flags.INSTRUCTION,
    "contact": flags.CONTACT,
    "yes or no": flags.YES_NO,
    "every": flags.EVERY,
}
# Lists of single words; those of numbers stand before the signs that follow a number.
_WORDS = ("number", "first", "anywhere")
_AFTER_NUMBER = frozenset(("money", "time span", "unit"))
# What shows itself in any language.
_ANYWHERE = (
    (flags.MONEY, Pattern(r"[$€£¥₹₽]\s?\d|\d\s?[$€£¥₹₽]")),
    (flags.PERCENT, Pattern(r"\d\s?%")),
    (flags.YEAR, Pattern(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")),
    (flags.CLOCK, Pattern(r"\b\d{1,2}[:h.]\d\d\b|(?<!\d)\d{1,2}\s?(?:h|Uhr)\b")),
    (flags.UNIT | flags.LENGTH, Pattern(r"\d\s?(?:km|cm|mm|m)\b")),
    (flags.QUOTED, Pattern(r"[“”\"«»„「」]")),
    (flags.ASKS, Pattern(r"[?？؟][\"”’']?\s*$")),
    (flags.FULL_NAME, Pattern(r"\b[^\W\d_a-zа-я][\w’-]+ [^\W\d_a-zа-я][\w’-]+")),
    (flags.CONTACT, Pattern(r"\d{3}[ -]\d{2,4}|@|www")),
)
_ASKING = re.compile(r"[?？؟]")


@dataclass(frozen=True)
class Forms:
    """What one language's table says; the patterns are for text as `Language.spaced` gives it."""

    asks: tuple[tuple[Kind, re.Pattern[str]], ...]
    shows: tuple[tuple[int, re.Pattern[str]], ...]
    numbers: frozenset[str]
    """Numbers in words, plain; single characters where no spaces are written."""
    leads_on: frozenset[str]
    points_back: frozenset[str]
    """Words that lean on what was said before: as the first word of a question, or anywhere in it."""

    def kind_of(self, spaced: str, raw: str) -> Kind:
        """Return the kind of answer that a question expects."""
        for kind, pattern in self.asks:
            if pattern.search(spaced):
                return kind
        return Kind.OTHER if _ASKING.search(raw) or len(spaced.split()) > _KEYWORDS_MOST else Kind.KEYWORDS

    def place_of(self, spaced: str) -> int:
        """Return the number of the word at which a question begins to ask, 0 when nothing tells."""
        for _, pattern in self.asks:
            if found := pattern.search(spaced):
                return spaced.count(" ", 0, found.start())
        return 0

    def row_flags(self, spaced: str, raw: str) -> int:
        """Return what the wording of a text shows."""
        found = 0
        for bits, anywhere in _ANYWHERE:
            if anywhere.compiled.search(raw):
                found |= bits
        for bits, pattern in self.shows:
            if pattern.search(spaced):
                found |= bits
        return found


@cache
def forms(tag: str, plain: Callable[[str], str], *, spaces: bool) -> Forms:
    """Return the table of a language, an empty one when there is none.

    Args:
        tag: primary language tag.
        plain: folds a word and leaves its marks out.
        spaces: whether the language parts words by spaces.
    """
    file = _FOLDER / f"{tag}.txt"
    asks, shows = [], []
    words: dict[str, frozenset[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        said, phrases = line.split(": ", 1)
        what, name = said.split(" ", 1)
        pattern = _alternatives(phrases, plain, spaces=spaces)
        if name in _WORDS:
            words[name] = frozenset(map(plain, phrases.split("|")))
        elif what == "asks":
            asks.append((Kind(name), re.compile(pattern)))
        else:
            number = _behind_number(words["number"], spaces=spaces) if name in _AFTER_NUMBER else ""
            # The space between them is the number's own.
            shows.append((_SIGNS[name], re.compile(number + (pattern.removeprefix(" ") if number else pattern))))
    return Forms(tuple(asks), tuple(shows), *(words.get(name, frozenset()) for name in _WORDS))


def _behind_number(numbers: frozenset[str], *, spaces: bool) -> str:
    """Return a pattern of a number, in digits or in words, and of a word that may follow it."""
    if not spaces:
        return rf"[\d{''.join(sorted(numbers))}][\d.,{''.join(sorted(numbers))}]*\s*"
    return rf" (?:\d\S*{''.join(f'|{word}' for word in sorted(numbers))}) (?:\S+ )?"


def _alternatives(phrases: str, plain: Callable[[str], str], *, spaces: bool) -> str:
    if not spaces:
        return f"(?:{'|'.join(map(re.escape, phrases.split('|')))})"
    written = []
    for phrase in phrases.split("|"):
        parts = []
        for word in phrase.split(" "):
            if word == r"\w+":
                parts.append(r"\S+")
            else:
                parts.append(re.escape(plain(word.removesuffix("*"))) + (r"\S*" if word.endswith("*") else ""))
        written.append(" ".join(parts))
    return f" (?:{'|'.join(written)}) "
