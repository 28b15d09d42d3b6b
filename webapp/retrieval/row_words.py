"""The words of rows, compared with a question and looked at in compiled code."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.retrieval.kernel import Floats, Ints, Numbers, Structure, address, checked


class WordsInRows:
    """The words of an index's rows, one after another; arrays as `webapp.retrieval.index.Index` has them.

    Args:
        compiled: what `library` found.
        first_token, tokens, term_of, first_gram, grams: of the rows.
        frequency: what a count counts; a larger one counts as the last.
        weights: idf and lengths of the rows' n-grams, of the paragraphs' terms, and of the paragraphs' n-grams.
        meanings: what is known of terms and words, what ``kernel.c`` calls meanings, in its order.
    """

    def __init__(
        self,
        compiled: ctypes.PyDLL,
        first_token: Numbers,
        tokens: Ints,
        term_of: Ints,
        first_gram: Numbers,
        grams: Ints,
        *,
        frequency: NDArray[np.float64],
        weights: Sequence[tuple[Floats, Floats]],
        meanings: Sequence[NDArray[Any] | int],
    ) -> None:
        self._compiled = compiled
        lengths = len(first_token) - 1, len(tokens), len(term_of), len(grams)
        of_frequency = frequency, len(frequency)
        self._words = Structure(first_token, tokens, term_of, first_gram, grams, *lengths, *of_frequency)
        self._weights = [Structure(idf, of_texts, len(of_texts)) for idf, of_texts in weights]
        self._meanings = Structure(*meanings)

    def compare(
        self,
        rows: Numbers,
        paragraphs: Ints,
        first: Numbers,
        terms: tuple[Numbers, Numbers],
        grams: tuple[Numbers, Numbers],
    ) -> tuple[Floats, Floats, Floats] | None:
        """Return cosines of rows in n-grams, and of their paragraphs in terms and in n-grams.

        None when it is more than there is room for.

        Args:
            rows: numbers of the rows, those of one paragraph after the other.
            paragraphs: numbers of the paragraphs.
            first: where the rows of each begin.
            terms: numbers of the question's terms, and how often each is said.
            grams: the same of its n-grams.

        Raises:
            Damaged: a row names words that there are not.
        """
        said = [Structure(numbers, counts, len(numbers)) for numbers, counts in (terms, grams)]
        found = [np.empty(length, np.float32) for length in (len(rows), len(paragraphs), len(paragraphs))]
        asked = [np.ascontiguousarray(array) for array in (rows, paragraphs, first)]
        of_rows, of_paragraphs, begins = (address(array) for array in asked)
        done = self._compiled.newsstand_compare(
            *(self._words.packed, of_rows, len(rows), of_paragraphs, begins, len(paragraphs)),
            *(structure.packed for structure in (*said, *self._weights)),
            *(address(array) for array in found),
        )
        return None if checked(done, "words of rows") is None else (found[0], found[1], found[2])

    def terms(self, rows: Numbers, room: int) -> tuple[Ints, Ints, Numbers] | None:
        """Return the different terms of some rows, which of them each word is, and how many words each row has.

        None when there are more than `room` words, or too many terms.

        Raises:
            Damaged: a row names words that there are not.
        """
        rows = np.ascontiguousarray(rows)
        both, lengths = np.empty((2, room), np.int32), np.empty(len(rows), np.int64)
        unique = address(both)
        found = self._compiled.newsstand_terms(
            *(self._words.packed, address(rows), len(rows), room),
            *(unique, unique + both.strides[0], address(lengths)),
        )
        n = checked(found, "words of rows")
        return None if n is None else (both[0, :n], both[1, : int(lengths.sum())], lengths)

    def look(
        self,
        told: tuple[Ints, Ints, Numbers],
        texts: int,
        *,
        asked: Sequence[NDArray[Any] | int],
        terms: int,
        follows: float,
        close: int,
        found: Sequence[NDArray[Any]],
    ) -> bool:
        """Look at rows as `webapp.answering.looking.look` does; return whether there was room for it.

        Args:
            told: what `terms` found.
            texts: in the first so many rows it is seen which words are close.
            asked: what ``kernel.c`` calls a question, in its order.
            terms: how many terms the question has.
            follows: how many neighbours the question has.
            close: words this near each other belong together.
            found: what ``kernel.c`` calls seen, in its order; all 0.

        Raises:
            Damaged: a row names words that there are not.
        """
        unique, inverse, lengths = told
        question, seen, likeness = Structure(*asked), Structure(*found), np.empty(len(unique) * terms, np.float32)
        done = self._compiled.newsstand_look(
            *(self._meanings.packed, question.packed, address(unique), len(unique)),
            *(address(inverse), address(lengths), len(lengths), texts),
            *(follows, close, address(likeness), seen.packed),
        )
        return checked(done, "words of rows") is not None

    def cover(
        self, covering: Sequence[NDArray[Any] | int], found: Sequence[NDArray[Any]], columns: NDArray[np.float64]
    ) -> bool:
        """Tell coverages as `webapp.answering.coverage.cover` does; return whether there was room for it.

        Args:
            covering: what ``kernel.c`` calls so, in its order.
            found: what is to be found but for the sums, in its order.
            columns: gets the sums, a row a candidate.

        Raises:
            Damaged: a term stands where there is none.
        """
        done = self._compiled.newsstand_cover(
            *(Structure(*covering).packed, *(address(array) for array in (*found, columns))),
            columns.strides[0] // columns.itemsize,
        )
        return checked(done, "places of terms") is not None
