"""A disk that is full or read-only, a database that is locked or damaged: answers go on, keeping comes back."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults import figures, scale
from tests.serving.conftest import START_SECONDS, Server

Start = Callable[..., Server]

QUESTION = "Which areas of cooperation were discussed?"
DISK_BYTES = 6_000_000
FULL_WITHIN_QUESTIONS = 3000
BETWEEN_SECONDS = 0.02
RECOVERED_WITHIN_SECONDS = 15
ANSWERED_WITHIN_SECONDS = 2.0
TOLD_WITHIN_SECONDS = 15


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, in memory."""
    if os.geteuid() != 0:
        scale.missing("only root may mount a small disk to fill")
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if done.returncode:
        scale.missing(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["/bin/umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_costs_the_keeping_only(start: Start, small_disk: Path) -> None:
    """Every question is answered; /readyz and the log tell the operator; with room again turns are kept again."""
    server = start(NEWSSTAND_DATA_DIR=str(small_disk / "var")).wait()
    assert readiness(server, 200)[0] == 200
    filler = small_disk / "filler"
    unsaved = fill(server, filler)
    took = [timed(server) for _ in range(20)]
    assert not any(saved for saved, _ in took)
    status, told = readiness(server, 503)
    assert status == 503 and [one["what"] for one in told["wrong"]] == ["storage"]
    assert told["wrong"][0]["advice"]
    assert "was not saved" in page_after_asking(server)
    filler.unlink()
    recovered = recover(server)
    assert readiness(server, 200)[0] == 200
    check(small_disk / "var" / "newsstand.sqlite3")
    code, _, err = server.stop()
    figures.keep(
        "disk full",
        asked_until_full=unsaved,
        slowest_answer_ms=round(1000 * max(seconds for _, seconds in took)),
        recovered_after_seconds=round(recovered, 1),
        log_lines=len(err.splitlines()),
    )
    assert code == 0
    assert "Conversations are not kept" in err and "does again what is asked" in err
    assert "Traceback" not in err and len(err.splitlines()) <= 12, err


def test_a_read_only_disk_costs_the_keeping_only(start: Start, small_disk: Path) -> None:
    """Started on one, as after a fault of the disk, a server answers; once it can be written turns are kept again."""
    var = small_disk / "var"
    server = start(NEWSSTAND_DATA_DIR=str(var)).wait()
    assert server.ask(question=QUESTION)["saved"] is True
    server.stop()
    subprocess.run(["/bin/mount", "-o", "remount,ro", str(small_disk)], check=True)
    server = start(NEWSSTAND_DATA_DIR=str(var)).wait()
    took = [timed(server) for _ in range(20)]
    status, told = readiness(server, 503)
    page = page_after_asking(server)
    subprocess.run(["/bin/mount", "-o", "remount,rw", str(small_disk)], check=True)
    recovered = recover(server)
    assert readiness(server, 200)[0] == 200
    _, _, err = server.stop()
    figures.keep(
        "disk read-only",
        slowest_answer_ms=round(1000 * max(seconds for _, seconds in took)),
        recovered_after_seconds=round(recovered, 1),
    )
    assert not any(saved for saved, _ in took)
    assert status == 503 and told["wrong"][0]["what"] == "storage"
    assert "was not saved" in page
    assert "neither kept nor read" in err and "Traceback" not in err, err


@pytest.mark.parametrize("level", ["IMMEDIATE", "EXCLUSIVE"])
def test_a_database_locked_by_another_program(start: Start, tmp_path: Path, level: str) -> None:
    """Only the first few wait for it, for seconds; then everybody is answered at once, unkept, until it is let go."""
    server = start().wait()
    assert server.ask(question=QUESTION)["saved"] is True
    with closing(sqlite3.connect(tmp_path / "var" / "newsstand.sqlite3", isolation_level=None)) as other:
        other.execute(f"BEGIN {level}")
        crowd = [threading.Thread(target=timed, args=(server,)) for _ in range(16)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        took = [timed(server) for _ in range(30)]
        other.execute("ROLLBACK")
    recovered = recover(server)
    check(tmp_path / "var" / "newsstand.sqlite3")
    quick = sorted(seconds for _, seconds in took)
    figures.keep(
        f"database locked ({level.lower()})",
        kept=sum(saved for saved, _ in took),
        median_answer_ms=round(1000 * quick[len(quick) // 2]),
        slowest_answer_ms=round(1000 * quick[-1]),
        recovered_after_seconds=round(recovered, 1),
    )
    assert not any(saved for saved, _ in took)
    assert quick[len(quick) // 2] <= ANSWERED_WITHIN_SECONDS
    server.stop()


def test_a_damaged_database_is_refused(start: Start, tmp_path: Path) -> None:
    """At the start, with what to do, wherever the damage is; a damaged one is never served as if it were whole."""
    server = start().wait()
    kept = [server.ask(question=QUESTION, turn=f"turn-{number:08}") for number in range(20)]
    server.stop()
    file = tmp_path / "var" / "newsstand.sqlite3"
    whole = file.read_bytes()
    choose = random.Random(6)  # noqa: S311 - the same each time
    outcomes = {"refused": 0, "served rightly": 0}
    for place in (20, *(choose.randrange(100, len(whole)) for _ in range(scale.of(1, 20)))):
        damaged = bytearray(whole)
        damaged[place : place + 512] = os.urandom(len(damaged[place : place + 512]))
        for leftover in file.parent.glob("newsstand.sqlite3-*"):
            leftover.unlink()
        file.write_bytes(damaged)
        again = start()
        until = time.monotonic() + START_SECONDS
        while again.process.poll() is None and time.monotonic() < until:
            with suppress(OSError):
                again.get("/healthz")
                break
            time.sleep(0.1)
        if again.process.poll() is not None:
            _, err = again.process.communicate()
            assert again.process.returncode == 2 and "backup" in err and "Traceback" not in err, (place, err)
            outcomes["refused"] += 1
        else:
            for turn in kept:
                told = again.ask(question=QUESTION, turn=turn["turn"], conversation=turn["conversation"])
                assert (told["answer"], told["citation"]) == (turn["answer"], turn["citation"]), place
            assert "Traceback" not in again.stop()[2]
            outcomes["served rightly"] += 1
    figures.keep("database damaged", places=sum(outcomes.values()), outcomes=outcomes)
    assert outcomes["refused"] >= 1


def timed(server: Server) -> tuple[bool, float]:
    """Ask; return whether the turn was kept and how many seconds the answer took."""
    began = time.monotonic()
    reply = server.ask(question=QUESTION)
    assert reply["outcome"] == "answered"
    return reply["saved"], time.monotonic() - began


def fill(server: Server, filler: Path) -> int:
    """Fill the disk until turns are no longer kept; return how many questions that took."""
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    for asked in range(FULL_WITHIN_QUESTIONS // 20):
        # Each worker has its own connections; what is left in pages that are there already is soon used.
        if not any(server.ask(question=QUESTION)["saved"] for _ in range(20)):
            return 20 * asked
    pytest.fail("the disk was never full")


def recover(server: Server) -> float:
    """Ask until turns are kept, ten in a row; return how many seconds that took."""
    began = time.monotonic()
    in_a_row = 0
    while in_a_row < 10:
        in_a_row = in_a_row + 1 if server.ask(question=QUESTION)["saved"] else 0
        if in_a_row == 1:
            since = time.monotonic() - began
        # One worker may keep turns before the other does: they must not fill the disk meanwhile.
        time.sleep(BETWEEN_SECONDS)
        assert time.monotonic() - began < RECOVERED_WITHIN_SECONDS, "turns are not kept again"
    return since


def readiness(server: Server, expected: int) -> tuple[int, dict[str, Any]]:
    """Return the status and what /readyz tells; a worker that just wrote needs seconds to know better."""
    until = time.monotonic() + TOLD_WITHIN_SECONDS
    while True:
        try:
            with urllib.request.urlopen(server.url("/readyz"), timeout=10) as response:
                status, told = response.status, json.load(response)
        except urllib.error.HTTPError as error:
            status, told = error.code, json.load(error)
        if status == expected or time.monotonic() > until:
            return status, told
        time.sleep(0.2)


def page_after_asking(server: Server) -> str:
    """Return the page that a visitor without JavaScript gets."""
    data = f"question={QUESTION.replace(' ', '+')}".encode()
    with urllib.request.urlopen(urllib.request.Request(server.url("/chat"), data), timeout=10) as response:
        text: bytes = response.read()
    return text.decode()


def check(file: Path) -> None:
    """Have the database checked."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
