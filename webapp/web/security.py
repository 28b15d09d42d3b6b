"""What every response says to the browser for the visitor's safety, and which requests are refused.

Forms carry no token: browsers say themselves where a request comes from (``Sec-Fetch-Site``, or ``Origin`` from older
ones and over plain HTTP), and OWASP's cheat sheet on cross-site request forgery accepts that as the defence.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, request

from webapp.web.problems import CrossOrigin

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "frame-src 'none'",
        "media-src 'none'",
        "worker-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set on every response, where a view has not said something else."""

SELF = "'self'"
FRAMED_BY_NONE = "frame-ancestors 'none'"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def register(app: Flask) -> None:
    """Guard every request and every response of `app`."""

    @app.before_request
    def refuse_cross_origin() -> None:
        if request.method not in SAFE_METHODS and not _same_origin():
            raise CrossOrigin

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if FRAMED_BY_NONE not in response.headers["Content-Security-Policy"]:
            # Its one value for "some" is not understood by browsers any more; the policy says who may.
            del response.headers["X-Frame-Options"]
        return response


def framed_by(response: Response, origins: Sequence[str]) -> Response:
    """Let pages of `origins` show `response` in a frame, those that are isolated themselves among them."""
    if origins:
        policy = CONTENT_SECURITY_POLICY.replace(FRAMED_BY_NONE, f"frame-ancestors {' '.join(origins)}")
        response.headers["Content-Security-Policy"] = policy
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response


def _same_origin() -> bool:
    """Tell whether the request comes from a page of this site, or from no browser at all."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False
