"""Text to words in any language but English, each with its place; pairs of characters where no spaces are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from webapp.corpus.model import Span
from webapp.corpus.scripts import JOINERS, MARKS, UNSPACED
from webapp.patterns import Pattern

_LETTERS = rf"(?:[^\W\d_]|[{MARKS}{JOINERS}])"
# Thousands may be parted by a (narrow) no-break space, or by a plain one before three digits.
_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,:٫٬]\d+)*"
_UNIT = rf"[{UNSPACED}][{MARKS}]*"
_PIECE = Pattern(
    rf"(?P<number>{_NUMBER})|(?P<run>(?:{_UNIT})+)|(?P<word>(?![{UNSPACED}])[^\W\d_](?:(?![{UNSPACED}]){_LETTERS})*)"
    rf"|(?P<other>[^\W_]|[$€£¥₹₽%])"
)
_UNITS = Pattern(_UNIT)
_HANGUL = re.compile("[\uac00-\ud7a3]+")


def pieces(text: str, function_words: frozenset[str]) -> Iterator[tuple[Span, str]]:
    """Yield the words of `text` with their places, as they are written.

    Runs of a script without spaces (Han, kana, Thai, ...) are parted at function words, the longest first, and give
    overlapping pairs of characters, as Lucene's CJK analyzer does; Korean words do so too, for their endings vary.
    """
    for match in _PIECE.compiled.finditer(text):
        if match.lastgroup == "run":
            yield from _parted(match[0], match.start(), function_words)
        elif match.lastgroup == "word" and _HANGUL.fullmatch(match[0]) and match[0] not in function_words:
            yield from _pairs(match[0], match.start())
        else:
            yield Span(match.start(), match.end()), match[0]


def is_unspaced(word: str) -> bool:
    """Return whether a word is of characters that are compared one by one and in pairs."""
    return _UNITS.compiled.match(word) is not None or _HANGUL.match(word) is not None


def _parted(run: str, at: int, function_words: frozenset[str]) -> Iterator[tuple[Span, str]]:
    begin = 0
    for match in _function_pattern(function_words).finditer(run):
        yield from _pairs(run[begin : match.start()], at + begin)
        yield Span(at + match.start(), at + match.end()), match[0]
        begin = match.end()
    yield from _pairs(run[begin:], at + begin)


def _pairs(run: str, at: int) -> Iterator[tuple[Span, str]]:
    if _HANGUL.match(run):
        starts = [*range(len(run) + 1)]
    else:
        starts = [*(match.start() for match in _UNITS.compiled.finditer(run)), len(run)]
    if len(starts) == 2:
        yield Span(at, at + len(run)), run
    for begin, end in zip(starts, starts[2:], strict=False):
        yield Span(at + begin, at + end), run[begin:end]


@cache
def _function_pattern(function_words: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern of the function words in an unspaced script; it matches nothing when there are none."""
    own = sorted((word for word in function_words if _UNITS.compiled.match(word)), key=lambda word: (-len(word), word))
    # A vowel sign after a match belongs to it: there, no word ends.
    return re.compile(rf"(?:{'|'.join(map(re.escape, own))})(?![{MARKS}])" if own else r"(?!)")
