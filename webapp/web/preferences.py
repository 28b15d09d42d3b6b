"""What a visitor chose once for every page: the language and the appearance, each in a cookie of its own."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import quote

from flask import Blueprint, Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.web import cookie_names, languages
from webapp.web.languages import LANGUAGES, lazy_gettext
from webapp.web.services import services

COOKIE_DAYS = 365
APPEARANCE_COOKIE = "newsstand_appearance"
"""Holds nothing but the name of the appearance that the visitor chose."""
# A path of this site: browsers read "//" and "\" at its start as another site's name, and drop tabs and line breaks.
_LOCAL_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,2000}")

blueprint = Blueprint("preferences", __name__)


class Appearance(StrEnum):
    """How pages look; their values stand in the root element's ``data-look``."""

    DEVICE = "device"
    """As the device asks for: light or dark, more or less contrast."""
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"
    """High contrast; light or dark as the device asks for."""


APPEARANCES = {
    Appearance.DEVICE: lazy_gettext("As on this device"),
    Appearance.LIGHT: lazy_gettext("Light"),
    Appearance.DARK: lazy_gettext("Dark"),
    Appearance.CONTRAST: lazy_gettext("High contrast"),
}
"""What each is called, in the order in which they are offered."""


def register(app: Flask) -> None:
    """Let visitors choose; templates get ``appearance()`` and ``here()``, the path to come back to."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(here=here, appearance=appearance, appearances=APPEARANCES)


def appearance() -> Appearance:
    """Return the appearance that the visitor chose."""
    chosen = cookie_names.kept(APPEARANCE_COOKIE)
    return Appearance(chosen) if chosen in APPEARANCES else Appearance.DEVICE


def here() -> str:
    """Return the path and query of this page; the chat's when this page is not there to be visited again."""
    query = request.query_string.decode("ascii", "replace")
    path = quote(request.path) + (f"?{query}" if query else "")
    return path if request.method == "GET" and _LOCAL_PATH.fullmatch(path) else url_for("chat.page")


@blueprint.post("/language")
def choose_language() -> BaseResponse:
    """Keep the choice of a language."""
    chosen = request.form.get("language", "")
    return _keep(languages.COOKIE, chosen) if chosen in LANGUAGES else abort(422)


@blueprint.post("/appearance")
def choose_appearance() -> BaseResponse:
    """Keep the choice of an appearance."""
    chosen = request.form.get("appearance", "")
    return _keep(APPEARANCE_COOKIE, chosen) if chosen in APPEARANCES else abort(422)


def _keep(cookie: str, value: str) -> BaseResponse:
    """Lead back to where the choice was made."""
    back = request.form.get("back", "")
    response = redirect(back if _LOCAL_PATH.fullmatch(back) else url_for("chat.page"), 303)
    response.set_cookie(
        cookie_names.named(cookie),
        value,
        max_age=COOKIE_DAYS * 24 * 3600,
        secure=services().settings.cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
