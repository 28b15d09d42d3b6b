"""Starts Newsstand and the bare view, each in processes of their own, and looks at their memory."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_WITHIN_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds of the machine's memory, in megabytes."""

    pss: float
    """All of it, what several processes share divided among them."""
    written: float
    """What it has written to, and so shares with nobody."""
    read: float
    """Of files that are mapped, what no other process has read yet: the system takes it back when it needs it."""


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers."""

    url: str
    process: int
    """The master's id."""
    seconds: float
    """From its start to its first answer."""

    def workers(self) -> list[Memory]:
        """Return the memory of each worker, the largest first."""
        held = [_memory(child) for child in _children(self.process) if _serves(child, self.url)]
        return sorted(held, key=lambda one: one.pss, reverse=True)


@contextmanager
def newsstand(documents: Path, data: Path) -> Iterator[Served]:
    """Run ``newsstand serve``."""
    command = [sys.executable, "-m", "webapp", "serve", "--seeds", str(documents), "--port"]
    with _running(command, data, "/api/v1/ask") as served:
        yield served


@contextmanager
def indexed(index: Path, data: Path) -> Iterator[Served]:
    """Run ``newsstand serve`` from a saved index."""
    command = [sys.executable, "-m", "webapp", "serve", "--index", str(index), "--port"]
    with _running(command, data, "/api/v1/ask") as served:
        yield served


@contextmanager
def bare(data: Path, module: str = "benchmarks.http.bare") -> Iterator[Served]:
    """Run a view that returns a constant."""
    with _running([sys.executable, "-m", module], data, "/") as served:
        yield served


@contextmanager
def _running(command: list[str], data: Path, path: str) -> Iterator[Served]:
    data.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSSTAND_")}
    environment |= {"NEWSSTAND_DATA_DIR": str(data), "PYTHONUNBUFFERED": "1"}
    log = data / "log.txt"
    began = time.monotonic()
    with log.open("wb") as written:
        process = subprocess.Popen(  # noqa: S603
            [*command, str(port)], env=environment, stdout=written, stderr=written
        )
    try:
        while not _answers(port, path):
            assert process.poll() is None, f"{command} ended: {log.read_text()}"
            assert time.monotonic() - began < START_WITHIN_SECONDS, f"{command} does not answer"
            time.sleep(0.005)
        yield Served(f"http://127.0.0.1:{port}", process.pid, time.monotonic() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_WITHIN_SECONDS)
    body = json.dumps({"question": "What is this about?", "turn": secrets.token_hex(16)})
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _serves(process: int, url: str) -> bool:
    """Tell a worker, which holds the port, from the watcher of the documents, which does not."""
    port = f":{int(url.rpartition(':')[2]):04X} "
    lines = Path("/proc/net/tcp").read_text().splitlines()
    inodes = {f"socket:[{line.split()[9]}]" for line in lines if port in line and line.split()[3] == "0A"}
    return any(str(file.readlink()) in inodes for file in Path(f"/proc/{process}/fd").iterdir())


def _memory(process: int) -> Memory:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    megabytes = {line.partition(":")[0]: int(line.split()[1]) / 1000 for line in lines}
    return Memory(megabytes["Pss"], megabytes["Private_Dirty"], megabytes["Private_Clean"])
