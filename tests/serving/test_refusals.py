"""What is no valid HTTP, sent to a real server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

SENT = {
    "no-http": b"<script>alert(1)</script>\r\n\r\n",
    "long-address": b"GET /?" + b"x" * 6000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "long-header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n",
    "many-headers": b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: zebra\r\n" % n for n in range(80)) + b"\r\n",
    "bad-header": b"GET / HTTP/1.1\r\nHost: localhost\r\nze bra: 1\r\n\r\n",
    "bad-length": b"POST /chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: zebra\r\n\r\n",
    "two-lengths": b"POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "two-frames": b"POST /chat HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown-coding": b"POST /chat HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: zebra\r\n\r\n0\r\n\r\n",
}


def answer(port: int, sent: bytes) -> bytes:
    """Send bytes on a connection of their own; return all that comes until it is closed."""
    came = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(sent)
        while some := connection.recv(65536):
            came += some
    return came


@pytest.fixture
def server(start: Callable[..., Any]) -> Any:
    """A server that answers."""
    return start().wait()


def test_what_is_no_valid_http_is_refused_with_headers(server: Any) -> None:
    """Once, with nothing of what was sent, and the connection ends: no second request hides in a first one."""
    for name, sent in SENT.items():
        came = answer(server.port, sent)
        head, _, body = came.partition(b"\r\n\r\n")
        assert head.startswith((b"HTTP/1.1 4", b"HTTP/1.1 501")), (name, came[:200])
        assert came.count(b"HTTP/1.1 ") == 1, name
        for header in (b"Content-Security-Policy: default-src 'none'", b"X-Content-Type-Options: nosniff"):
            assert header in head, (name, head)
        assert b"zebra" not in body and b"<script" not in came and b"xxx" not in body, name
