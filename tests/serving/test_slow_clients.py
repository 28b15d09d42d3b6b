"""Clients that send slowly hold up nobody but themselves."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPResponse
from typing import Any

import pytest

Start = Callable[..., Any]

SLOW_CLIENTS = 200
PROBES = 6


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"POST /api/v1/ask HTTP/1.1\r\nHost: x\r\n", id="a part of a head"),
        pytest.param(b"POST /chat HTTP/1.1\r\nContent-Length: 99\r\n\r\nq", id="a part of a body"),
    ],
)
def test_slow_clients_hold_up_nobody(start: Start, begun: bytes) -> None:
    """Two hundred of them, and everybody else is answered at once; the server still stops quickly."""
    server = start().wait()
    with ExitStack() as slow:
        for _ in range(SLOW_CLIENTS):
            client = slow.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
            client.sendall(begun)
        for _ in range(PROBES):
            # It gives up after twenty seconds; a slow client would hold a place for longer.
            assert server.ask(question="hello")["outcome"] == "smalltalk"
    code, _, err = server.stop()
    assert (code, err) == (0, "")


def test_a_request_may_come_in_pieces(start: Start) -> None:
    """Byte by byte, and a second one on the same connection."""
    server = start().wait()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        for _ in range(2):
            for byte in b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n":
                client.sendall(bytes([byte]))
                time.sleep(0.002)
            response = HTTPResponse(client)
            response.begin()
            assert (response.status, response.read()) == (200, b"ok\n")


def test_spare_connections_do_not_delay_the_end(start: Start) -> None:
    """A browser keeps some that send nothing."""
    server = start().wait()
    with socket.create_connection(("127.0.0.1", server.port)):
        began = time.monotonic()
        assert server.stop()[0] == 0
        assert time.monotonic() - began < 9
