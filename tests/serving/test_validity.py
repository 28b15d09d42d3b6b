"""A server that runs into the day after a document's last one, without a change of any file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]

QUESTION = "How much is a summer ticket for the ferry?"
MIDNIGHT_IN_SECONDS = (20, 60)
"""The second time for a machine that is too slow for the first."""
ENDS_WITHIN_SECONDS = 3


class Place:
    """Somewhere on Earth, or near it, where a new day begins soon."""

    def __init__(self, midnight_in_seconds: int) -> None:
        now = datetime.now(UTC)
        self.midnight = now + timedelta(seconds=midnight_in_seconds)
        since = self.midnight - self.midnight.replace(hour=0, minute=0, second=0, microsecond=0)
        # Of a POSIX time zone: what is to be added to its time to come to UTC.
        self.zone = f"NEAR{since}".split(".", maxsplit=1)[0]
        self.day = (self.midnight - since - timedelta(days=1)).date()

    def sleep_until(self, seconds_after_midnight: float) -> None:
        time.sleep(max(self.left() + seconds_after_midnight, 0))

    def left(self) -> float:
        """Return how many seconds it is to midnight."""
        return (self.midnight - datetime.now(UTC)).total_seconds()


def serve(start: Start, folder: Path, place: Place, way: str) -> Any:
    """Start a server there, with an answer that ends at midnight."""
    seeds = folder / "documents"
    seeds.mkdir(parents=True)
    (seeds / "ferry.txt").write_text(
        f"date 2024-05-01\nvalid until: {place.day}\n\nThe summer ferry runs every hour.\n\n"
        f"FAQ:\n\nQ: {QUESTION}\nA: A summer ticket for the ferry is nine crowns.\n",
        "utf-8",
    )
    (seeds / "fair.txt").write_text("date 2024-05-01 The fair is open. It has a wheel.\n", "utf-8")
    arguments: tuple[str, ...] = ()
    if way == "saved index":
        index = str(folder / "saved")
        command = [sys.executable, "-m", "webapp", "index", str(seeds), "--output", index]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "TZ": place.zone})
        arguments = ("--index", index)
    looks = "1" if way == "looking" else "0"
    return start(*arguments, NEWSSTAND_SEEDS=str(seeds), NEWSSTAND_RELOAD_SECONDS=looks, TZ=place.zone).wait()


@pytest.mark.parametrize("way", ["looking", "only when asked", "saved index"])
def test_an_answer_ends_with_its_day(start: Start, tmp_path: Path, way: str) -> None:
    """It is given to the end of its last day and not after, whether files are looked at or not."""
    for seconds in MIDNIGHT_IN_SECONDS:
        place = Place(seconds)
        server = serve(start, tmp_path / str(seconds), place, way)
        place.sleep_until(-seconds / 4)
        replies = [server.ask(question=QUESTION)["answer"] for _ in range(8)]
        if place.left() > 0:
            break
        server.stop()
    assert place.left() > 0, "the server took too long to start"
    assert {reply["text"] for reply in replies} == {"A summer ticket for the ferry is nine crowns."}
    place.sleep_until(0.1)
    until = time.monotonic() + ENDS_WITHIN_SECONDS
    while time.monotonic() < until:
        reply = server.ask(question=QUESTION)
        assert reply["outcome"] == "abstained"
        assert "ferry" not in str(reply["alternatives"])
