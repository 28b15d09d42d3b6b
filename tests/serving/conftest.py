"""A server as an operator starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
START_SECONDS = 60
STOP_SECONDS = 30
ANSWER_SECONDS = 20


class Server:
    """A running server, in a process group of its own, as a terminal would start it."""

    def __init__(self, port: int, folder: Path, *arguments: str, **environment: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "webapp", "serve", *arguments],
            cwd=folder,
            env={**os.environ, "PORT": str(port), "NEWSSTAND_SEEDS": str(SEEDS), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url(path), timeout=ANSWER_SECONDS) as response:
            body: bytes = response.read()
        return body

    def ask(self, **fields: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            self.url("/api/v1/ask"), json.dumps(fields).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as response:
            answered: dict[str, Any] = json.load(response)
        return answered

    def wait(self) -> Server:
        """Wait until it answers."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.get("/healthz")
                return self
            except OSError:
                assert self.process.poll() is None, self.process.communicate()
                assert time.monotonic() < until
                time.sleep(0.1)

    def stop(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Press Ctrl-C: every process of the group gets the signal. Return exit code, output and errors."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, by)
        out, err = self.process.communicate(timeout=STOP_SECONDS)
        return self.process.returncode, out, err


@pytest.fixture
def start(free_port: int, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server on a free port in an empty folder, and leaves none behind."""
    started: list[Server] = []

    def start_one(*arguments: str, **environment: str) -> Server:
        started.append(Server(free_port, tmp_path, *arguments, **environment))
        return started[-1]

    yield start_one
    for server in started:
        if server.process.poll() is None:
            server.stop(signal.SIGKILL)
