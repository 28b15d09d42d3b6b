"""What goes out, with the headers that every response has.

They are put in when a response begins, as the server takes them: Flask's own ways to set one look through all others.
What a view has said stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask

from webapp.logs import request_id
from webapp.settings import Settings
from webapp.web import here
from webapp.web.request_log import HEADER as NAME
from webapp.web.security import lines
from webapp.web.varying import VARY, varies

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment


def register(app: Flask, settings: Settings) -> None:
    """Complete the headers of every response of `app`."""
    answer = app.wsgi_app

    def complete(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said = {name.lower(): value for name, value in headers}
            secure = settings.cookie_secure or environ["wsgi.url_scheme"] == "https"
            headers += lines(said, secure=secure)
            headers.append((NAME, request_id.get()))
            language = here.g().get("content_language")
            if language is not None:
                headers.append(("Content-Language", language))
            before = said.get("vary", "")
            if now := varies(before):
                if before:
                    headers = [(name, value) for name, value in headers if name.lower() != "vary"]
                headers.append((VARY, now))
            return start_response(status, headers, *error)

        return answer(environ, start)

    app.wsgi_app = complete  # type: ignore[method-assign]
