"""Keeps visitors known when the clock is set back: their cookie then comes from what is the future now."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, SignatureExpired


class PatientSessions(SecureCookieSessionInterface):
    """Flask's own sessions; a cookie that was signed later than now counts as signed now."""

    def open_session(self, app: Flask, request: Request) -> Any:
        """Return what the cookie says; an empty session where there is none, or a forged or old one."""
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not cookie:
            return super().open_session(app, request)
        max_age = int(app.permanent_session_lifetime.total_seconds())
        try:
            return self.session_class(serializer.loads(cookie, max_age=max_age))
        except SignatureExpired as expired:
            signed = expired.date_signed
            if signed is not None and signed.timestamp() > time.time():
                return self.session_class(serializer.loads(cookie))
        except BadSignature:
            pass
        return self.session_class()
