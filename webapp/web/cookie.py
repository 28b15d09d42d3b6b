"""The signed cookie: its key is worked out once, and it is signed anew when it changes or has become a day old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import sha256

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer

SIGNED_ANEW = timedelta(days=1)
"""How old a cookie becomes before a visit makes it last longer; it lasts that much longer than conversations do."""


class Visit(SecureCookieSession):
    """What the cookie holds, and when it was signed."""

    signed_at: datetime | None = None


class Cookie(SecureCookieSessionInterface):
    """Reads and signs the cookie of `app`, in Flask's own format."""

    session_class = Visit
    digest_method = staticmethod(sha256)
    """Of the signature: stronger than Flask's own."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _serializer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self._app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs, with its key derived."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> Visit | None:
        """Return what a visitor's cookie says; nothing for one that was not signed here, or too long ago.

        One of the future was signed before the clock was set back: its visitor is as well known as any.
        """
        signed = request.cookies.get(self.get_cookie_name(app))
        serializer = self._serializer
        if not signed or serializer is None:
            return Visit()
        lasts_seconds = int(app.permanent_session_lifetime.total_seconds())
        try:
            said, signed_at = serializer.loads(signed, return_timestamp=True)
        except BadSignature:
            return Visit()
        if datetime.now(UTC) - signed_at > timedelta(seconds=lasts_seconds):
            return Visit()
        visit = Visit(said)
        visit.signed_at = signed_at
        return visit

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Tell whether the cookie is to be signed anew."""
        if session.modified:
            return True
        signed_at = getattr(session, "signed_at", None)
        return signed_at is not None and abs(datetime.now(UTC) - signed_at) > SIGNED_ANEW

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie with what no cache keeps; what may be kept for others comes without anybody's."""
        if session.modified or response.cache_control.no_store:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")
