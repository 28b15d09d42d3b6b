"""The connections of browsers that come at once are shared by the workers."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

CONNECTIONS = 40
ROUNDS = 10
START_SECONDS = 60
LEAST = 0.25
"""Of all connections that the one of two workers with fewer has, over all rounds."""


def shares(master: int) -> list[int]:
    """Return how many connections each worker has, by the inodes of its sockets."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    accepted = {
        f"socket:[{fields[9]}]"
        for fields in map(str.split, Path("/proc/net/tcp").read_text().splitlines()[1:])
        if fields[3] == "01"
    }
    held = [sum(str(file.readlink()) in accepted for file in Path(f"/proc/{child}/fd").iterdir()) for child in children]
    return sorted(held)[-2:]


def test_workers_share_connections_that_come_at_once(start: Callable[..., Any]) -> None:
    """Whoever is quickest does not take them all."""
    server = start(NEWSSTAND_WORKERS="2").wait()
    # The first worker may answer before the second one runs.
    until = time.monotonic() + START_SECONDS
    while min(held_of(server)) == 0:
        assert time.monotonic() < until
    held = [held_of(server) for _ in range(ROUNDS)]
    assert all(sum(each) == CONNECTIONS for each in held)
    # Together: on a busy machine a worker may have to wait for its turn now and then.
    assert sum(map(min, held)) >= LEAST * CONNECTIONS * ROUNDS, held


def held_of(server: Any) -> list[int]:
    """Open connections at once, and return how many of them each worker has when all are answered."""
    with ExitStack() as opened:
        clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(CONNECTIONS)]
        for client in clients:
            opened.enter_context(client)
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        for client in clients:
            client.settimeout(20)
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
        return shares(server.process.pid)
