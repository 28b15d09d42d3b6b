"""The passages that are foremost by all that is known of rows and documents, looked for in compiled code."""

from __future__ import annotations

import ctypes

import numpy as np

from webapp.retrieval.kernel import Floats, Ints, Numbers, Structure, checked

ROOM = 1 << 14
"""So many rows of passages are found in compiled code."""


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
        of_rows, of_documents, of_local, held = (array.ctypes.data for array in asked)
        found, paragraphs = np.empty((5, ROOM + 1), np.int64), np.empty(ROOM, np.int32)
        counts = np.empty(3, np.int64)
        address, line = found.ctypes.data, found.strides[0]
        done = self._compiled.newsstand_pool(
            *(self._passages.address, of_rows, of_documents, documents, rows),
            *(of_local, held, len(passages), share, count, ROOM),
            *range(address, address + 5 * line, line),
            *(paragraphs.ctypes.data, counts.ctypes.data),
        )
        if checked(done, "places of passages") is None:
            return None
        p, q, r = counts.tolist()
        whole, paragraph_of, first_row, first_of_paragraph, there = found
        return whole[:p], there[:r], first_row[: p + 1], paragraphs[:q], paragraph_of[:p], first_of_paragraph[:q]
