"""Documents are read again, workers are replaced: nobody is refused meanwhile."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import figures, scale
from tests.faults.memory import workers
from tests.serving.conftest import SEEDS, Server

Start = Callable[..., Server]

REQUESTS = scale.of(300, 20_000)
"""In each of the ways."""
CLIENTS = 4
PAUSE_SECONDS = 0.5


class Clients:
    """Clients that keep their connections, as proxies do, and never try anything twice."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answered = 0
        self.failed: list[str] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask_on, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask_on(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        asked = 0
        while not self._stop.is_set():
            asked += 1
            try:
                self._one(connection, asked)
            except Exception as error:
                # Whatever it is, it failed.
                self.failed.append(repr(error))
                connection.close()
            if number % 2:
                connection.close()
        connection.close()

    def _one(self, connection: http.client.HTTPConnection, asked: int) -> None:
        if asked % 4:
            connection.request("GET", ("/healthz", "/documents", "/api/v1/suggest?q=wh")[asked % 3])
        else:
            body = json.dumps({"question": "Which areas of cooperation were discussed?"})
            connection.request("POST", "/api/v1/ask", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        if response.status not in (200, 308):
            raise AssertionError(f"{response.status}")
        with self._lock:
            self.answered += 1


@pytest.mark.parametrize("way", ["SIGHUP", "SIGUSR2"])
def test_nobody_is_refused(start: Start, tmp_path: Path, way: str) -> None:
    """Under load, again and again, without one request that fails."""
    documents = tmp_path / "documents"
    documents.mkdir()
    for file in SEEDS.iterdir():
        (documents / file.name).write_bytes(file.read_bytes())
    server = start(NEWSSTAND_SEEDS=str(documents)).wait()
    master, times = server.process.pid, 0
    with Clients(server.port) as clients:
        while clients.answered < REQUESTS or times < 2:
            time.sleep(PAUSE_SECONDS)
            times += 1
            if way == "SIGHUP":
                (documents / "changing.txt").write_text(f"date 2024-05-01 The ferry left {times} times.\n", "utf-8")
                os.kill(master, signal.SIGHUP)
            else:
                _replace_workers(master)
    figures.keep(f"restart: {way}", times=times, requests=clients.answered, failed=len(clients.failed))
    assert clients.failed == []
    assert clients.answered >= REQUESTS


def _replace_workers(master: int) -> None:
    """Have every worker replaced, and wait for it."""
    old = set(workers(master))
    os.kill(master, signal.SIGUSR2)
    until = time.monotonic() + 60
    while old & set(workers(master)) or len(workers(master)) < len(old):
        assert time.monotonic() < until, "workers are not replaced"
        time.sleep(0.05)
