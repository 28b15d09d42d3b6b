"""A worker follows the generations, whatever happens to their folder."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from webapp.renewing.following import Follower
from webapp.renewing.generations import Generation, Generations


class Worker:
    """Takes up generations, or cannot."""

    def __init__(self, folder: Path) -> None:
        (folder / "workers").mkdir()
        self.generations = Generations(folder)
        self.publish()
        self.taken: list[int] = []
        self.is_broken = False
        self.follower = Follower(self.generations, 1, self.take_up)

    def publish(self) -> None:
        self.generations.publish(Path.mkdir, {}, 0.0)

    def take_up(self, generation: Generation) -> None:
        if self.is_broken:
            raise RuntimeError
        self.taken.append(generation.number)


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    """A worker that was forked with the first generation."""
    return Worker(tmp_path)


def test_each_generation_is_taken_up_once(worker: Worker) -> None:
    """And which one is served is told."""
    worker.follower.look()
    assert worker.taken == []
    worker.publish()
    worker.follower.look()
    worker.follower.look()
    assert worker.taken == [2]
    assert worker.generations.served() == [2]


def test_a_worker_that_starts_late_begins_with_the_newest(worker: Worker) -> None:
    """It was forked with the first one."""
    worker.publish()
    worker.publish()
    worker.follower.start()
    assert worker.taken == [3]
    assert worker.generations.served() == [3]


def test_one_that_cannot_be_opened_is_told_once_and_tried_again(
    worker: Worker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier documents are served until then."""
    worker.is_broken = True
    worker.publish()
    with caplog.at_level(logging.ERROR):
        worker.follower.look()
        monkeypatch.setattr("webapp.renewing.following.time.monotonic", lambda: 1e9)
        worker.follower.look()
    assert len(caplog.records) == 1
    worker.is_broken = False
    monkeypatch.setattr("webapp.renewing.following.time.monotonic", lambda: 2e9)
    worker.follower.look()
    assert worker.taken == [2]


def test_a_folder_that_is_gone_changes_nothing(worker: Worker) -> None:
    """What is open is served on."""
    shutil.rmtree(worker.generations.folder)
    worker.follower.start()
    assert worker.taken == []
