"""A folder with a file of every format, in five languages, edited while visitors ask."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.every_format import SAMPLES, Sample
from webapp.corpus.library import READERS

Start = Callable[..., Any]

THREADS = 6
ARRIVES_SECONDS = 90
FIRST = 21


class Visitors:
    """They ask one question after the other; whatever is wrong with a reply is kept."""

    def __init__(self, server: Any, samples: Sequence[Sample]) -> None:
        self._server, self._samples = server, samples
        self.asked = 0
        self.faults: list[str] = []
        self.heard: dict[str, set[int]] = {sample.name: set() for sample in SAMPLES}
        self.is_over = False
        self._lock = threading.Lock()

    def ask(self, number: int) -> None:
        while not self.is_over:
            sample = self._samples[number % len(self._samples)]
            try:
                reply = self._server.ask(question=sample.question)
                version = version_of(sample, reply)
                fault = "" if version else f"{sample.name}: {reply['outcome']} {reply['answer']}"
            except OSError as error:
                version, fault = 0, repr(error)
            with self._lock:
                self.asked += 1
                self.heard[sample.name] |= {version} - {0}
                self.faults += [fault] if fault else []
            number += 1


def version_of(sample: Sample, reply: dict[str, Any]) -> int:
    """Return which version of a file a reply quotes, word for word; 0 when it does not."""
    if reply["outcome"] != "answered" or reply["citation"]["quote"] != reply["answer"]["text"]:
        return 0
    quoted = re.fullmatch(re.escape(sample.answer).replace(r"\{\}", r"(\d+)"), reply["answer"]["text"])
    return int(quoted[1]) if quoted else 0


@contextmanager
def visited(server: Any, samples: Sequence[Sample] = SAMPLES) -> Iterator[Visitors]:
    """Have visitors ask about some files all the time meanwhile; no request may fail or be answered otherwise."""
    visitors = Visitors(server, samples)
    with ThreadPoolExecutor(THREADS) as pool:
        running = [pool.submit(visitors.ask, number) for number in range(THREADS)]
        try:
            yield visitors
        finally:
            visitors.is_over = True
    for one in running:
        one.result()
    assert visitors.faults == []


def wait_for(server: Any, sample: Sample, version: int) -> None:
    """Wait until every worker answers from a version: until it comes a dozen times in a row."""
    wait_until(lambda: version_of(sample, server.ask(question=sample.question)) == version)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, a dozen times in a row: with each worker that may answer."""
    until, times = time.monotonic() + ARRIVES_SECONDS, 0
    while times < 12:
        times = times + 1 if is_so() else 0
        assert time.monotonic() < until
        if not times:
            time.sleep(0.2)


def errors(server: Any) -> dict[str, str]:
    """Return which files the server could not read, each with the code of what is wrong."""
    told = json.loads(server.get("/readyz"))["details"]["problems"]
    return {one["path"]: one["code"] for one in told if one["severity"] == "error"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    seeds = tmp_path / "every"
    seeds.mkdir()
    for sample in SAMPLES:
        sample.write(seeds, FIRST)
    return seeds


def test_every_format_is_there() -> None:
    """A format that is added is added here, too; other endings of one format count once."""
    readers = {READERS[Path(sample.name).suffix] for sample in SAMPLES}
    assert readers == set(READERS.values())


def test_every_file_changes_under_load(start: Start, folder: Path) -> None:
    """Each is edited while others are asked about: no request fails, and each new version arrives."""
    server = start(NEWSSTAND_SEEDS=str(folder), NEWSSTAND_RELOAD_SECONDS="1").wait()
    with visited(server) as visitors:
        for number, sample in enumerate(SAMPLES):
            sample.write(folder, FIRST + 1 + number)
            if number % 3 == 2:
                wait_for(server, sample, FIRST + 1 + number)
        for number, sample in enumerate(SAMPLES):
            wait_for(server, sample, FIRST + 1 + number)
    print(f"{visitors.asked} questions of {len(SAMPLES)} files in five languages, none failed")
    assert visitors.heard == {sample.name: {FIRST, FIRST + 1 + number} for number, sample in enumerate(SAMPLES)}


def test_every_file_breaks_and_is_mended_under_load(start: Start, folder: Path) -> None:
    """What cannot be read leaves the good version serving, for every visitor, and is told; mended, it arrives."""
    server = start(NEWSSTAND_SEEDS=str(folder), NEWSSTAND_RELOAD_SECONDS="1").wait()
    before = errors(server)
    with visited(server) as visitors:
        for sample in SAMPLES:
            sample.spoil(folder)
        wait_until(lambda: errors(server).keys() == {sample.name for sample in SAMPLES})
        told = errors(server)
        for number, sample in enumerate(SAMPLES):
            sample.write(folder, FIRST + 1 + number)
        wait_until(lambda: errors(server) == before)
        for number, sample in enumerate(SAMPLES):
            wait_for(server, sample, FIRST + 1 + number)
        # Visitors have asked about each since.
        asked = visitors.asked
        wait_until(lambda: visitors.asked > asked + 2 * len(SAMPLES))
    print(f"{visitors.asked} questions while all broke and were mended, none failed")
    assert before == {}
    assert set(told.values()) == {"not-utf8", "bad-workbook", "bad-xml"}
    assert visitors.heard == {sample.name: {FIRST, FIRST + 1 + number} for number, sample in enumerate(SAMPLES)}


def test_files_go_and_come_back_under_load(start: Start, folder: Path) -> None:
    """One that is removed answers no more, one that is added does; the others are answered from all the time."""
    server = start(NEWSSTAND_SEEDS=str(folder), NEWSSTAND_RELOAD_SECONDS="1").wait()
    stay, go = SAMPLES[::2], SAMPLES[1::2]
    with visited(server, stay) as visitors:
        for sample in go:
            (folder / sample.name).unlink()
        for sample in go:
            wait_for(server, sample, 0)
        for number, sample in enumerate(go):
            sample.write(folder, FIRST + 1 + number)
        for number, sample in enumerate(go):
            wait_for(server, sample, FIRST + 1 + number)
    print(f"{visitors.asked} questions while {len(go)} files went and came back, none failed")
    assert visitors.heard == {sample.name: {FIRST} if sample in stay else set() for sample in SAMPLES}


def test_an_index_that_is_built_again_is_taken_up(start: Start, folder: Path, tmp_path: Path) -> None:
    """A server that was started from it goes over to the new one under load, in every worker."""

    def index() -> None:
        command = [sys.executable, "-m", "webapp", "index", str(folder), "--output", str(tmp_path / "saved")]
        subprocess.run(command, check=True, capture_output=True)

    index()
    server = start("--index", str(tmp_path / "saved")).wait()
    with visited(server) as visitors:
        for sample in SAMPLES:
            sample.write(folder, FIRST + 1)
        index()
        for sample in SAMPLES:
            wait_for(server, sample, FIRST + 1)
    print(f"{visitors.asked} questions, none failed")
