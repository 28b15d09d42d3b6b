"""What one request is made of: answering, the store, and the rest, which is the web; without a server or a network.

Time of the processor, so that what else the machine does changes little.
"""

from __future__ import annotations

import io
import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from benchmarks.http.questions import bases, distinct
from webapp.answering.polyglot import answering_from
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.corpus.library import read_folder
from webapp.settings import Settings
from webapp.web.app import create_app

WARM = 200


class Timed:
    """Something whose calls are timed."""

    def __init__(self, behind: Any) -> None:
        self._behind = behind
        self.seconds = 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._behind, name)
        if not callable(found):
            return found

        def timed(*given: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return found(*given, **named)
            finally:
                self.seconds += time.thread_time() - began

        return timed


def environ(path: str, body: bytes, media_type: str, **headers: str) -> dict[str, Any]:
    """Return a POST request as a server hands it on."""
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": media_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "127.0.0.1:8000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }


def to_api(question: str) -> dict[str, Any]:
    """Return what a program sends."""
    body = json.dumps({"question": question, "turn": secrets.token_hex(16)}).encode()
    return environ("/api/v1/ask", body, "application/json")


def to_chat(question: str) -> dict[str, Any]:
    """Return what htmx sends."""
    body = urlencode({"question": question, "turn": secrets.token_hex(16), "conversation": ""}).encode()
    browser = {
        "HTTP_HX_REQUEST": "true",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br, zstd",
        "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.9",
        "HTTP_SEC_FETCH_SITE": "same-origin",
    }
    return environ("/chat", body, "application/x-www-form-urlencoded", **browser)


SENT: dict[str, Callable[[str], dict[str, Any]]] = {"POST /api/v1/ask": to_api, "POST /chat": to_chat}


def parts(documents: Path, count: int) -> list[tuple[str, float, float, float]]:
    """Return for each request its whole, its answering and its store, in microseconds: medians of `count`."""
    rows = []
    asked = distinct(bases(documents), WARM + count)
    with TemporaryDirectory() as folder:
        location = f"sqlite:///{folder}/newsstand.sqlite3"
        upgrade(location)
        store = Timed(ConversationStore(location, conversation_days=30))
        answerer = Timed(answering_from(read_folder(documents).corpus))
        app = create_app(Settings(secret_key="only for measuring"), answerer=answerer, store=store)  # noqa: S106
        for name, make in SENT.items():
            taken = []
            for question in asked:
                answerer.seconds = store.seconds = 0.0
                request = make(question)
                began = time.thread_time()
                status: list[str] = []
                body = app.wsgi_app(request, lambda line, _headers, _error=None, told=status: told.append(line))
                b"".join(body)
                taken.append((time.thread_time() - began, answerer.seconds, store.seconds))
                assert status[0].startswith("200"), status
            whole, answering, storing = (1e6 * median(part) for part in zip(*taken[WARM:], strict=True))
            rows.append((name, whole, answering, storing))
        store.close()
    return rows


def table(rows: list[tuple[str, float, float, float]]) -> str:
    """Return the parts as shares, in Markdown."""
    lines = ["| | whole, µs | answering | store | web |", "|---|---:|---:|---:|---:|"]
    for name, whole, answering, storing in rows:
        web = whole - answering - storing
        shares = " | ".join(f"{part:,.0f} ({part / whole:.0%})" for part in (answering, storing, web))
        lines.append(f"| `{name}` | {whole:,.0f} | {shares} |")
    return "\n".join(lines)
