"""A file of named arrays, mapped when it is opened: every process that opens it shares its pages.

The directory of the sections (type, shape, place, checksum of each) is kept by whoever writes the file; nothing in the
file itself says what it is.
"""

from __future__ import annotations

import mmap
import os
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

ALIGNMENT = 64
"""Sections begin at multiples of this many bytes: a line of the processor's cache."""
PIECE_BYTES = 1 << 24
"""What is written or checked at once."""
TYPES = frozenset(("|b1", "|i1", "|u1", "<u4", "<i4", "<i8", "<u8", "<f4", "<f8"))


Keep = Callable[[NDArray[Any]], NDArray[Any]]
"""Takes an array that will be needed later, and returns what stands for it until then."""


def as_it_is(array: NDArray[Any]) -> NDArray[Any]:
    """Keep an array in memory."""
    return array


class SavedIndexError(ValueError):
    """A saved index cannot be used; the message says what to do."""


class Damaged(SavedIndexError):
    """What is in the file is not what was written."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The saved index is damaged ({what}). Build it again with “newsstand index”.")


@dataclass(frozen=True, slots=True)
class Section:
    """Where an array stands in the file, and what it is."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    crc32: int
    bulk: bool
    """Whether it is so large that it is not read when a file is opened that nobody has touched."""

    @property
    def size_bytes(self) -> int:
        """How many bytes it has."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize

    def as_json(self) -> list[Any]:
        """Return it as plain JSON types."""
        return [self.dtype, list(self.shape), self.offset, self.crc32, self.bulk]

    @classmethod
    def from_json(cls, value: Any) -> Section:
        """Read what `as_json` gave.

        Raises:
            Damaged: it is something else.
        """
        try:
            dtype, shape, offset, crc32, bulk = value
            section = cls(dtype, tuple(shape), offset, crc32, bulk)
            numbers = (*section.shape, offset, crc32)
        except (TypeError, ValueError):
            raise Damaged("its directory") from None
        whole = all(type(number) is int and number >= 0 for number in numbers)
        if dtype not in TYPES or not whole or offset % ALIGNMENT or type(bulk) is not bool:
            raise Damaged("its directory")
        return section


class SectionWriter:
    """Writes arrays one after another."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._kept: dict[int, tuple[NDArray[Any], Section]] = {}
        self.sections: dict[str, Section] = {}

    def keep(self, array: NDArray[Any]) -> NDArray[Any]:
        """Write an array now that is given a name later, when `put` gets what is returned: its mapped likeness."""
        if not array.size:
            return array
        section = self._write([array], array.dtype, array.shape, bulk=True)
        self._file.flush()
        mapped = np.memmap(self._file.name, section.dtype, "r", section.offset, section.shape)
        self._kept[id(mapped)] = mapped, section
        return mapped

    def put(self, name: str, array: NDArray[Any], *, bulk: bool = False) -> None:
        """Write one array."""
        kept = self._kept.get(id(array))
        if kept is not None:
            self._name(name, replace(kept[1], bulk=bulk))
            return
        self._name(name, self._write([array], array.dtype, array.shape, bulk=bulk))

    def put_pieces(self, name: str, pieces: Iterable[NDArray[Any]], dtype: Any, *, bulk: bool = False) -> None:
        """Write one array of a single dimension whose content comes in pieces, in order."""
        self._name(name, self._write(pieces, dtype, None, bulk=bulk))

    def _name(self, name: str, section: Section) -> None:
        if name in self.sections:
            raise ValueError(f"two sections are called {name!r}")
        self.sections[name] = section

    def _write(self, pieces: Iterable[NDArray[Any]], dtype: Any, shape: Sequence[int] | None, *, bulk: bool) -> Section:
        little = np.dtype(dtype).newbyteorder("<")
        self._file.write(bytes(-self._file.tell() % ALIGNMENT))
        offset, crc32, written = self._file.tell(), 0, 0
        for piece in pieces:
            plain = np.ascontiguousarray(piece, little).reshape(-1).view(np.uint8)
            for at in range(0, len(plain), PIECE_BYTES):
                part = plain[at : at + PIECE_BYTES].data
                crc32 = zlib.crc32(part, crc32)
                self._file.write(part)
            written += len(plain)
        lengths = tuple(shape) if shape is not None else (written // little.itemsize,)
        section = Section(little.str, lengths, offset, crc32, bulk)
        if written != section.size_bytes or section.dtype not in TYPES:
            raise ValueError("a section is not what it was said to be")
        return section


class Sections(Mapping[str, NDArray[Any]]):
    """The arrays of a file, mapped; none can be written to."""

    def __init__(self, file: Path, sections: Mapping[str, Section]) -> None:
        """Map a file.

        Raises:
            Damaged: a section does not lie within the file.
            OSError: the file cannot be opened.
        """
        self._sections = sections
        with open(file, "rb") as handle:
            size_bytes = os.fstat(handle.fileno()).st_size
            if not size_bytes or any(one.offset + one.size_bytes > size_bytes for one in sections.values()):
                raise Damaged("its file is cut off")
            self._map = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)

    def __getitem__(self, name: str) -> NDArray[Any]:
        try:
            section = self._sections[name]
        except KeyError:
            raise Damaged(f"it lacks “{name}”") from None
        flat: NDArray[Any] = np.frombuffer(self._map, section.dtype, prod(section.shape), section.offset)
        return flat.reshape(section.shape)

    def __iter__(self) -> Any:
        return iter(self._sections)

    def __len__(self) -> int:
        return len(self._sections)

    def check(self, *, bulk: bool) -> None:
        """Compare sections with their checksums, with or without the large ones.

        Raises:
            Damaged: one is not what was written.
        """
        with memoryview(self._map) as whole:
            for name, section in self._sections.items():
                if section.bulk and not bulk:
                    continue
                crc32, end = 0, section.offset + section.size_bytes
                for at in range(section.offset, end, PIECE_BYTES):
                    crc32 = zlib.crc32(whole[at : min(at + PIECE_BYTES, end)], crc32)
                if crc32 != section.crc32:
                    raise Damaged(f"“{name}” is not what was written")
