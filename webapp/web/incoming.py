"""What comes in, made so that whatever reads it may rely on it."""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl, quote

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected
from werkzeug.utils import cached_property

_PRINTABLE = "".join(map(chr, range(32, 127)))
_LENGTH = re.compile(r"[0-9]{1,12}")
FORM = "application/x-www-form-urlencoded"


class Fields(ImmutableMultiDict[str, str]):
    """What a form or an address says."""

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002
        """Return the first value of a field; where there is none, Werkzeug would make an error and catch it."""
        return super().get(key, default, type) if key in self else default


class Incoming(Request):
    """A request whose address is printable ASCII, as RFC 3986 has it.

    Servers hand over other bytes of the query as they came; Werkzeug fails on those that are not UTF-8, and on ends of
    lines when it sends on to another address. Escaped, they read as what they say, or as U+FFFD where they say nothing.
    """

    parameter_storage_class = Fields

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        query = environ.get("QUERY_STRING", "")
        if not (query.isascii() and query.isprintable()):
            environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=_PRINTABLE)
        super().__init__(environ, *args, **kwargs)

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """What the browser kept for us; where it sent none, its other headers are not looked through."""
        return super().cookies if "HTTP_COOKIE" in self.environ else Fields()

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body: read at once where it says how long it is, as Werkzeug would in several steps."""
        most, said = self.max_content_length, _LENGTH.fullmatch(self.environ.get("CONTENT_LENGTH", ""))
        length = int(said[0]) if said and "HTTP_TRANSFER_ENCODING" not in self.environ else None
        if length is None or most is None or length > most:
            return super().stream
        body: bytes = self.environ["wsgi.input"].read(length)
        if len(body) < length:
            raise ClientDisconnected
        return BytesIO(body)

    def _load_form_data(self) -> None:
        """Read a form as Werkzeug does, without what it takes for those with files."""
        if "form" in self.__dict__ or self.mimetype != FORM:
            super()._load_form_data()
            return
        try:
            sent = parse_qsl(self.get_data().decode(), keep_blank_values=True, errors="werkzeug.url_quote")
        except UnicodeDecodeError:
            sent = []
        self.__dict__.update(form=Fields(sent), files=ImmutableMultiDict())


def register(app: Flask) -> None:
    """Have `app` read requests so."""
    app.request_class = Incoming
