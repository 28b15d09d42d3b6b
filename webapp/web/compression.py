"""Packs pages and JSON with gzip for browsers that take it; static files come packed already.

No page holds a secret beside text that a visitor chose, so that its packed length gives nothing away.
"""

from __future__ import annotations

import gzip

from flask import Flask, Response, request

PACKED_TYPES = frozenset({"text/html", "application/json"})
SMALLEST_BYTES = 1000
LEVEL = 5


def register(app: Flask) -> None:
    """Pack what is worth packing, after everything else has been said about a response."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype not in PACKED_TYPES or response.direct_passthrough or response.content_encoding:
            return response
        response.vary.add("Accept-Encoding")
        body = response.get_data()
        if len(body) >= SMALLEST_BYTES and request.accept_encodings.quality("gzip") > 0:
            response.set_data(gzip.compress(body, LEVEL, mtime=0))
            response.content_encoding = "gzip"
        return response
