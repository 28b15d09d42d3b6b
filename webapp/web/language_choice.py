"""The visitor's choice of a language, kept in a cookie of its own."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Blueprint, Flask, abort, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.web.languages import COOKIE, LANGUAGES
from webapp.web.services import services

COOKIE_DAYS = 365
# A path of this site: browsers read "//" and "\" at its start as another site's name, and drop tabs and line breaks.
_LOCAL_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,2000}")

blueprint = Blueprint("language_choice", __name__)


def register(app: Flask) -> None:
    """Let visitors choose their language; templates get ``here()``, the path to come back to."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["here"] = here


def here() -> str:
    """Return the path and query of this page; the chat's when this page is not there to be visited again."""
    query = request.query_string.decode("ascii", "replace")
    path = quote(request.path) + (f"?{query}" if query else "")
    return path if request.method == "GET" and _LOCAL_PATH.fullmatch(path) else url_for("chat.page")


@blueprint.post("/language")
def choose() -> BaseResponse:
    """Keep the choice and lead back to where it was made."""
    language = LANGUAGES.get(request.form.get("language", ""))
    if language is None:
        abort(422)
    back = request.form.get("back", "")
    response = redirect(back if _LOCAL_PATH.fullmatch(back) else url_for("chat.page"), 303)
    response.set_cookie(
        COOKIE,
        language.tag,
        max_age=COOKIE_DAYS * 24 * 3600,
        secure=services().settings.cookie_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
