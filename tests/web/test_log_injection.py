"""What a visitor sends cannot write the log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from webapp.logs import FORMATS, begin_log

FORGED = "x\r\nERROR webapp: forged\u2028\x1b[2J\u202e"


@pytest.fixture(params=sorted(FORMATS))
def log(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Begins a log at its most talkative, and gives what reads it; the one before comes back."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    begin_log(str(request.param), "debug", stream)
    yield stream.getvalue
    root.handlers[:] = handlers
    root.setLevel(level)


def test_no_request_forges_a_line(make_app: Callable[..., Flask], log: Callable[[], str], store) -> None:  # type: ignore[no-untyped-def]
    """By its address, its question, a header or the name it gives itself; in requests that fail as well."""
    client = make_app(proxies=1).test_client()
    headers = {"X-Request-ID": "x%0d%0aERROR", "User-Agent": "ERROR webapp: forged", "X-Forwarded-For": "ERROR forged"}
    client.get("/nowhere%0d%0aERROR%20webapp:%20forged%e2%80%a8", headers=headers)
    client.get("/documents/", query_string={"q": FORGED}, headers=headers)
    client.post("/chat", data={"question": FORGED, "turn": FORGED, "document": FORGED}, headers=headers)
    client.post("/chat", data={"question": "fail"}, headers=headers)
    client.post("/kiosk/heartbeat", data={"name": FORGED}, headers=headers)
    store.broken = True
    client.post("/chat", data={"question": FORGED}, headers=headers)
    client.post("/feedback", data={"turn": "11112222333344445555666677778888", "vote": FORGED}, headers=headers)
    lines = log().splitlines()
    assert lines
    assert log().replace("\n", "").isprintable()
    for line in lines:
        if line.startswith("{"):
            assert json.loads(line)["level"] in {"debug", "info", "warning", "error"}
        else:
            assert line.startswith("  ") or line.split(" ")[0] in {"DEBUG", "INFO", "WARNING", "ERROR"}
        assert not line.startswith("ERROR webapp: forged")
