"""The log of a real server, in both forms."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.mark.parametrize("form", ["console", "json"])
def test_it_tells_of_requests_without_what_was_asked(start: Start, free_port: int, form: str) -> None:
    """Down to info: no question, no address, no query; gunicorn's own lines are in the same form."""
    server = start(NEWSSTAND_LOG_FORMAT=form, NEWSSTAND_LOG_LEVEL="info").wait()
    server.ask(question="Where did my zebra go?")
    server.get("/documents/?q=zebra")
    with socket.create_connection(("127.0.0.1", free_port)) as connection:
        connection.sendall(b"ZEBRA! /?q=zebra HTTP/9.9\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    code, _, err = server.stop()
    assert code == 0
    lines = err.splitlines()
    if form == "json":
        told = [json.loads(line) for line in lines]
        assert all({"time", "level", "logger", "message"} <= set(one) for one in told)
        asked = [one for one in told if one.get("route") == "/api/v1/ask"]
        assert [(one["method"], one["status"]) for one in asked] == [("POST", 200)]
        assert asked[0]["request"] and asked[0]["milliseconds"] > 0
    else:
        assert any("INFO webapp.access [" in line and "]: POST /api/v1/ask 200" in line for line in lines)
    assert any("gunicorn.error" in line for line in lines)
    assert "A request that is no valid HTTP was refused." in err
    assert "zebra" not in err.lower()
    assert "203.0.113" not in err and f"127.0.0.1:{free_port}" in err
    assert not [line for line in lines if "127.0.0.1" in line and "Listening" not in line]
