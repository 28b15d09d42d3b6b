"""Every door of the site, anything sent to it, and what must hold of every response, whatever was sent."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import run_wsgi_app

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "get", "É")
KINDS = (
    "",
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded; charset=\xff",
)
"""What bodies say they are."""
HEADERS = (
    "HX-Request",
    "Origin",
    "Sec-Fetch-Site",
    "Cookie",
    "Accept-Language",
    "Accept-Encoding",
    "Host",
    "If-None-Match",
    "Range",
    "X-Forwarded-For",
    "X_Request_ID",
    "X-Request-ID",
    "Authorization",
)
"""Headers that something looks at, and some that nothing should."""
ALWAYS = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Request-ID",
)
PART = b"\x1e"
"""Stands between the parts of a knock that is written as bytes."""


@dataclass(frozen=True)
class Knock:
    """What is sent to a door, as bytes wherever HTTP has bytes."""

    method: str
    path: bytes
    query: bytes = b""
    kind: str = ""
    headers: Sequence[tuple[str, bytes]] = field(default_factory=tuple)
    body: bytes = b""
    told_bytes: int | None = None
    """The length that is declared, where it is not the body's."""
    chunked: bool = False


@dataclass(frozen=True)
class Response:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def doors(app: Flask) -> list[str]:
    """Return the address of every door, with ``<`` and ``>`` around what may be anything."""
    return sorted({rule.rule for rule in app.url_map.iter_rules()})


def filled(door: str, part: bytes) -> bytes:
    """Return a door's address with `part` wherever it may be anything."""
    before, opening, rest = door.partition("<")
    if not opening:
        return door.encode()
    return before.encode() + part + filled(rest.partition(">")[2], part)


def knock_of(data: bytes, addresses: Sequence[str]) -> Knock:
    """Return the knock that bytes stand for: door, method, kind of body, a header's name; then the parts."""
    door, method, kind, header, flags = (*data[:5], *bytes(5))[:5]
    part, query, value, body = (*data[5:].split(PART, 3), b"", b"", b"")[:4]
    return Knock(
        method=METHODS[method % len(METHODS)],
        path=filled(addresses[door % len(addresses)], part),
        query=query,
        kind=KINDS[kind % len(KINDS)],
        headers=((HEADERS[header % len(HEADERS)], value),) if value else (),
        body=body,
        told_bytes=len(body) + flags if flags & 1 else None,
        chunked=bool(flags & 2),
    )


def written(door: int, method: str, kind: str, header: str = HEADERS[0], *parts: bytes) -> bytes:
    """Return the bytes that `knock_of` reads so."""
    numbers = (door, METHODS.index(method), KINDS.index(kind), HEADERS.index(header), 0)
    return bytes(numbers) + PART.join(parts)


def send(app: Flask, knock: Knock) -> Response:
    """Send a knock as a server would hand it over, which checks nothing of it."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": knock.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": knock.path.decode("latin-1"),
        "QUERY_STRING": knock.query.decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(knock.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if knock.kind:
        environ["CONTENT_TYPE"] = knock.kind
    if knock.chunked:
        # As gunicorn does: it ends the stream itself.
        environ |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    elif knock.body or knock.told_bytes is not None:
        told = len(knock.body) if knock.told_bytes is None else knock.told_bytes
        environ["CONTENT_LENGTH"] = str(told)
    for name, value in knock.headers:
        environ[f"HTTP_{name.upper().replace('-', '_')}"] = value.decode("latin-1")
    body, status, headers = run_wsgi_app(app, environ, buffered=True)
    return Response(int(status.split()[0]), {name.title(): value for name, value in headers}, _joined(body))


def judge(knock: Knock, response: Response) -> None:
    """Check what must hold of every response.

    Raises:
        AssertionError: it does not.
    """
    told = f"{knock} brought {response.status} {response.headers} {response.body[:300]!r}"
    assert response.status < 500, told
    for name in ALWAYS:
        assert response.headers.get(name.title()), f"{name} is missing: {told}"
    assert "unsafe-" not in response.headers["Content-Security-Policy"], told
    if knock.method == "HEAD":
        assert response.body == b"", told
    elif response.status >= 400:
        _judge_problem(knock, response, told)
    if response.status == 405:
        assert response.headers.get("Allow"), told


def _judge_problem(knock: Knock, response: Response, told: str) -> None:
    if response.headers.get("Content-Encoding"):
        return
    kind = response.headers["Content-Type"]
    if knock.path.startswith(b"/api/"):
        assert kind == "application/json", told
        error = json.loads(response.body)
        assert set(error) == {"error"}, told
        assert set(error["error"]) == {"code", "message", "field", "reference"}, told
        assert error["error"]["code"] and error["error"]["message"], told
    else:
        assert kind == "text/html; charset=utf-8", told
        assert response.body.decode(), told
    assert b"Traceback" not in response.body, told


def _joined(pieces: Iterable[bytes]) -> bytes:
    return b"".join(pieces)
