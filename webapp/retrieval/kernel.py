"""The compiled way to add up posting lists and to count words, where it was compiled; NumPy and SciPy do the same.

``deploy/build_kernel.py`` compiles ``kernel.c`` when Newsstand is set up from its source and there is a C compiler.
What was compiled from another ``kernel.c`` is not used.
"""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.sections import Damaged
from webapp.corpus.texts import SortedTexts, encode

SOURCE = Path(__file__).with_name("kernel.c")
LIBRARY = Path(__file__).with_name("kernel.compiled")
BEST_MOST = 1024
"""More rows than this are not looked for."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Numbers = NDArray[np.int64]

_DAMAGED = -1


@cache
def library() -> ctypes.PyDLL | None:
    """Return what was compiled from the source that is there; None when nothing was."""
    address, number, share, text = ctypes.c_void_p, ctypes.c_int64, ctypes.c_float, ctypes.c_char_p
    takes: dict[str, tuple[Any, ...]] = {
        "said": (address, text, number, number, address, address),
        "foremost": (address, text, number, number, address),
        "estimate": (address, address, address, number, number, address, address, address),
        "largest": (address, number, number, address),
        "places": (address, text, number, address),
        "at": (address, address, address, number, address, number, address),
        "standing": (*[address] * 4, number, address, number, number, *[address] * 3),
        "pool": (*[address] * 3, number, number, address, address, number, share, number, number, *[address] * 7),
        "choose": (address, number, *[address] * 5, number),
        "terms": (address, address, number, number, address, address, address),
        "look": (*[address] * 3, number, address, address, number, number, ctypes.c_double, number, address, address),
        "cover": (*[address] * 7, number),
        "compare": (address, address, number, address, address, number, *[address] * 8),
    }
    try:
        # What it does takes microseconds: less than it takes to let other threads run meanwhile, and to be let back in.
        found = ctypes.PyDLL(str(LIBRARY))
        made_from = ctypes.c_uint32.in_dll(found, "newsstand_source").value
        if made_from != zlib.crc32(SOURCE.read_bytes()):
            return None
        for name, types in takes.items():
            function = getattr(found, f"newsstand_{name}")
            function.restype, function.argtypes = number, types
    except (OSError, ValueError, AttributeError):
        return None
    return found


_first_of, _place_of = ctypes.c_char.from_buffer, ctypes.addressof


def address(array: NDArray[Any]) -> int:
    """Return where the content of an array begins, sooner than its ``ctypes`` attribute tells."""
    try:
        return _place_of(_first_of(array.data))
    except (TypeError, ValueError):
        # It is empty, or cannot be written to.
        return int(array.ctypes.data)


class Structure:
    """What ``kernel.c`` reads: addresses of arrays, which are kept, and numbers, eight bytes each, in its order."""

    def __init__(self, *parts: NDArray[Any] | int) -> None:
        self._parts = [part if isinstance(part, int) else np.ascontiguousarray(part) for part in parts]
        values = [part if isinstance(part, int) else address(part) for part in self._parts]
        self.packed = struct.pack(f"{len(values)}q", *values)


def checked(returned: int, what: str) -> int | None:
    """Return how many were found; None when there is not room for so many.

    Raises:
        Damaged: an array names what there is not.
    """
    if returned == _DAMAGED:
        raise Damaged(what)
    return returned if returned >= 0 else None


class Lists:
    """One field's posting lists; many threads may ask at once.

    Args:
        compiled: what `library` found.
        texts: the field's terms.
        idf, starts, rows, weights: as `webapp.retrieval.weighting.TermIndex` has them.
        n_rows: how many rows there are.
        frequency: what a count counts; a larger one counts as the last.
    """

    def __init__(
        self,
        compiled: ctypes.PyDLL,
        texts: SortedTexts,
        idf: Floats,
        starts: Ints,
        rows: Ints,
        weights: Floats,
        n_rows: int,
        frequency: NDArray[np.float64],
    ) -> None:
        self._compiled = compiled
        keys, data, text_starts = texts.arrays
        lists = idf, starts, rows, weights, n_rows, len(rows)
        self.field = Structure(keys, data, text_starts, len(keys), *lists, frequency, len(frequency))
        self._n_rows = n_rows

    def foremost(self, terms: Iterable[str], count: int) -> list[int] | None:
        """Return the rows with the largest cosines; None when it is more than there is room for.

        Raises:
            Damaged: a posting list names rows that there are not.
        """
        asked = _ended(terms)
        rows = (ctypes.c_int32 * count)()
        found = self._compiled.newsstand_foremost(self.field.packed, asked, len(asked), count, rows)
        found = checked(found, "posting lists")
        return None if found is None else rows[:found]

    def places(self, terms: Sequence[str]) -> list[int]:
        """Return the number of each of some terms, -1 for one that is not there."""
        asked = _ended(terms)
        places = (ctypes.c_int64 * len(terms))()
        self._compiled.newsstand_places(self.field.packed, asked, len(asked), places)
        return places[:]

    def said(self, terms: Sequence[str]) -> tuple[Numbers, Numbers]:
        """Return which terms of the field a question says, in the order of their numbers, and how often each."""
        asked = _ended(terms)
        both = np.empty((2, len(terms)), np.int64)
        begin, room = address(both), both.strides[0]
        k = self._compiled.newsstand_said(self.field.packed, asked, len(asked), len(terms), begin, begin + room)
        return both[0, :k], both[1, :k]

    def estimate(self, numbers: Numbers, counts: Numbers, most: int) -> tuple[Floats, Ints, Floats] | None:
        """Return what `webapp.retrieval.weighting.TermIndex.estimate` does: scores, and the lists that were left out.

        None when it is more than there is room for.

        Raises:
            Damaged: a posting list names rows that there are not.
        """
        k = len(numbers)
        scores, edges, weights = np.zeros(self._n_rows, np.float32), np.empty((k, 2), np.int32), np.empty(k, np.float32)
        asked = np.ascontiguousarray(numbers), np.ascontiguousarray(counts)
        addresses = [address(array) for array in (*asked, scores, edges, weights)]
        left = self._compiled.newsstand_estimate(self.field.packed, *addresses[:2], k, most, *addresses[2:])
        left = checked(left, "posting lists")
        return None if left is None else (scores, edges[:left], weights[:left])

    def add(self, found: Floats, edges: Ints, weights: Floats, rows: Ints) -> None:
        """Add what lists say of a few rows to their scores, as `webapp.retrieval.foremost.added_to` does."""
        asked = [np.ascontiguousarray(array) for array in (edges, weights, rows)]
        lists, weighing, of_rows = (address(array) for array in asked)
        done = self._compiled.newsstand_at(
            self.field.packed, lists, weighing, len(weights), of_rows, len(rows), address(found)
        )
        checked(done, "posting lists")


def largest(compiled: ctypes.PyDLL, scores: Floats, count: int) -> Numbers:
    """Return the places of the `count` largest scores, at most `BEST_MOST`, as `webapp.retrieval.foremost` does."""
    places = np.empty(count, np.int64)
    found = compiled.newsstand_largest(address(scores), len(scores), count, address(places))
    return places[:found]


def _ended(terms: Iterable[str]) -> bytes:
    """Return terms as ``kernel.c`` takes them: each ended by a zero byte, which stands in none of them."""
    return encode("\0".join([*terms, ""]))
