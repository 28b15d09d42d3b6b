"""What cookies are called: behind TLS with the prefix by which browsers take them from this host alone.

A cookie whose name begins with ``__Host-`` can be set neither over plain HTTP nor by another host of the same domain,
so that nobody there can make a visitor go on with a conversation that is not theirs.
"""

from __future__ import annotations

from flask import current_app

from webapp.web import here

HOST_PREFIX = "__Host-"
SESSION = "newsstand"
"""Who visits, and their conversation; signed."""


def full_name(name: str, *, secure: bool) -> str:
    """Return what the cookie `name` is called where cookies are sent over TLS only, and where not."""
    return HOST_PREFIX + name if secure else name


def named(name: str) -> str:
    """Return what the cookie `name` is called here."""
    return full_name(name, secure=bool(current_app.config["SESSION_COOKIE_SECURE"]))


def kept(name: str) -> str:
    """Return what the cookie `name` of this request holds; nothing where there is none."""
    request = here.request()
    return request.cookies.get(named(name), "") if "HTTP_COOKIE" in request.environ else ""
