"""Words in one form: how each script's letters, marks and digits are written alike.

`fold` is done before stemming and keeps the marks that a stemmer reads; `plain` is done after it and takes away those
that people leave out when they type.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from webapp.corpus.scripts import JOINERS, script_of

WORDS_KEPT = 1 << 11
"""Words whose forms are kept for a while, about half a kilobyte each: those that every text and question has."""

# Marks that only say how a word is read: Arabic vowel signs, dagger alef and tatweel, Hebrew points, stress.
_UNREAD = dict.fromkeys(
    (*range(0x064B, 0x0660), 0x0670, 0x0640, *range(0x06D6, 0x06EE), *range(0x0591, 0x05C8), *map(ord, JOINERS))
)
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك"})
_PERSIAN = str.maketrans({"أ": "ا", "إ": "ا", "ٱ": "ا", "ى": "ی", "ي": "ی", "ك": "ک", "ۀ": "ه"})
# The nukta is often left out, and the moon dot is written as a dot.
_DEVANAGARI = str.maketrans({"\u093c": None, "ँ": "ं"})
_BEFORE_STEMMING: dict[str, dict[int, str] | dict[int, str | None]] = {
    "fa": _PERSIAN,
    "ur": _PERSIAN,
    "hi": _DEVANAGARI,
    "mr": _DEVANAGARI,
    "ne": _DEVANAGARI,
    "ru": str.maketrans({"ё": "е"}),
}
_SHORT = 3
# Arabic stemmers read the hamza that is often left out in typing.
_ALIKE = {"ar": _ARABIC}
_AFTER_STEMMING = {"ar": _ARABIC | str.maketrans({"ة": "ه"})}
_TURKIC_CASE = str.maketrans({"İ": "i", "I": "ı"})
_TURKIC = frozenset(("tr", "az"))
OWN_LETTERS = frozenset(("da", "et", "fi", "no", "sv", "tr", "az", "vi"))
"""Languages in which a letter with a mark is another letter, which nobody leaves out."""
_MARKED = frozenset(("Latin", "Greek"))
_WRITTEN_OUT = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})


@lru_cache(maxsize=WORDS_KEPT)
def fold(word: str, tag: str) -> str:
    """Return `word` normalised (NFKC) and case-folded, digits in ASCII, in its language's usual letters.

    Args:
        word: one word.
        tag: primary language tag.
    """
    if tag in _TURKIC:
        word = word.translate(_TURKIC_CASE)
    word = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    if word.isascii():
        return word
    word = word.translate(_UNREAD)
    if tag in _BEFORE_STEMMING:
        word = word.translate(_BEFORE_STEMMING[tag])
    if tag == "ar" and len(word) > _SHORT:
        # The final letter of the feminine is often typed without its dots, and stemmers know it with them.
        word = re.sub("ه$", "ة", word)
    return "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in word)


def alike(folded: str, tag: str) -> str:
    """Return a folded word with letters in one form that are typed one for the other, but that stemmers read."""
    return folded.translate(_ALIKE[tag]) if tag in _ALIKE else folded


@lru_cache(maxsize=1 << 16)
def plain(folded: str, tag: str) -> str:
    """Return a folded word without the marks that are left out in typing; й and Indic vowel signs stay."""
    if folded.isascii():
        return folded
    if tag in _AFTER_STEMMING:
        folded = folded.translate(_AFTER_STEMMING[tag])
    if tag in OWN_LETTERS:
        return folded
    return "".join(_bare(char) for char in folded.translate(_WRITTEN_OUT))


def _bare(char: str) -> str:
    if "\u0300" <= char <= "\u036f":
        return ""
    base = unicodedata.normalize("NFD", char)[0]
    return base if script_of(base) in _MARKED else char
