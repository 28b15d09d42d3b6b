"""What every response says to the browser for the visitor's safety, and which requests are refused.

Forms carry no token: browsers say themselves where a request comes from (``Sec-Fetch-Site``, or ``Origin`` from older
ones and over plain HTTP), and OWASP's cheat sheet on cross-site request forgery accepts that as the defence.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Request, Response

from webapp.web import here
from webapp.web.problems import CrossOrigin

SELF = "'self'"
NOBODY = "'none'"

NONCE_BYTES = 16
HSTS_SECONDS = 365 * 24 * 3600

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set on every response, where a view has not said something else."""
_LINES = {name.lower(): (name, value) for name, value in HEADERS.items()}
_NONCE = "(nonce)"
_POLICY = "content-security-policy"

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def page_nonce() -> str:
    """Return what marks the scripts and the htmx attributes of this response as this server's own.

    htmx's extension ``hx-csp`` lets nothing use htmx that does not carry it, so that markup which slipped into a page
    could not. Made anew for each response.
    """
    own = here.g()
    nonce: str | None = own.get("nonce")
    if nonce is None:
        nonce = own.nonce = secrets.token_urlsafe(NONCE_BYTES)
    return nonce


def content_security_policy(*, frame_ancestors: str = NOBODY, frame_src: str = NOBODY) -> str:
    """Return the policy of this response: everything from this site only, and text never becomes elements.

    Scripts may make elements of text under three names only: ``htmx`` (what it fetched), ``newsstand`` (what
    `static/js/fragments.js` fetched) and ``default`` (the kiosk's keyboard, which gets text without any markup).
    """
    nonce = here.g().get("nonce")
    policy = _policy(frame_ancestors, frame_src, bool(nonce))
    return policy.replace(_NONCE, nonce) if nonce else policy


@lru_cache(maxsize=64)
def _policy(frame_ancestors: str, frame_src: str, has_nonce: bool) -> str:
    return "; ".join(
        (
            f"default-src {NOBODY}",
            f"script-src {SELF} 'nonce-{_NONCE}'" if has_nonce else f"script-src {SELF}",
            f"style-src {SELF}",
            f"img-src {SELF}",
            f"connect-src {SELF}",
            f"font-src {SELF}",
            f"manifest-src {SELF}",
            f"frame-src {frame_src}",
            f"base-uri {NOBODY}",
            f"form-action {SELF}",
            f"frame-ancestors {frame_ancestors}",
            "require-trusted-types-for 'script'",
            "trusted-types htmx newsstand default" if has_nonce else f"trusted-types {NOBODY}",
        )
    )


def register(app: Flask) -> None:
    """Guard every request of `app`; templates get ``nonce()``."""
    app.jinja_env.globals["nonce"] = page_nonce

    @app.before_request
    def refuse_cross_origin() -> None:
        request = here.request()
        if request.method not in SAFE_METHODS and not _same_origin(request):
            raise CrossOrigin


def lines(said: Mapping[str, str], *, secure: bool) -> list[tuple[str, str]]:
    """Return the headers that a response lacks.

    Args:
        said: those that it has, by their names in small letters.
        secure: whether visitors come over TLS only.
    """
    usual = said.keys().isdisjoint(_LINES)
    missing = list(_LINES.values()) if usual else [line for name, line in _LINES.items() if name not in said]
    policy = said.get(_POLICY)
    if policy is None:
        policy = content_security_policy()
        missing.append(("Content-Security-Policy", policy))
    if f"frame-ancestors {NOBODY}" not in policy:
        # Its one value for "some" is not understood by browsers any more; the policy says who may.
        missing.remove(_LINES["x-frame-options"])
    if secure:
        missing.append(("Strict-Transport-Security", f"max-age={HSTS_SECONDS}"))
    return missing


def framed_by(response: Response, origins: Sequence[str]) -> Response:
    """Let pages of `origins` show `response` in a frame, those that are isolated themselves among them."""
    if origins:
        response.headers["Content-Security-Policy"] = content_security_policy(frame_ancestors=" ".join(origins))
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    return response


def _same_origin(request: Request) -> bool:
    """Tell whether the request comes from a page of this site, or from no browser at all."""
    headers = request.environ
    site = headers.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("HTTP_ORIGIN")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False
