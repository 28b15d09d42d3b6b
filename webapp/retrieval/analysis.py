"""Text to terms: the one analyzer, for passages and questions alike.

A term is a case-folded, stemmed word (Snowball) or, from `character_terms`, a character n-gram of a word. The same
functions make the terms that scikit-learn's `TfidfVectorizer` is fitted with and the terms a question is asked with,
so both always agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import Stemmer

from webapp.corpus.model import Span
from webapp.retrieval.folding import WORDS_KEPT

WORD_MAX_CHARS = 40
"""Longer words are cut: no real word is lost, and pasted noise cannot grow the index."""

_WORD = re.compile(r"\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?|[^\W\d_]+(?:'[^\W\d_]+)*|[^\W_]+|[$€£¥₹%]")
_ORDINAL_ENDING = re.compile(r"(?:st|nd|rd|th)$")


def _table(name: str) -> dict[str, str]:
    file = Path(__file__).parent / "lexicon" / name
    return dict(line.split(" ") for line in file.read_text(encoding="utf-8").splitlines())


IRREGULAR = _table("irregular.txt")
"""Inflected forms that a stemmer does not undo ("bought", "children"), with their base forms."""
SPELLINGS = _table("spellings.txt")
"""Stems of British spellings with those of the American ones."""
NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen twenty""".split()
    )
} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
}
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "＇": "'"})
# Signs that are read as words.
_SIGNS = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee", "%": "percent"}

_CONTRACTIONS = tuple(
    (re.compile(pattern), written_out)
    for pattern, written_out in (
        (r"\bcan'?t\b|\bcannot\b", "can not"),
        (r"\bwon'?t\b", "will not"),
        (r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should)n'?t\b", r"\1 not"),
        (r"\b(what|where|who|how|when|that|there|it|he|she|here|why)'s\b", r"\1 is"),
        (r"\b(what|how|where)s\b", r"\1 is"),
        (r"\blet's\b", "let us"),
        (r"\bi'?m\b", "i am"),
        (r"\b(i|you|we|they)'ve\b", r"\1 have"),
        (r"\bive\b", "i have"),
        (r"\b(i|you|he|she|it|we|they)'ll\b", r"\1 will"),
        (r"\b(you|we|they)'re\b", r"\1 are"),
        (r"\b(i|you|he|she|we|they)'d\b", r"\1 would"),
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: where it stands, its case-folded form, and the term the index knows it by."""

    span: Span
    folded: str
    term: str


_STEMMER = Stemmer.Stemmer("english", 0)


def words(text: str) -> Iterator[Word]:
    """Yield the words of `text` in order, with their places in it."""
    plain = text.translate(_APOSTROPHES)
    for match in _WORD.finditer(plain):
        folded = fold(match[0][:WORD_MAX_CHARS])
        if folded:
            yield Word(Span(match.start(), match.end()), folded, term_of(folded))


def written(text: str) -> list[str]:
    """Return the words of `text` as they are written there."""
    found: list[str] = _WORD.findall(text.translate(_APOSTROPHES))
    return found


def plain_words(text: str) -> Iterator[Word]:
    """Return the words of `text` with contractions written out: "what's" as "what is", "don't" as "do not"."""
    plain = text.lower().translate(_APOSTROPHES)
    for pattern, written_out in _CONTRACTIONS:
        plain = pattern.sub(written_out, plain)
    return words(plain)


def terms(text: str) -> list[str]:
    """Return the terms of `text`, in order, repeated as often as they stand there."""
    return [term_of(fold(match[:WORD_MAX_CHARS])) for match in written(text)]


@lru_cache(maxsize=WORDS_KEPT)
def fold(word: str) -> str:
    """Return `word` normalised (NFKC), case-folded, without a possessive ending or marks of stress."""
    if word in _SIGNS:
        return _SIGNS[word]
    if word.isascii():
        folded = word.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", word.casefold())
        folded = "".join(char for char in decomposed if not unicodedata.combining(char))[:WORD_MAX_CHARS]
    return folded.removesuffix("'s")


@lru_cache(maxsize=WORDS_KEPT)
def term_of(folded: str) -> str:
    """Return the term of a case-folded word: its stem in one spelling, or the number in digits without separators."""
    if folded[:1].isdigit():
        return _ORDINAL_ENDING.sub("", folded.replace(",", ""))
    if folded in NUMBERS:
        return NUMBERS[folded]
    stem = str(_STEMMER.stemWord(IRREGULAR.get(folded, folded)))
    return SPELLINGS.get(stem, stem)


def bigrams(sequence: list[str]) -> list[str]:
    """Return the terms for neighbouring pairs of `sequence`."""
    return [f"{left} {right}" for left, right in zip(sequence, sequence[1:], strict=False)]


def character_terms(folded: str, low: int = 3, high: int = 5) -> tuple[str, ...]:
    """Return the character n-grams of one case-folded word, padded with a space at both ends."""
    padded = f" {folded} "
    length = len(padded)
    grams = [padded[at : at + size] for size in range(low, min(high, length) + 1) for at in range(length - size + 1)]
    return tuple(grams) if grams else (padded,)
