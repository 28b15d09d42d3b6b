"""Which script a letter belongs to, and which marks belong to the letter before them."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter

READ_CHARS = 20_000
"""A text's beginning says which script it is in."""

# First and last code point of the blocks whose letters tell something about the language.
_BLOCKS = (
    (0x0041, 0x024F, "Latin"),
    (0x0370, 0x03FF, "Greek"),
    (0x0400, 0x052F, "Cyrillic"),
    (0x0530, 0x058F, "Armenian"),
    (0x0590, 0x05FF, "Hebrew"),
    (0x0600, 0x077F, "Arabic"),
    (0x08A0, 0x08FF, "Arabic"),
    (0x0900, 0x097F, "Devanagari"),
    (0x0980, 0x09FF, "Bengali"),
    (0x0A00, 0x0A7F, "Gurmukhi"),
    (0x0A80, 0x0AFF, "Gujarati"),
    (0x0B00, 0x0B7F, "Odia"),
    (0x0B80, 0x0BFF, "Tamil"),
    (0x0C00, 0x0C7F, "Telugu"),
    (0x0C80, 0x0CFF, "Kannada"),
    (0x0D00, 0x0D7F, "Malayalam"),
    (0x0D80, 0x0DFF, "Sinhala"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Lao"),
    (0x0F00, 0x0FFF, "Tibetan"),
    (0x1000, 0x109F, "Myanmar"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1100, 0x11FF, "Hangul"),
    (0x1200, 0x137F, "Ethiopic"),
    (0x1780, 0x17FF, "Khmer"),
    (0x1E00, 0x1EFF, "Latin"),
    (0x1F00, 0x1FFF, "Greek"),
    (0x3005, 0x3007, "Han"),
    (0x3040, 0x30FF, "Kana"),
    (0x3400, 0x9FFF, "Han"),
    (0xAC00, 0xD7AF, "Hangul"),
    (0xF900, 0xFAFF, "Han"),
    (0xFB50, 0xFEFC, "Arabic"),
    (0xFF66, 0xFF9F, "Kana"),
    (0x20000, 0x323AF, "Han"),
)
_STARTS = [first for first, _, _ in _BLOCKS]
_MARKED_UNTIL = 0x1D00
"""Marks beyond this code point belong to no script in daily use."""


def _class_of(points: list[int]) -> str:
    """Return code points in order as the inside of a regular expression's character class."""
    runs: list[list[int]] = []
    for point in points:
        if runs and runs[-1][1] == point - 1:
            runs[-1][1] = point
        else:
            runs.append([point, point])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in runs)


MARKS = _class_of([p for p in range(0x300, _MARKED_UNTIL) if unicodedata.category(chr(p)) in ("Mn", "Mc")])
"""Combining marks and vowel signs, for a regular expression's character class."""
JOINERS = "\u200c\u200d"
"""Zero-width characters that stand inside words of Indic scripts and Persian."""
UNSPACED = "".join(
    f"\\u{first:04x}-\\u{last:04x}" if last < 0x10000 else f"\\U{first:08x}-\\U{last:08x}"
    for first, last, script in _BLOCKS
    if script in ("Han", "Kana", "Thai", "Lao", "Myanmar", "Khmer")
)
"""Scripts that write no space between words, for a regular expression's character class."""


def script_of(letter: str) -> str | None:
    """Return the script of one letter, None for one of a script that tells nothing."""
    point = ord(letter)
    at = bisect_right(_STARTS, point) - 1
    return _BLOCKS[at][2] if at >= 0 and point <= _BLOCKS[at][1] else None


def scripts_of(text: str) -> Counter[str]:
    """Return how many letters of each script stand in the beginning of a text."""
    letters = Counter(char for char in text[:READ_CHARS] if char.isalpha())
    found: Counter[str] = Counter()
    for letter, count in letters.items():
        script = script_of(letter)
        if script is not None:
            found[script] += count
    return found
