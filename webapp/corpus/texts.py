"""Texts in mapped arrays: nothing is unpacked before it is asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.corpus.sections import Damaged, Sections, SectionWriter

KEY_BYTES = 8
"""So many bytes of a text decide in most cases; only texts that begin alike are compared as a whole."""


class Texts:
    """Texts one after another as UTF-8, and where each begins; shapes ``(n_bytes,)`` and ``(n_texts + 1,)``."""

    def __init__(self, data: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        """Look at arrays.

        Raises:
            Damaged: places are out of order.
        """
        if not len(starts) or starts[0] != 0 or starts[-1] != len(data) or bool((starts[1:] < starts[:-1]).any()):
            raise Damaged("places of texts")
        self.arrays = data, starts
        self._data = data.data
        self._starts = starts.data

    @classmethod
    def open(cls, sections: Sections, name: str) -> Texts:
        """Open what `save_texts` wrote."""
        return cls(sections[f"{name}.data"], sections[f"{name}.starts"])

    def __len__(self) -> int:
        return len(self._starts) - 1

    def bytes_at(self, place: int) -> bytes:
        """Return one text as it is kept."""
        return bytes(self._data[self._starts[place] : self._starts[place + 1]])

    def at(self, place: int) -> str:
        """Return one text."""
        return self.bytes_at(place).decode("utf-8", "surrogatepass")


def save_texts(writer: SectionWriter, name: str, texts: Iterable[str], *, bulk: bool = False) -> None:
    """Write texts, in their order."""
    encoded = [encode(text) for text in texts]
    starts = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(data) for data in encoded], out=starts[1:])
    writer.put(f"{name}.data", np.frombuffer(b"".join(encoded), np.uint8), bulk=bulk)
    writer.put(f"{name}.starts", starts)


def encode(text: str) -> bytes:
    """Return a text as it is kept; half of a character pair has a form, too."""
    return text.encode("utf-8", "surrogatepass")


class SortedTexts(Mapping[str, int]):
    """Texts in the order of their characters, each with its place in that order, found by bisection.

    The first bytes of each text as a number, shape ``(n_texts,)``, are looked through before the texts themselves.
    """

    def __init__(self, texts: Texts, keys: NDArray[np.uint64]) -> None:
        if len(keys) != len(texts):
            raise Damaged("keys of texts")
        self._texts = texts
        self._numbers = keys
        self._keys = keys.data

    @classmethod
    def open(cls, sections: Sections, name: str) -> SortedTexts:
        """Open what `save_sorted` wrote."""
        return cls(Texts.open(sections, name), sections[f"{name}.keys"])

    def __getitem__(self, text: str) -> int:
        # As with a dictionary, anything may be asked for.
        if not isinstance(text, str):
            raise KeyError(text)
        data = encode(text)
        keys, key = self._keys, _key(data)
        low = bisect_left(keys, key)
        if low < len(keys) and keys[low] == key:
            # Most texts are alone with their first bytes.
            if self._texts.bytes_at(low) == data:
                return low
            high = bisect_right(keys, key, low)
            place = bisect_left(range(high), data, low, high, key=self._texts.bytes_at)
            if place < high and self._texts.bytes_at(place) == data:
                return place
        raise KeyError(text)

    @property
    def arrays(self) -> tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int64]]:
        """The first bytes of each text as a number, all texts, and where each begins."""
        return self._numbers, *self._texts.arrays

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        return (self._texts.at(place) for place in range(len(self)))

    def places(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return the places of several texts, -1 for one that is not there: sooner than one after the other."""
        encoded = [encode(text) for text in texts]
        keys = keys_of(encoded)
        low = np.searchsorted(self._numbers, keys)
        like = np.searchsorted(self._numbers, keys, side="right") - low
        found = np.where(like > 0, low, -1)
        for place in np.flatnonzero(like).tolist():
            # Where first bytes do not decide, whole texts do.
            if like[place] > 1 or self._texts.bytes_at(low[place]) != encoded[place]:
                found[place] = self.get(texts[place], -1)
        return found


def save_sorted(writer: SectionWriter, name: str, texts: Iterable[str]) -> None:
    """Write texts that are in the order of their characters, each once."""
    listed = list(texts)
    encoded = [encode(text) for text in listed]
    if any(left >= right for left, right in pairwise(encoded)):
        raise ValueError(f"the texts of {name!r} are out of order")
    save_texts(writer, name, listed)
    writer.put(f"{name}.keys", keys_of(encoded))


def keys_of(encoded: Iterable[bytes]) -> NDArray[np.uint64]:
    """Return the first bytes of each text as a number."""
    return np.fromiter((_key(data) for data in encoded), np.uint64)


def _key(data: bytes) -> int:
    return int.from_bytes(data[:KEY_BYTES].ljust(KEY_BYTES, b"\0"), "big")


class TextGroups(Mapping[str, tuple[str, ...]]):
    """Lists of texts by their names; each is unpacked when it is first asked for."""

    def __init__(self, names: Sequence[str], texts: Texts, first: NDArray[Any]) -> None:
        if len(first) != len(names) + 1 or first[-1] != len(texts):
            raise Damaged("groups of texts")
        self._places = {name: place for place, name in enumerate(names)}
        self._texts, self._first = texts, first
        self._unpacked: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        known = self._unpacked.get(name)
        if known is None:
            place = self._places[name]
            listed = range(int(self._first[place]), int(self._first[place + 1]))
            known = self._unpacked[name] = tuple(self._texts.at(at) for at in listed)
        return known

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)
