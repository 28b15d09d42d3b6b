"""What comes in, made so that whatever reads it may rely on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Flask, Request

_ASCII = "".join(chr(code) for code in range(128))


class Incoming(Request):
    """A request whose address is ASCII, as RFC 3986 has it.

    Servers hand over other bytes of the query as they came, and Werkzeug fails on those that are not UTF-8. Escaped,
    they read as what they say, or as U+FFFD where they say nothing.
    """

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=_ASCII)
        super().__init__(environ, *args, **kwargs)


def register(app: Flask) -> None:
    """Have `app` read requests so."""
    app.request_class = Incoming
