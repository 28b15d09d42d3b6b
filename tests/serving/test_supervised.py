"""What a supervisor relies on: readiness that is told, and a stop that finishes what is under way."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Start = Callable[..., Any]
ASKING = 24
READY_SECONDS = 60


def test_it_tells_systemd_when_it_is_ready(start: Start, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As a unit of Type=notify expects: once, when it listens."""
    place = tmp_path_factory.mktemp("n") / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(place))
        heard.settimeout(READY_SECONDS)
        server = start(NOTIFY_SOCKET=str(place))
        assert heard.recv(1000).startswith(b"READY=1\n")
    server.wait()
    assert server.stop(signal.SIGTERM)[0] == 0


def test_questions_under_way_are_answered_when_it_stops(start: Start, free_port: int, tmp_path: Path) -> None:
    """More than there are threads, sent before the signal: each gets its whole answer, and that answer is kept."""
    server = start(NEWSSTAND_WORKERS="2", NEWSSTAND_THREADS="1").wait()
    question = "Which areas of cooperation were discussed " + "between the ministers and their delegations " * 40
    previous = [f"{question} {number}" for number in range(8)]
    ends: list[tuple[int, bool]] = []
    sent = threading.Barrier(ASKING + 1)

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", free_port, timeout=30)
        body = json.dumps({"question": f"{question} {number}?", "previous": previous})
        connection.request("POST", "/api/v1/ask", body, {"Content-Type": "application/json"})
        sent.wait()
        response = connection.getresponse()
        ends.append((response.status, json.load(response)["saved"]))
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(ASKING)]
    for thread in threads:
        thread.start()
    sent.wait()
    # Connections that the kernel has taken are the server's; give it a moment to take them too.
    time.sleep(0.3)
    stopping = time.monotonic()
    os.kill(server.process.pid, signal.SIGTERM)
    for thread in threads:
        thread.join()
    assert ends == [(200, True)] * ASKING
    _, err = server.process.communicate(timeout=30)
    assert (server.process.returncode, err) == (0, "")
    assert time.monotonic() - stopping < 20
