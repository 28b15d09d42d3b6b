"""A server that runs for months does not grow."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults import figures, scale
from tests.faults.memory import resident_bytes, workers
from tests.faults.tools import tool

REQUESTS = scale.of(6_000, 1_000_000)
WARM_UP = scale.of(2_500, 100_000)
PARTS = scale.of(1, 9)
"""In how many parts the requests after the warm-up are made; memory is looked at after each."""
GROWTH_MOST = 0.10

DOORS = """
-- Every door that visitors use, about as often as they do.
local number = %(seed)d
local questions = {
  "Which areas of cooperation were discussed?", "Who is S. Jaishankar?", "When did the meeting take place?",
  "hello", "What is the price of tea in Bolivia?", "Wich areas of coperation were discused?",
}
local pages = {
  "/", "/documents", "/healthz", "/readyz", "/api/v1/suggest?q=wh", "/api/v1/documents", "/metrics", "/nowhere",
}
local json = {["Content-Type"] = "application/json"}
local form = {["Content-Type"] = "application/x-www-form-urlencoded", ["HX-Request"] = "true"}
request = function()
  number = number + 1
  local question = questions[number %% #questions + 1]
  local turn = string.format("soak-%%012d", number)
  if number %% 10 == 0 then
    return wrk.format("POST", "/api/v1/ask", json, '{"question": "' .. question .. '", "turn": "' .. turn .. '"}')
  elseif number %% 10 == 5 then
    return wrk.format("POST", "/chat", form, "turn=" .. turn .. "&question=" .. string.gsub(question, " ", "+"))
  end
  return wrk.format("GET", pages[number %% #pages + 1])
end
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_stays_as_it_is_after_the_warm_up(start: Callable[..., Any], tmp_path: Path) -> None:
    """Each worker holds at most a tenth more after a million requests of every kind than after the first of them."""
    wrk = tool("wrk")
    server = start().wait()
    before = _both(server.process.pid)
    made = _make(wrk, server.port, tmp_path, WARM_UP, 0)
    warm = {process: resident_bytes(process) for process in before}
    peak = dict(warm)
    for part in range(PARTS):
        made += _make(wrk, server.port, tmp_path, (REQUESTS - WARM_UP) // PARTS, 1 + part)
        for process in before:
            peak[process] = max(peak[process], resident_bytes(process))
    after = {process: resident_bytes(process) for process in before}
    figures.keep(
        "memory",
        requests=made,
        warm_mb=[round(size / 1e6, 1) for size in warm.values()],
        after_mb=[round(size / 1e6, 1) for size in after.values()],
        growth_percent=[round(100 * (after[process] / warm[process] - 1), 1) for process in before],
    )
    assert workers(server.process.pid) == before, "a worker ended"
    assert made >= REQUESTS
    assert all(peak[process] <= (1 + GROWTH_MOST) * warm[process] for process in before), (warm, peak)
    assert server.stop()[0] == 0


def _both(master: int) -> list[int]:
    """Return the server's two workers, as soon as there are two: the first may answer before the second is forked."""
    deadline = time.monotonic() + 30
    while len(found := workers(master)) != 2:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def _make(wrk: str, port: int, folder: Path, count: int, part: int) -> int:
    """Make at least `count` requests; return how many were answered as they should be."""
    made = 0
    while made < count:
        script = folder / "doors.lua"
        script.write_text(DOORS % {"seed": (part * 1000 + made % 997) * 1_000_000 + made}, "utf-8")
        seconds = max(2, min(60, (count - made) // 400))
        run = subprocess.run(
            [wrk, "-t1", "-c16", f"-d{seconds}s", "--timeout", "20s", "-s", str(script), f"http://127.0.0.1:{port}"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "Socket errors" not in run.stdout, run.stdout
        answered = re.search(r"(\d+) requests in", run.stdout)
        assert answered is not None, run.stdout
        made += int(answered[1])
    return made
