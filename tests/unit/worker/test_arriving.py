"""When a request has come, judged by its bytes."""

from __future__ import annotations

import pytest

from webapp.worker.arriving import HEAD_MAX_BYTES, Has, chunks_came, what_came

POST = b"POST /chat HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
BODY_MAX_BYTES = 1000


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
        (POST + b"Content-Length: 1001\r\n\r\n", Has.TOO_MUCH),
        (POST + b"Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n", Has.TOO_MUCH),
        (POST + b"Content-Length: 1000\r\n\r\n" + b"x" * 999, Has.A_PART),
        (POST + b"Content-Length: five\r\n\r\n", Has.ALL),
        (CHUNKED + b"5\r\n12345\r\n", Has.A_PART),
        (CHUNKED + b"5\r\n12345\r\n0\r\n\r\n", Has.ALL),
        (CHUNKED + b"0\r\n\r\n", Has.ALL),
        (CHUNKED + b"1\r\nx\r\n" * BODY_MAX_BYTES, Has.A_PART),
        (CHUNKED + b"1\r\nx\r\n" * (BODY_MAX_BYTES + 1), Has.TOO_MUCH),
    ],
)
def test_a_request_is_whole_or_not(data: bytes, has: Has) -> None:
    """What cannot be judged is handed on to the parser, which judges it."""
    assert what_came(data, BODY_MAX_BYTES) is has


@pytest.mark.parametrize(
    ("body", "came"),
    [
        (b"", False),
        (b"5", False),
        (b"5\r\n", False),
        (b"5\r\n12345\r\n", False),
        (b"5;name=value\r\n12345\r\n0\r\n\r\n", True),
        (b"a\r\n1\r\n0\r\n\r\n7\r\n", False),
        (b"a\r\n1\r\n0\r\n\r\n7\r\n0\r\n\r\n", True),
        (b"0\r\nTrailer: 1\r\n", False),
        (b"0\r\nTrailer: 1\r\n\r\n", True),
        (b"zebra\r\n", True),
        (b"-1\r\n", False),
        (b"-1\r\n\r\n", True),
    ],
)
def test_chunks_have_come_or_not(body: bytes, came: bool) -> None:
    """An end that stands within a chunk is none."""
    assert chunks_came(body) is came
