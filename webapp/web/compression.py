"""Packs pages and JSON with gzip for browsers that take it; static files come packed already.

No page holds a secret beside text that a visitor chose, so that its packed length gives nothing away.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache

from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

from webapp.web.packing import Packed
from webapp.web.varying import vary

PACKED_TYPES = frozenset({"text/html", "application/json"})
SMALLEST_BYTES = 1000
LEVEL = 3
"""A third less of the processor's time than zlib's usual level takes, for a twentieth more bytes."""


class Filled(Response):
    """A page made of a text with blanks, which is packed already."""

    def __init__(self, text: str, of: Packed, values: Mapping[str, str]) -> None:
        super().__init__(text)
        self._of, self._values = of, values

    def packed(self, body: bytes) -> bytes | None:
        """Return the body packed; None where it has to be packed as any other."""
        return self._of.packed(self._values, body)


def register(app: Flask) -> None:
    """Pack what is worth packing, after everything else has been said about a response."""

    @app.after_request
    def pack(response: Response) -> Response:
        if response.mimetype not in PACKED_TYPES or response.direct_passthrough or response.content_encoding:
            return response
        vary(response, "Accept-Encoding")
        if not _taken(request.headers.get("Accept-Encoding", "")):
            return response
        body = response.get_data()
        if len(body) >= SMALLEST_BYTES:
            packed = response.packed(body) if isinstance(response, Filled) else None
            response.set_data(packed or gzip.compress(body, LEVEL, mtime=0))
            response.content_encoding = "gzip"
        return response


@lru_cache(maxsize=256)
def _taken(header: str) -> bool:
    """Tell whether a browser takes gzip; many browsers say it in the same words."""
    return parse_accept_header(header).quality("gzip") > 0
