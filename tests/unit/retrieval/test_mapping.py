"""Posting lists are mapped before they are asked for."""

from __future__ import annotations

import ctypes
import mmap
import resource
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import answering_from, fields_of
from webapp.corpus.library import read_folder
from webapp.corpus.sections import Sections, SectionWriter
from webapp.retrieval import mapping
from webapp.retrieval.mapping import map_in
from webapp.retrieval.saving import open_field, save_field
from webapp.retrieval.weighting import TermIndex

SEEDS = Path(__file__).parents[3] / "seeds"
ROWS = 200_000


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> TermIndex:
    """A field of some megabytes, in a file."""
    file = tmp_path_factory.mktemp("mapped") / "arrays.bin"
    with file.open("xb") as handle:
        writer = SectionWriter(handle)
        save_field(writer, "field", TermIndex.fit([f"word{row % 97}", f"other{row % 89}"] for row in range(ROWS)))
    return open_field(Sections(file, writer.sections), "field")


def knows_of_it() -> bool:
    """Whether this system maps pages when it is told to (Linux 5.14)."""
    page = mmap.mmap(-1, mmap.PAGESIZE)
    try:
        page.madvise(mapping._POPULATE_READ)
    except OSError:
        return False
    return True


def faults_of_reading(field: TermIndex) -> int:
    """How often this thread had to wait until a page was mapped."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    assert int(field.rows.max()) == ROWS - 1
    assert 0 < float(field.weights.min()) <= 1
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


@pytest.mark.skipif(not knows_of_it(), reason="this system maps pages when they are read")
def test_pages_are_there_before_they_are_read(field: TermIndex) -> None:
    map_in([field])
    assert faults_of_reading(field) < field.rows.nbytes / (64 * 1024) / 2


def test_no_more_than_there_is_room_for(field: TermIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []

    def advise(at: int, length: int, how: int) -> int:
        told.append((at, length))
        return 0

    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(madvise=SimpleCall(advise)))
    monkeypatch.setattr(mapping, "MOST_BYTES", field.rows.nbytes + 10_000)
    map_in([field, field])
    assert all(at % mmap.PAGESIZE == 0 for at, _ in told)
    assert field.rows.nbytes + 10_000 <= sum(length for _, length in told) <= field.rows.nbytes + 10_000 + 4 * 4096


class SimpleCall:
    """A function of a C library, whose types are told."""

    argtypes: Any = None

    def __init__(self, call: Any) -> None:
        self._call = call

    def __call__(self, *args: int) -> int:
        return int(self._call(*args))


@pytest.mark.parametrize("library", [SimpleNamespace(), SimpleNamespace(madvise=SimpleCall(lambda *_: -1))])
def test_a_system_that_does_not_know_it_goes_on(
    field: TermIndex, library: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    map_in([field])
    assert len(field.foremost(["word1"], 3)) == 3


def test_what_a_server_maps() -> None:
    answerer = answering_from(read_folder(SEEDS).corpus)
    assert isinstance(answerer, Answerer)
    index = answerer.index
    assert list(fields_of(answerer)) == [index.row_words, index.document_words, index.document_characters]
    map_in(fields_of(answerer))


def test_nothing_is_mapped_of_nothing() -> None:
    weights, rows, starts = np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(1, np.int32)
    empty = TermIndex({}, weights, starts, rows, weights, 0)
    map_in([empty])
