"""Typing errors, corrected against the documents' own words; never a word that exists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from webapp.retrieval.language import ENGLISH, Language

SHORTEST = 4
_NOT_SPELT_SO = frozenset("whats hows wheres whos thats theres yourselves whereas".split())


@dataclass(frozen=True)
class Spelling:
    """The words a correction may choose from, by their first letter, most frequent first."""

    language: Language
    by_letter: Mapping[str, tuple[str, ...]]
    known: Collection[str]
    """Terms of the documents."""

    @classmethod
    def build(cls, documents_words: Iterable[str], language: Language) -> Spelling:
        """Collect the words of the documents (case-folded, with repetitions)."""
        return cls.of_counts(Counter(documents_words), language)

    @classmethod
    def of_counts(cls, documents_words: Mapping[str, int], language: Language) -> Spelling:
        """Take the words of the documents, and how often each stands there."""
        counts = {word: n for word, n in documents_words.items() if len(word) >= SHORTEST and word.isalpha()}
        by_letter = defaultdict(list)
        # Function words stand in every text somebody writes, so they come before all others.
        function_words = language.function_words
        ordered = sorted(word for word in function_words - _NOT_SPELT_SO if len(word) >= SHORTEST and word.isalpha())
        ordered += [
            word for word in sorted(counts, key=lambda word: (-counts[word], word)) if word not in function_words
        ]
        for word in ordered:
            by_letter[language.plain(word)[0]].append(word)
        known = frozenset(language.term_of(word) for word in counts)
        return cls(language, {letter: tuple(listed) for letter, listed in by_letter.items()}, known)

    def exists(self, folded: str) -> bool:
        """Return whether a case-folded word is known: in the documents, in the lexicon, or as a function word."""
        if folded in self.language.function_words:
            return True
        term = self.language.term_of(folded)
        # The lexicon is in memory, the documents' words may have to be looked for in a file.
        return term in self.language.lexicon or term in self.known

    def corrections(self, typed: str) -> list[tuple[str, str]]:
        """Return each misspelt word as it was typed, with the documents' word it is taken for, in their order."""
        found = {}
        for word in self.language.spoken(typed):
            correction = self.correction(word.folded)
            if correction is not None:
                found[typed[word.span.start : word.span.end]] = correction
        return list(found.items())

    def correction(self, folded: str) -> str | None:
        """Return the documents' word that `folded` is a misspelling of, or None.

        The distance is optimal string alignment: insertions, deletions, substitutions and swaps of neighbours
        (Damerau 1964). The first letter is taken to be right. A word that lacks nothing but its marks is mended, too.
        """
        if len(folded) < SHORTEST or not folded.isalpha() or self.exists(folded):
            return None
        from rapidfuzz.distance import OSA

        bare = self.language.plain(folded)
        best, best_distance = None, self.language.typing_errors(folded) + 1
        for word in self.by_letter.get(bare[0], ()):
            if word != folded and self.language.plain(word) == bare:
                return word
            if abs(len(word) - len(folded)) < best_distance:
                distance = OSA.distance(folded, word, score_cutoff=best_distance - 1)
                if distance < best_distance:
                    best, best_distance = word, distance
        return best


def corrected(typed: str, corrections: Sequence[tuple[str, str]], language: Language = ENGLISH) -> str:
    """Return a text with each misspelt word replaced."""
    replacement = dict(corrections)
    if not replacement:
        return typed
    pieces, at = [], 0
    for word in language.spoken(typed):
        used = replacement.get(typed[word.span.start : word.span.end])
        if used is not None:
            pieces += [typed[at : word.span.start], used]
            at = word.span.end
    return "".join([*pieces, typed[at:]])
