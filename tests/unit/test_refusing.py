"""What the server says where no page can."""

from __future__ import annotations

import pytest

from webapp.refusing import refusal
from webapp.web.security import HEADERS


@pytest.mark.parametrize(("status", "reason"), [(400, "Bad Request"), (431, "Request Header Fields Too Large")])
def test_a_refusal_has_the_headers_of_a_page(status: int, reason: str) -> None:
    """And a length that is its body's."""
    head, _, body = refusal(status, reason).partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == f"HTTP/1.1 {status} {reason}"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert {name: headers[name] for name in HEADERS} == dict(HEADERS)
    assert int(headers["Content-Length"]) == len(body) and headers["Connection"] == "close"
    assert b"Send it again" in body


def test_a_fault_is_no_fault_of_the_sender() -> None:
    """Who can do nothing about it but come again."""
    assert b"on our side" in refusal(500, "Internal Server Error")
