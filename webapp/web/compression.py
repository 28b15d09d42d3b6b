"""Packs pages and JSON with gzip for browsers that take it; static files come packed already.

No page holds a secret beside text that a visitor chose, so that its packed length gives nothing away.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import lru_cache

from flask import Flask, Response
from werkzeug.http import parse_accept_header

from webapp.web import here
from webapp.web.packing import Packed
from webapp.web.varying import vary

PACKED_TYPES = frozenset({"text/html", "application/json"})
SMALLEST_BYTES = 1000
LEVEL = 3
"""A third less of the processor's time than zlib's usual level takes, for a twentieth more bytes."""


class PackedResponse(Response):
    """A page that is packed already."""


def register(app: Flask) -> None:
    """Pack what is worth packing, after everything else has been said about a response."""

    @app.after_request
    def pack(response: Response) -> Response:
        if isinstance(response, PackedResponse):
            return response
        if response.mimetype not in PACKED_TYPES or response.direct_passthrough or not _takes_gzip():
            return response
        if not response.content_encoding and len(body := response.get_data()) >= SMALLEST_BYTES:
            response.set_data(gzip.compress(body, LEVEL, mtime=0))
            response.content_encoding = "gzip"
        return response


def filled(page: Packed, values: Mapping[str, str]) -> Response:
    """Return a page made of HTML with blanks, which is packed already."""
    packed = page.packed(values) if _takes_gzip() else None
    if packed is None:
        return Response(page.filled(values))
    return PackedResponse(packed, headers=(("Content-Encoding", "gzip"),))


def _takes_gzip() -> bool:
    vary("Accept-Encoding")
    return _taken(here.request().environ.get("HTTP_ACCEPT_ENCODING", ""))


@lru_cache(maxsize=256)
def _taken(header: str) -> bool:
    """Tell whether a browser takes gzip; many browsers say it in the same words."""
    return parse_accept_header(header).quality("gzip") > 0
