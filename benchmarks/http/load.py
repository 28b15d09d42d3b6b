"""Sends questions as fast as they are answered: wrk where there is one, else `benchmarks.http.client`."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

WRK = shutil.which("wrk")
SCRIPT = Path(__file__).with_name("visitors.lua")
CLIENT = "wrk" if WRK else "a client in Python"


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round."""

    per_second: float
    p50_ms: float
    p99_ms: float


def write(questions: list[str], folder: Path, kind: str) -> Path:
    """Write questions into a file for the client, a line each, and return it."""
    file = folder / f"{kind}-{len(questions)}.txt"
    encode = quote_plus if kind == "chat" else json.dumps
    file.write_text("\n".join(map(encode, questions)) + "\n", "utf-8")
    return file


def fire(url: str, connections: int, seconds: int, kind: str, turns: int, file: Path) -> Round:
    """Ask for so long on so many connections; a request that fails ends everything."""
    told = [kind, str(turns), str(file)]
    if WRK:
        threads = ["--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
        command = [WRK, *threads, "--timeout", "10s", "--script", str(SCRIPT), url, "--", *told]
    else:
        command = [sys.executable, "-m", "benchmarks.http.client", url, str(connections), str(seconds), *told]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    figures = json.loads(printed.strip().splitlines()[-1])
    assert figures["failed"] == 0, f"{figures['failed']} of {figures['requests']} requests to {url} failed"
    return Round(figures["requests"] / figures["seconds"], figures["p50_ms"], figures["p99_ms"])
