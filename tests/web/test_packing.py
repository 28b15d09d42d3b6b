"""Texts with blanks, packed once, are unpacked to what was put in."""

from __future__ import annotations

import gzip

import pytest

from webapp.web.packing import FILLER, LENGTHS_KEPT, Packed

A, B = "blank of one", "blank of another"
PAGE = [f"<p>{'The same words again and again. ' * 20}", A, "</p> and the same words again ", B, "", A, " the end"]


def unpacked(packed: Packed, **values: str) -> str | None:
    """Return what a browser makes of it."""
    filled = {A: values["a"], B: values["b"]}
    text = packed.filled(filled)
    sent = packed.packed(filled)
    if sent is None:
        return None
    assert gzip.decompress(sent).decode() == text
    return text


def test_what_is_put_in_comes_out() -> None:
    """Whatever it is: of other lengths, in other scripts, nothing at all."""
    packed = Packed(PAGE)
    assert unpacked(packed, a="first", b="second") == "".join(PAGE).replace(A, "first").replace(B, "second")
    for a, b in (
        ("other", "things"),
        ("\u00fc" * 40, ""),
        ("same words", "again and again. The same"),
        ("\x01\x02\x03", "x"),
    ):
        assert unpacked(packed, a=a, b=b)


def test_it_is_kept_for_a_few_lengths_only() -> None:
    """Ids of all lengths, as somebody may send, do not fill the memory."""
    packed = Packed(PAGE)
    came = [unpacked(packed, a="x" * length, b="") for length in range(LENGTHS_KEPT + 3)]
    assert [text is not None for text in came] == [True] * LENGTHS_KEPT + [False] * 3
    assert unpacked(packed, a="", b="") is not None


@pytest.mark.parametrize("between", [FILLER.decode("latin-1"), "", "12345678" * 3])
def test_nothing_refers_to_what_is_put_in(between: str) -> None:
    """Though it be the same as what stands around it: the next one's is another."""
    packed = Packed(["12345678 begin", A, f"{between} end"])
    for value in ("12345678" * 4, "87654321" * 4, FILLER.decode("latin-1") * 2):
        text = packed.filled({A: value}).encode()
        sent = packed.packed({A: value})
        assert sent is not None and gzip.decompress(sent) == text
