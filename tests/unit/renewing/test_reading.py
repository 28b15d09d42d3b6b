"""A folder that is read again becomes a generation, when there is anything new."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import pytest

from webapp.answering.reply import Outcome
from webapp.answering.saved import open_index
from webapp.corpus.library import read_folder
from webapp.corpus.walking import walk
from webapp.renewing import reading
from webapp.renewing.generations import Generations, Reading
from webapp.renewing.reading import differs, publish, read_again

FERRY = "date 2024-01-02 The ferry runs all night from June.\n"
BUS = "date 2024-01-02 The bus to Aldmoor runs all day from July.\n"


class Served:
    """A folder of documents with its generations."""

    def __init__(self, folder: Path) -> None:
        self.seeds = folder / "seeds"
        self.generations = Generations(folder / "generations")
        self.generations.folder.mkdir()
        self.seeds.mkdir()
        self.write("a.txt", FERRY)
        library = read_folder(self.seeds)
        publish(self.generations, library, time.time())

    def write(self, name: str, content: str | bytes) -> None:
        file = self.seeds / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(file, (1_500_000_000, 1_500_000_000))

    def read(self) -> bool:
        settled = {file.shown: file.signature for file in walk(self.seeds)}
        return read_again(
            self.generations,
            self.seeds,
            max_bytes=1_000_000,
            target_precision=0.9,
            settled=settled,
            waiting=["slow.txt"],
            began=7.0,
        )

    def noted(self) -> Reading:
        found = self.generations.reading()
        assert found is not None
        return found


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The first generation, of one document; this process keeps its priority."""
    monkeypatch.setattr(os, "nice", lambda _: 0)
    return Served(tmp_path)


def test_a_change_makes_a_generation(served: Served) -> None:
    """The new index answers what only the new documents tell."""
    served.write("b.txt", BUS)
    assert served.read()
    assert served.noted() == Reading(7.0, 2, True, 2, 0, 0, [], ["slow.txt"])
    saved = open_index(served.generations.index(2), target_precision=0.9)
    assert not differs(saved.library, read_folder(served.seeds))
    assert list(saved.library.corpus.documents) == list(read_folder(served.seeds).corpus.documents)
    assert saved.answerer.ask("When does the bus to Aldmoor run?").outcome is not Outcome.ABSTAINED


def test_nothing_new_makes_none(served: Served) -> None:
    """But is noted, for whoever asked."""
    assert served.read()
    assert served.noted() == Reading(7.0, 1, False, 1, 0, 0, [], ["slow.txt"])


def test_a_problem_makes_a_generation_without_indexing_anew(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The pages tell it; the log does so once."""

    def failing(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(reading, "build_and_save", failing)
    served.write("a.txt", b"\xff")
    with caplog.at_level(logging.WARNING):
        assert served.read()
        assert len(caplog.records) == 2
        assert served.read()
    assert len(caplog.records) == 2
    assert served.noted().errors == served.noted().warnings == 1
    saved = open_index(served.generations.index(2), target_precision=0.9)
    assert [document.id for document in saved.answerer.corpus.documents] == ["a"]


def test_what_cannot_be_written_leaves_the_generation_before(
    served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told in the log, and to whoever asked."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reading, "build_and_save", full)
    served.write("b.txt", BUS)
    with caplog.at_level(logging.ERROR):
        assert not served.read()
    assert "No space left" in caplog.text
    assert "No space left" in served.noted().failure
    assert served.generations.current().number == 1
