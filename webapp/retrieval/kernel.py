"""The compiled way to add up posting lists, where it was compiled; without it NumPy and SciPy do the same.

``deploy/build_kernel.py`` compiles ``kernel.c`` when Newsstand is set up from its source and there is a C compiler.
What was compiled from another ``kernel.c`` is not used.
"""

from __future__ import annotations

import ctypes
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.sections import Damaged
from webapp.corpus.texts import SortedTexts, encode

SOURCE = Path(__file__).with_name("kernel.c")
LIBRARY = Path(__file__).with_name("_kernel.so")
BEST_MOST = 1024
"""More rows than this are not looked for."""

_DAMAGED = -1


class _Field(ctypes.Structure):
    """What ``kernel.c`` calls a field: addresses and lengths of its arrays."""

    _fields_ = [
        ("keys", ctypes.c_void_p),
        ("texts", ctypes.c_void_p),
        ("text_starts", ctypes.c_void_p),
        ("n_terms", ctypes.c_int64),
        ("idf", ctypes.c_void_p),
        ("starts", ctypes.c_void_p),
        ("rows", ctypes.c_void_p),
        ("weights", ctypes.c_void_p),
        ("n_rows", ctypes.c_int64),
        ("n_postings", ctypes.c_int64),
        ("frequency", ctypes.c_void_p),
        ("n_frequency", ctypes.c_int64),
    ]


@cache
def library() -> ctypes.CDLL | None:
    """Return what was compiled from the source that is there; None when nothing was."""
    try:
        found = ctypes.CDLL(str(LIBRARY))
        made_from = ctypes.c_uint32.in_dll(found, "newsstand_source").value
        if made_from != zlib.crc32(SOURCE.read_bytes()):
            return None
    except (OSError, ValueError):
        return None
    found.newsstand_foremost.restype = ctypes.c_int64
    found.newsstand_foremost.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int64,
        ctypes.c_int64,
        ctypes.c_void_p,
    ]
    return found


class Kernel:
    """Asks one field's posting lists; many threads may ask at once.

    Args:
        compiled: what `library` found.
        texts: the field's terms.
        idf, starts, rows, weights: as `webapp.retrieval.weighting.TermIndex` has them.
        n_rows: how many rows there are.
        frequency: what a count counts; a larger one counts as the last.
    """

    def __init__(
        self,
        compiled: ctypes.CDLL,
        texts: SortedTexts,
        idf: NDArray[np.float32],
        starts: NDArray[np.int32],
        rows: NDArray[np.int32],
        weights: NDArray[np.float32],
        n_rows: int,
        frequency: NDArray[np.float64],
    ) -> None:
        self._foremost = compiled.newsstand_foremost
        keys, data, text_starts = texts.arrays
        lists = idf, starts, rows, weights
        self._kept = tuple(map(np.ascontiguousarray, (keys, data, text_starts, *lists, frequency)))
        address = [array.ctypes.data for array in self._kept]
        self._field = _Field(*address[:3], len(keys), *address[3:7], n_rows, len(rows), address[7], len(frequency))
        self._address = ctypes.addressof(self._field)

    def foremost(self, terms: Iterable[str], count: int) -> list[int] | None:
        """Return the rows with the largest cosines; None when it is more than there is room for.

        Raises:
            Damaged: a posting list names rows that there are not.
        """
        asked = b"".join([encode(term) + b"\0" for term in terms])
        rows = (ctypes.c_int32 * count)()
        found = self._foremost(self._address, asked, len(asked), count, rows)
        if found == _DAMAGED:
            raise Damaged("posting lists")
        return rows[:found] if found >= 0 else None
