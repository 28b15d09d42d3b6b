"""The passages that are foremost by all that is known of rows and documents, looked for in compiled code."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.retrieval.kernel import Floats, Ints, Lists, Numbers, Structure, address, checked

ROOM = 1 << 14
"""So many rows of passages are found in compiled code."""
PLACES = 1 << 13
"""So many places of terms are."""


class PassagesInOrder:
    """The passages of an index; arrays as `webapp.retrieval.index.Index` has them."""

    def __init__(
        self,
        compiled: ctypes.PyDLL,
        first_passage: Numbers,
        document_of: Ints,
        first_row: Numbers,
        row_passage: Ints,
        paragraph_of: Ints,
    ) -> None:
        self._compiled = compiled
        lengths = len(first_passage) - 1, len(document_of), len(row_passage)
        self._passages = Structure(first_passage, document_of, first_row, row_passage, paragraph_of, *lengths)

    def pool(
        self,
        by_row: Floats,
        by_document: Floats,
        *,
        documents: int,
        rows: int,
        local: tuple[Ints, Floats, float],
        count: int,
    ) -> tuple[Numbers, Numbers, Numbers, Ints, Numbers, Numbers] | None:
        """Return what ``webapp.answering.candidates`` calls a pool, in its order.

        None when it is more than there is room for.

        Args:
            by_row: the score of each row.
            by_document: the score of each document.
            documents: passages of so many foremost documents are looked at.
            rows: so are those of so many foremost rows, unless they hold nothing.
            local: passages, in order, the share that each holds, and what that counts.
            count: so many of them are foremost.

        Raises:
            Damaged: there are no such rows or documents.
        """
        passages, shares, share = local
        asked = [np.ascontiguousarray(array) for array in (by_row, by_document, passages, shares)]
        of_rows, of_documents, of_local, held = (address(array) for array in asked)
        found, paragraphs = np.empty((5, ROOM + 1), np.int64), np.empty(ROOM, np.int32)
        counts = np.empty(3, np.int64)
        begin, line = address(found), found.strides[0]
        done = self._compiled.newsstand_pool(
            *(self._passages.packed, of_rows, of_documents, documents, rows),
            *(of_local, held, len(passages), share, count, ROOM),
            *range(begin, begin + 5 * line, line),
            *(address(paragraphs), address(counts)),
        )
        if checked(done, "places of passages") is None:
            return None
        p, q, r = counts.tolist()
        whole, paragraph_of, first_row, first_of_paragraph, there = found
        return whole[:p], there[:r], first_row[: p + 1], paragraphs[:q], paragraph_of[:p], first_of_paragraph[:q]

    def standing(
        self, lists: Lists, numbers: Numbers, slots: Numbers, documents: NDArray[np.integer[Any]]
    ) -> tuple[Ints, Numbers, Numbers] | None:
        """Return where terms stand in documents, as `webapp.answering.coverage.standing` does.

        None when that is at more places than there is room for.

        Raises:
            Damaged: a posting list names rows that there are not.
        """
        asked = [np.ascontiguousarray(array, np.int64) for array in (numbers, slots, documents)]
        number, slot, document = (address(array) for array in asked)
        passages, places = np.empty(PLACES, np.int32), np.empty((2, PLACES), np.int64)
        begin = address(places)
        found = self._compiled.newsstand_standing(
            *(lists.field.packed, self._passages.packed, number, slot, len(numbers), document, len(documents), PLACES),
            *(address(passages), begin, begin + places.strides[0]),
        )
        n = checked(found, "posting lists")
        return None if n is None else (passages[:n], places[0, :n], places[1, :n])

    def choose(
        self, choosing: Sequence[NDArray[Any] | int], count: int
    ) -> tuple[Numbers, Ints, Numbers, Numbers, Floats] | None:
        """Return what ``webapp.answering.candidates`` knows of the foremost passages of a pool, in its order.

        The likeness of texts, questions, paragraphs and documents comes in words, then in letters, shape ``(8, n)``.
        None when that is more than there is room for.

        Args:
            choosing: what ``kernel.c`` calls so, in its order.
            count: so many passages are foremost.

        Raises:
            Damaged: there are no such documents.
        """
        found, alike = np.empty((3, count), np.int64), np.empty((8, count), np.float32)
        documents, begin, line = np.empty(count, np.int32), address(found), found.strides[0]
        done = self._compiled.newsstand_choose(
            *(Structure(*choosing).packed, count, begin, address(documents), begin + line, begin + 2 * line),
            *(address(alike), count),
        )
        n = checked(done, "documents of passages")
        if n is None:
            return None
        passages, text_rows, question_rows = found[:, :n]
        return passages, documents[:n], text_rows, question_rows, alike[:, :n]
