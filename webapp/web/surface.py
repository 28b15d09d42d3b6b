"""Where the chat is shown: on the site itself, on a kiosk in a lobby, in a frame on somebody else's page.

The site knows its visitors by a cookie. A kiosk's visitors change without leaving the page, and browsers keep cookies
from frames; there the page itself makes a ticket, a random text that goes with every question and is gone with it.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum

from flask import Flask, request
from werkzeug.exceptions import HTTPException

SURFACE_FIELD = "surface"
TICKET_FIELD = "ticket"
_TICKET = re.compile(r"[0-9a-f]{32,64}")


class Surface(StrEnum):
    """Where the chat is shown."""

    SITE = "site"
    KIOSK = "kiosk"
    EMBED = "embed"


_NAMED = {surface.value: surface for surface in Surface}


def register(app: Flask) -> None:
    """Give templates ``surface()``."""
    app.jinja_env.globals["surface"] = surface


def surface() -> Surface:
    """Return where what is asked for will be shown: what a form says, else what the address is."""
    if request.method == "POST":
        return _NAMED.get(said(SURFACE_FIELD), Surface.SITE)
    return _NAMED.get(request.path.split("/")[1], Surface.SITE)


def said(field: str) -> str:
    """Return what the form says, or the address where there is none; nothing of a form too large to be read."""
    try:
        values = request.form if request.method == "POST" else request.args
    except HTTPException:
        return ""
    return values.get(field, "")


def ticket_visitor() -> str | None:
    """Return the id of the visitor whose page sent a ticket; None where none came, and on the site itself.

    The id is a digest: whoever reads the database cannot make a ticket from it.
    """
    ticket = said(TICKET_FIELD)
    if surface() is Surface.SITE or not _TICKET.fullmatch(ticket):
        return None
    return hashlib.sha256(f"ticket {ticket}".encode()).hexdigest()[:32]
