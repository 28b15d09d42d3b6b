"""Characters that nobody sees or means: invisible, unprintable, lost, or of another alphabet than they look."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.corpus.model import Document, Problem, Severity
from webapp.corpus.scripts import MARKS, script_of

NAMED_MOST = 3
"""So many different characters of one kind are named for a line."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of suspicious character."""

    code: str
    message: str
    """With a place for what was found."""
    advice: str


_BIDI = Kind(
    "bidi-control",
    "A character that turns the direction of writing stands here unseen: {}.",
    "Delete it; pages put right-to-left words in order without it.",
)
_UNSEEN = Kind(
    "invisible-character",
    "A character that nobody sees parts a word, which is then not found: {}.",
    "Delete it, or type the word anew.",
)
_CONTROL = Kind("control-character", "A control character stands here, which is no text: {}.", "Delete it.")
_LOST = Kind(
    "lost-character",
    "A letter was lost here when the text was converted: {}.",
    "Write the letter that belongs here.",
)
_PRIVATE = Kind(
    "private-character",
    "A character of one font only stands here; others show an empty box: {}.",
    "Write an ordinary character instead.",
)
_MIXED = Kind(
    "mixed-scripts",
    "A word holds letters of another alphabet that look alike, and is then not found: {}.",
    "Type the word anew in one alphabet.",
)

_LETTER = rf"(?:[^\W_]|[{MARKS}])"
_ZERO_WIDTH = "\u00ad\u200b-\u200d\u2060-\u2064\ufeff"
_PATTERNS = (
    (_BIDI, re.compile(r"[\u202a-\u202e\u2066-\u2069]")),
    (_CONTROL, re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")),
    (_LOST, re.compile("\ufffd")),
    (_PRIVATE, re.compile(r"[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")),
)
_PARTED = re.compile(rf"(?<={_LETTER})[{_ZERO_WIDTH}](?=[{_ZERO_WIDTH}]*{_LETTER})")
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*")
_OF_TWO = re.compile(r"[\u0370-\u052f\u1f00-\u1fff]")
"""Greek and Cyrillic letters: nothing looks alike without one."""

# Scripts whose letters join or stay apart by joiners, and those that may mark the ends of words by a zero-width space.
_JOINING = frozenset(
    """Arabic Bengali Devanagari Gujarati Gurmukhi Kannada Malayalam Odia Sinhala Tamil Telugu Tibetan Myanmar
    Khmer""".split()
)
_UNSPACED = frozenset("Thai Lao Khmer Myanmar Tibetan Han Kana".split())
# Letters with a double in another of the three alphabets.
_DOUBLES = {
    "Cyrillic": frozenset("асеорхуіјѕԁһԛԝӏАВЕКМНОРСТУХІЈЅԌԚԜ"),
    "Greek": frozenset("ονυικραΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"),
    "Latin": frozenset("aceopxyijsdhqwluvkABCEHIJKMNOPSTXYZGQW"),
}


def suspicious_characters(document: Document) -> Iterator[Problem]:
    """Yield a problem for each kind of suspicious character on each line of a document."""
    found: dict[tuple[Kind, int | None], dict[str, None]] = {}
    for kind, offset, shown in _found(document.source):
        found.setdefault((kind, document.line_of(offset)), {})[shown] = None
    for (kind, line), several in found.items():
        shown = "; ".join(list(several)[:NAMED_MOST])
        more = f" and {len(several) - NAMED_MOST} more" if len(several) > NAMED_MOST else ""
        yield Problem(document.path, line, kind.code, kind.message.format(shown + more), kind.advice, Severity.WARNING)


def code_point(char: str) -> str:
    """Return a character's number and name, such as ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()


def _found(text: str) -> Iterator[tuple[Kind, int, str]]:
    """Yield the kind, offset and description of every suspicious character."""
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield kind, match.start(), code_point(match[0])
    for match in _PARTED.finditer(text):
        if not _belongs(match[0], text[match.start() - 1]):
            yield _UNSEEN, match.start(), code_point(match[0])
    if _OF_TWO.search(text):
        for match in _WORD.finditer(text):
            if (strange := _strange_letter(match[0])) is not None:
                yield _MIXED, match.start(), f"{code_point(strange)} in “{match[0][:40]}”"


def _belongs(char: str, before: str) -> bool:
    """Return whether the writing of the letter before needs a character without width."""
    script = script_of(before)
    if char in "\u200c\u200d":
        return script in _JOINING
    return char == "\u200b" and script in _UNSPACED


def _strange_letter(word: str) -> str | None:
    """Return the first letter of the script that has the fewest letters in a word, if each has a double in another."""
    if word.isascii() or len(word) < 3:
        return None
    letters: dict[str, list[str]] = {}
    for char in word:
        script = script_of(char)
        if script in _DOUBLES and char.isalpha():
            letters.setdefault(script, []).append(char)
    if len(letters) < 2:
        return None
    script = min(letters, key=lambda script: len(letters[script]))
    return letters[script][0] if _DOUBLES[script].issuperset(letters[script]) else None
