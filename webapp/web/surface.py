"""Where the chat is shown: on the site itself, on a kiosk in a lobby, in a frame on somebody else's page.

The site knows its visitors by a cookie. A kiosk's visitors change without leaving the page, and browsers keep cookies
from frames; there the page itself makes a ticket, a random text that goes with every question and is gone with it.
A visitor of the site has no cookie before the first answer; should that be lost on its way, the ticket that the page
came with says who asks again.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from enum import StrEnum

from flask import Flask
from werkzeug.exceptions import HTTPException

from webapp.web import here

SURFACE_FIELD = "surface"
TICKET_FIELD = "ticket"
TICKET_BYTES = 16
_TICKET = re.compile(r"[0-9a-f]{32,64}")


class Surface(StrEnum):
    """Where the chat is shown."""

    SITE = "site"
    KIOSK = "kiosk"
    EMBED = "embed"


_NAMED = {surface.value: surface for surface in Surface}


def register(app: Flask) -> None:
    """Give templates ``surface()`` and ``new_ticket()``."""
    app.jinja_env.globals.update(surface=surface, new_ticket=new_ticket)


def new_ticket() -> str:
    """Return a ticket for the forms of this page: the same one in each."""
    own = here.g()
    if "ticket" not in own:
        own.ticket = secrets.token_hex(TICKET_BYTES)
    ticket: str = own.ticket
    return ticket


def surface() -> Surface:
    """Return where what is asked for will be shown: what a form says, else what the address is."""
    own = here.g()
    told: Surface | None = own.get("surface")
    if told is None:
        told = own.surface = _told()
    return told


def _told() -> Surface:
    request = here.request()
    if request.method == "POST":
        return _NAMED.get(said(SURFACE_FIELD), Surface.SITE)
    return _NAMED.get(request.path.split("/")[1], Surface.SITE)


def said(field: str) -> str:
    """Return what the form says, or the address where there is none; nothing of a form too large to be read."""
    request = here.request()
    try:
        values = request.form if request.method == "POST" else request.args
    except HTTPException:
        return ""
    return values.get(field, "")


def ticket_visitor() -> str | None:
    """Return the id of the visitor whose page sent a ticket; None where none came.

    The id is a digest: whoever reads the database cannot make a ticket from it.
    """
    ticket = said(TICKET_FIELD)
    if not _TICKET.fullmatch(ticket):
        return None
    is_site = surface() is Surface.SITE
    if is_site and here.request().method != "POST":
        return None
    # What was asked elsewhere is not opened here.
    return hashlib.sha256(f"{'first ticket' if is_site else 'ticket'} {ticket}".encode()).hexdigest()[:32]
