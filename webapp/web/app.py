"""Puts the pages together: one function, one application; nothing happens at import."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.corpus.model import Problem
from webapp.settings import KIOSK, Settings
from webapp.tally import Tally
from webapp.web import (
    addresses,
    api,
    assets,
    chat,
    choosing,
    compression,
    conversations,
    cookie_names,
    deleting,
    embed,
    exporting,
    feedback,
    feeds,
    health,
    incoming,
    kiosk,
    languages,
    measuring,
    metrics,
    outgoing,
    preferences,
    rate_limits,
    reading,
    request_log,
    security,
    sharing,
    surface,
    tracing,
    wording,
)
from webapp.web import problems as request_problems
from webapp.web.cookie import SIGNED_ANEW, Cookie
from webapp.web.look import look_of
from webapp.web.services import EXTENSION, Answering, Services, Turns

logger = logging.getLogger(__name__)


class Application(Flask):
    """A Flask application whose views and hooks are functions, none of them a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` as it is: Flask would look at each of them, at each request."""
        return func


def create_app(
    settings: Settings,
    *,
    answerer: Answering,
    store: Turns,
    problems: Sequence[Problem] = (),
    read_at: datetime | None = None,
    index_bytes: int = 0,
    tally: Tally | None = None,
) -> Flask:
    """Return the application that answers from `answerer` and keeps turns in `store`.

    `problems` are those of the documents, which were read at `read_at`, by default now; ``/readyz`` tells both.
    What is counted goes into `tally`, which all workers share; without one, into one of this process alone.
    """
    app = Application("webapp", static_folder=None, template_folder=str(assets.folder("templates")))
    app.config.update(
        # Without a key that lasts, conversations end when the process does.
        SECRET_KEY=settings.secret_key or secrets.token_hex(32),
        SESSION_COOKIE_NAME=cookie_names.full_name(cookie_names.SESSION, secure=settings.cookie_secure),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.conversation_days) + SIGNED_ANEW,
        MAX_CONTENT_LENGTH=settings.body_max_bytes,
    )
    tally = tally or Tally()
    read_at = read_at or datetime.now(UTC)
    app.extensions[EXTENSION] = Services(
        settings, answerer, store, tuple(problems), read_at, index_bytes=index_bytes, tally=tally
    )
    if settings.proxies:
        # The last so many entries were written by the operator's own proxies; what stands before them, by anybody.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)  # type: ignore[method-assign]
    app.session_interface = Cookie(app)
    app.jinja_env.autoescape = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["url_for"] = addresses.address
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    incoming.register(app)
    # First, so that everything that happens has the request's name.
    request_log.register(app, behind_proxy=settings.proxies > 0)
    measuring.register(app, tally)
    tracing.register(app, behind_proxy=settings.proxies > 0)
    if settings.profile == KIOSK:
        kiosk.close_to_programs(app)
    compression.register(app)
    security.register(app)
    outgoing.register(app, settings)
    rate_limits.register(app, settings)
    languages.register(app)
    wording.register(app)
    surface.register(app)
    request_problems.register(app)
    look = look_of(settings)
    for warning in look.warnings:
        logger.warning("%s", warning)
    assets.register(app, look)
    for part in (
        chat,
        conversations,
        deleting,
        exporting,
        choosing,
        feedback,
        sharing,
        reading,
        feeds,
        preferences,
        api,
        health,
        kiosk,
        embed,
        metrics,
    ):
        part.register(app)
    return app
