"""When a request has come, judged by its first bytes."""

from __future__ import annotations

import pytest

from webapp.waiting import HEAD_MAX_BYTES, LOOK_MAX_BYTES, Has, what_came

POST = b"POST /chat HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    ("data", "has"),
    [
        (b"G", Has.A_PART),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", Has.A_PART),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", Has.ALL),
        (b"GET / HTTP/1.1\r\n\r\n", Has.ALL),
        (b"X" * (HEAD_MAX_BYTES + 1), Has.NO_USE),
        (POST + b"Content-Length: 5\r\n\r\n", Has.A_PART),
        (POST + b"Content-Length: 5\r\n\r\n1234", Has.A_PART),
        (POST + b"content-length:5\r\n\r\n12345", Has.ALL),
        (POST + b"Content-Length: 5\r\n\r\n12345GET / HTTP/1.1\r\n", Has.ALL),
        (POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", Has.A_HEAD),
        (POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n1", Has.A_PART),
        (POST + b"Content-Length: 999999999\r\n\r\n", Has.ALL),
        (POST + b"Content-Length: 99999\r\n\r\n" + b"x" * (LOOK_MAX_BYTES - 60), Has.ALL),
        (POST + b"Content-Length: five\r\n\r\n", Has.ALL),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n", Has.A_PART),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n", Has.ALL),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Has.ALL),
    ],
)
def test_a_request_is_whole_or_not(data: bytes, has: Has) -> None:
    """What cannot be judged gets a thread, which judges it."""
    assert what_came(data) is has
