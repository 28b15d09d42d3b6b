"""Has the system map the pages of posting lists at once, before somebody asks.

Each process pays for its first look at every 64 kB of a mapped file, 3 to 10 microseconds on one machine; a question
over a million passages, which takes 45, looks at seven such places.
"""

from __future__ import annotations

import ctypes
import mmap
from collections.abc import Iterable

from webapp.retrieval.kernel import address
from webapp.retrieval.weighting import TermIndex

MOST_BYTES = 256 * 1024 * 1024
"""So much of an index is mapped; the system's tables of that take half a megabyte for each process."""
_PIECE_BYTES = 16 * 1024 * 1024
_POPULATE_READ = 22
"""MADV_POPULATE_READ, see madvise(2): since Linux 5.14. Elsewhere pages are mapped when they are read."""


def map_in(fields: Iterable[TermIndex]) -> None:
    """Map the posting lists of fields, one field after the other, as far as there is room; other threads go on.

    What is not in memory is read from the disk.
    """
    try:
        advise = ctypes.CDLL(None).madvise
    except (OSError, AttributeError):
        return
    advise.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    left = MOST_BYTES
    for field in fields:
        for array in (field.rows, field.weights):
            begin = address(array)
            end = begin + min(array.nbytes, left)
            left -= end - begin
            for at in range(begin - begin % mmap.PAGESIZE, end, _PIECE_BYTES):
                if advise(at, min(_PIECE_BYTES, end - at), _POPULATE_READ):
                    return
