"""One language: how its texts become terms, which words carry grammar, what its questions ask for.

English has an analyzer, a lexicon and forms of its own; every other language has a Snowball stemmer where there is
one, a list of function words, and a small table of its question words where one was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property, lru_cache

import Stemmer

from webapp.corpus.detection import primary
from webapp.corpus.stop_words import stop_words
from webapp.retrieval import analysis, flags, folding, question_forms
from webapp.retrieval.analysis import WORD_MAX_CHARS, Word
from webapp.retrieval.function_words import FUNCTION_WORDS, POINTS_BACK
from webapp.retrieval.lexicon import Lexicon, empty, load
from webapp.retrieval.question_forms import READ_CHARS, Kind
from webapp.retrieval.segmenting import is_unspaced, pieces
from webapp.retrieval.wording import Forms, forms

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""Snowball stemmers by primary language tag; older releases of PyStemmer lack some."""
MISSPELT_FROM_CHARS = 7
TWO_ERRORS_FROM_CHARS = 5
"""English words of this many letters may have two errors, shorter ones one."""
QUESTIONS_KEPT = 16
"""Questions whose words are kept for a moment."""
_BEING = frozenset(("is", "are", "was", "were", "be", "been"))
_WITHOUT_SPACES = frozenset(("zh", "ja", "th", "lo", "km", "my"))
_NUMBER_SPACES = str.maketrans(dict.fromkeys(" \u00a0\u202f٬"))


class Language:
    """Any language but English. `tag` is its primary tag."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        own = stop_words("no" if tag in ("nb", "nn") else tag)
        folded = {folding.fold(word, tag) for word in own}
        folded |= {folding.alike(word, tag) for word in folded}
        self.function_words = frozenset(own | folded | {folding.plain(word, tag) for word in folded})
        name = STEMMERS.get(tag)
        self._stemmer = Stemmer.Stemmer(name, 0) if name in Stemmer.algorithms() else None
        self.term_of = lru_cache(maxsize=folding.WORDS_KEPT)(self._term_of)
        self.spoken = lru_cache(maxsize=QUESTIONS_KEPT)(self._spoken)

    @property
    def lexicon(self) -> Lexicon:
        """What is known of the meaning of its words."""
        return empty()

    def words(self, text: str) -> Iterator[Word]:
        """Yield the words of `text` in order, with their places in it."""
        for span, written in pieces(text, self.function_words):
            if read := self.read(written):
                yield Word(span, *read)

    def _spoken(self, question: str) -> tuple[Word, ...]:
        """Return the words of a question: it is read several times while it is answered, so the last few are kept."""
        return tuple(self.words(question))

    def written(self, text: str) -> Iterable[str]:
        """Return the words of `text` as they are written there; `read` makes of each what `words` does."""
        return (written for _, written in pieces(text, self.function_words))

    def read(self, written: str) -> tuple[str, str] | None:
        """Return the case-folded form of a word and its term; None for one of which nothing is left."""
        folded = folding.fold(written[:WORD_MAX_CHARS], self.tag)[:WORD_MAX_CHARS]
        return (folding.alike(folded, self.tag), self.term_of(folded)) if folded else None

    def plain_words(self, text: str) -> Iterator[Word]:
        """Yield the words of `text` with contractions written out, where the language has some."""
        return self.words(text)

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text`, in order, repeated as often as they stand there."""
        return [word.term for word in self.words(text)]

    def characters(self, text: str) -> list[str]:
        """Return the character n-grams of every word of `text`."""
        return [gram for word in self.words(text) for gram in self.character_terms(word.folded)]

    def character_terms(self, folded: str) -> tuple[str, ...]:
        """Return the character n-grams of one case-folded word."""
        if is_unspaced(folded):
            return (folded, *folded)
        return analysis.character_terms(self.plain(folded))

    def plain(self, folded: str) -> str:
        """Return a folded word without the marks that are left out in typing."""
        return folding.plain(folded, self.tag)

    def is_number(self, folded: str) -> bool:
        """Return whether a case-folded word is a number, in digits or in words."""
        if folded[:1].isdigit():
            return True
        numbers = self._forms.numbers
        return all(char in numbers for char in folded) if is_unspaced(folded) else self.plain(folded) in numbers

    def leans(self, spoken: Sequence[str]) -> bool:
        """Return whether a question of these case-folded words leans on what was said before."""
        plain = [self.plain(word) for word in spoken]
        return plain[0] in self._forms.leads_on or not self._forms.points_back.isdisjoint(plain) if plain else False

    def typing_errors(self, folded: str) -> int:
        """Return how many typing errors a word may have: few, for without a lexicon nobody knows which words exist."""
        return 1 if len(folded) >= MISSPELT_FROM_CHARS else 0

    def kind_of(self, text: str) -> Kind:
        """Return the kind of answer that a question expects."""
        read = text[:READ_CHARS]
        return self._forms.kind_of(self._spaced(read), read)

    def noun_asked_for(self, text: str, spoken: Sequence[Word]) -> tuple[Word, ...]:
        """Return what "how many" or "which" asks for: the first word of content after it, or the last one before."""
        if self.tag in _WITHOUT_SPACES:
            return ()
        place = self._forms.place_of(self._spaced(text[:READ_CHARS]))
        content = [at for at, word in enumerate(spoken) if word.folded not in self.function_words]
        after = next((at for at in content if at >= place), None)
        chosen = after if after is not None else max(content, default=None)
        return () if chosen is None else (spoken[chosen],)

    def row_flags(self, text: str) -> int:
        """Return what the wording of a text shows."""
        read = text[: flags.READ_CHARS]
        return self._forms.row_flags(self._spaced(read), read)

    def _term_of(self, folded: str) -> str:
        if folded[:1].isdigit():
            return _number(folded)
        stem = folded if self._stemmer is None else str(self._stemmer.stemWord(folded))
        return self.plain(stem) or folded

    @cached_property
    def _forms(self) -> Forms:
        return forms(self.tag, self._plain_of, spaces=self.tag not in _WITHOUT_SPACES)

    def _plain_of(self, word: str) -> str:
        return self.plain(folding.fold(word, self.tag))

    def _spaced(self, text: str) -> str:
        """Return the plain words of `text` with one space before and after each, or the text where none are used."""
        if self.tag in _WITHOUT_SPACES:
            return text
        return f" {' '.join(self.plain(word.folded) for word in self.words(text))} "


class English(Language):
    """English, with the analyzer, the lexicon and the question forms that were made for it."""

    def __init__(self) -> None:
        self.tag = "en"
        self.function_words = FUNCTION_WORDS
        self.term_of = analysis.term_of
        self.spoken = lru_cache(maxsize=QUESTIONS_KEPT)(self._spoken)

    @property
    def lexicon(self) -> Lexicon:
        """What WordNet knows of its words."""
        return load()

    def words(self, text: str) -> Iterator[Word]:
        """Yield the words of `text` in order, with their places in it."""
        return analysis.words(text)

    def written(self, text: str) -> Iterable[str]:
        """Return the words of `text` as they are written there."""
        return analysis.written(text)

    def read(self, written: str) -> tuple[str, str] | None:
        """Return the case-folded form of a word and its term; None for one of which nothing is left."""
        folded = analysis.fold(written[:WORD_MAX_CHARS])
        return (folded, analysis.term_of(folded)) if folded else None

    def plain_words(self, text: str) -> Iterator[Word]:
        """Yield the words of `text` with contractions written out."""
        return analysis.plain_words(text)

    def terms(self, text: str) -> list[str]:
        """Return the terms of `text`, in order, repeated as often as they stand there."""
        return analysis.terms(text)

    def character_terms(self, folded: str) -> tuple[str, ...]:
        """Return the character n-grams of one case-folded word."""
        return analysis.character_terms(folded)

    def plain(self, folded: str) -> str:
        """Return the word as it is: folding has taken its marks."""
        return folded

    def is_number(self, folded: str) -> bool:
        """Return whether a case-folded word is a number, in digits or in words."""
        return flags.is_number(folded)

    def leans(self, spoken: Sequence[str]) -> bool:
        """Return whether one of these words leans on what was said before.

        "Is there" says only that something is, and in "the bus that leaves" a clause is joined.
        """
        beside = zip(("", *spoken), spoken, (*spoken[1:], ""), strict=False)
        return any(word in POINTS_BACK and not self._joins(before, word, after) for before, word, after in beside)

    def _joins(self, before: str, word: str, after: str) -> bool:
        if word == "there":
            return before in _BEING or after in _BEING
        return word == "that" and bool(before and after) and before not in self.function_words

    def typing_errors(self, folded: str) -> int:
        """Return how many typing errors a word may have."""
        return 2 if len(folded) >= TWO_ERRORS_FROM_CHARS else 1

    def kind_of(self, text: str) -> Kind:
        """Return the kind of answer that a question expects."""
        return question_forms.kind_of(text)

    def row_flags(self, text: str) -> int:
        """Return what the wording of a text shows."""
        return flags.row_flags(text)


def _number(folded: str) -> str:
    """Return a number without separators of thousands, its decimals behind a point."""
    bare = folded.translate(_NUMBER_SPACES).replace("٫", ".")
    whole, *rest = bare.replace(",", ".").split(".")
    if rest and all(part.isdigit() and len(part) == 3 for part in rest) and whole != "0":
        return whole + "".join(rest)
    return bare.replace(",", ".")


@cache
def language_of(tag: str) -> Language:
    """Return the language of a BCP 47 tag, by its primary part."""
    return English() if primary(tag) == "en" else Language(primary(tag))


ENGLISH = language_of("en")
