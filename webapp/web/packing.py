"""A text with blanks, packed once: each time it is sent, only what stands in the blanks is put in.

Blocks of gzip are compressed, or stored as they are. What stands between the blanks is compressed as one text with
fillers as long as what belongs into them, so that it may refer across them. Fillers are of bytes that no text has in
UTF-8, so that nothing refers to one, and whatever is stored in its place is right.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence

HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""Of gzip, without a name or a time."""
EMPTY_BLOCK = b"\x00\x00\xff\xff"
"""How a flush ends: a stored block of no bytes, which becomes one of as many as are put in."""
FILLER = bytes(range(0xF8, 0x100))
"""Bytes that UTF-8 does not have."""
LENGTHS_KEPT = 4
"""For how many combinations of lengths a text is kept packed: ids have one, dates a few."""
LEVEL = 9
STORED_MAX_BYTES = 0xFFFF


class Packed:
    """A text with blanks.

    Args:
        pieces: what stands between the blanks, and the names of the blanks, in turn.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = pieces
        self._between, self._blanks = [piece.encode() for piece in pieces[::2]], pieces[1::2]
        self._kept: dict[tuple[int, ...], list[bytes]] = {}

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the text."""
        return "".join([values.get(piece, piece) for piece in self._pieces])

    def packed(self, values: Mapping[str, str]) -> bytes | None:
        """Return the text as gzip packs it; None where it has to be packed as any other."""
        encoded = {name: value.encode() for name, value in values.items()}
        put_in = [encoded[name] for name in self._blanks]
        lengths = tuple(map(len, put_in))
        blocks = self._kept.get(lengths)
        if blocks is None:
            if len(self._kept) >= LENGTHS_KEPT or max(lengths, default=0) > STORED_MAX_BYTES:
                return None
            blocks = self._kept[lengths] = _blocks(self._between, lengths)
        text = _in_turn(self._between, put_in)
        return b"".join((HEAD, _in_turn(blocks, put_in), struct.pack("<LL", zlib.crc32(text), len(text))))


def _in_turn(between: Sequence[bytes], put_in: Sequence[bytes]) -> bytes:
    """Return what stands between the blanks, with what stands in each behind it."""
    together = [b""] * (len(between) + len(put_in))
    together[::2], together[1::2] = between, put_in
    return b"".join(together)


def _blocks(between: Sequence[bytes], lengths: Sequence[int]) -> list[bytes]:
    """Return what stands between the blanks, compressed, each but the last with the head of a stored block."""
    compressing = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL)
    made = []
    for piece, length in zip(between[:-1], lengths, strict=True):
        block = compressing.compress(piece) + compressing.flush(zlib.Z_SYNC_FLUSH)
        block = block.removesuffix(EMPTY_BLOCK) if block else b"\x00"
        made.append(block + struct.pack("<HH", length, STORED_MAX_BYTES - length))
        compressing.compress((FILLER * (length // len(FILLER) + 1))[:length])
        compressing.flush(zlib.Z_SYNC_FLUSH)
    made.append(compressing.compress(between[-1]) + compressing.flush())
    return made
