"""The signed cookie: its key is worked out once, and it is signed anew when it changes or has become a day old."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from hmac import digest
from typing import Any

from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request, Response
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from itsdangerous.signer import SigningAlgorithm
from werkzeug.http import dump_cookie

from webapp.web.varying import vary

SIGNED_ANEW = timedelta(days=1)
"""How old a cookie becomes before a visit makes it last longer; it lasts that much longer than conversations do."""


class Visit(SecureCookieSession):
    """What the cookie holds, and when it was signed."""

    signed_at: datetime | None = None


class PlainJson(TaggedJSONSerializer):
    """Writes JSON as Flask does, for what is plain: a cookie holds nothing but texts and what is true."""

    _encoder = json.JSONEncoder(separators=(",", ":"))

    def dumps(self, value: dict[str, str | bool]) -> str:
        """Return the JSON."""
        return self._encoder.encode(value)


class Sha256(SigningAlgorithm):
    """HMAC with SHA-256: stronger than Flask's own, and in one step."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the signature of a value."""
        return digest(key, value, "sha256")


class Signer(TimestampSigner):
    """Signs as itsdangerous does; its key is derived once."""

    @cached_property
    def _derived(self) -> bytes:
        return super().derive_key()

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        """Return the key of the signature."""
        return self._derived if secret_key in {None, self.secret_key} else super().derive_key(secret_key)


class Serializer(URLSafeTimedSerializer):
    """Writes and reads cookies as itsdangerous does; who signs them is made once."""

    @cached_property
    def _signer(self) -> Signer:
        return Signer(self.secret_keys, salt=self.salt, **self.signer_kwargs)

    def dump_payload(self, obj: Any) -> bytes:
        """Return what is signed: random ids do not become shorter by packing, so it is not tried."""
        return base64_encode(self.serializer.dumps(obj))

    def make_signer(self, salt: str | bytes | None = None) -> Signer:
        """Return what signs."""
        return self._signer


class Cookie(SecureCookieSessionInterface):
    """Reads and signs the cookie of `app`, in Flask's own format."""

    session_class = Visit
    serializer = PlainJson()
    digest_method = staticmethod(sha256)
    """With which the key is derived."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _serializer(self) -> URLSafeTimedSerializer | None:
        key = self._app.secret_key
        if not key:
            return None
        kwargs = {"key_derivation": self.key_derivation, "digest_method": self.digest_method, "algorithm": Sha256()}
        return Serializer(key, salt=self.salt, serializer=self.serializer, signer_kwargs=kwargs)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs, with its key derived."""
        return self._serializer

    def open_session(self, app: Flask, request: Request) -> Visit | None:
        """Return what a visitor's cookie says; nothing for one that was not signed here, or too long ago.

        One of the future was signed before the clock was set back: its visitor is as well known as any.
        """
        # Programs send no cookies: where there are none, they are not looked through either.
        signed = request.cookies.get(self.get_cookie_name(app)) if "HTTP_COOKIE" in request.environ else None
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
        if not (session or session.accessed or session.modified):
            # Mostly so where programs ask.
            return
        if session.accessed:
            vary("Cookie")
        if session.modified or "Cache-Control" not in response.headers or response.cache_control.no_store:
            if not session:
                super().save_session(app, session, response)
            elif self.should_set_cookie(app, session):
                self._send(app, session, response)

    def _send(self, app: Flask, session: SessionMixin, response: Response) -> None:
        serializer = self._serializer
        if serializer is None:
            return
        expires = self.get_expiration_time(app, session)
        signed = serializer.dumps(dict(session))
        conditions = _conditions(
            int(expires.timestamp()) if expires is not None else None,
            self.get_cookie_path(app),
            secure=self.get_cookie_secure(app),
            httponly=self.get_cookie_httponly(app),
            samesite=self.get_cookie_samesite(app),
        )
        response.headers.add("Set-Cookie", f"{self.get_cookie_name(app)}={signed}{conditions}")
        vary("Cookie")


@lru_cache(maxsize=16)
def _conditions(expires: int | None, path: str, **said: Any) -> str:
    """Return what stands behind a cookie's value: the same for all that are sent within a second."""
    line = dump_cookie("name", "", expires=expires, path=path, **said)
    return line[line.index(";") :]
