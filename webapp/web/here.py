"""What Flask's `g`, `request` and `session` stand for while a request is answered.

Through Flask's own names each attribute is a search of its own, in several calls of Python: a function of every request
that needs more than one gets what is behind the name once.
"""

from __future__ import annotations

from typing import Any

import flask
from flask.sessions import SessionMixin

_g: Any = flask.g
_request: Any = flask.request
_session: Any = flask.session


def g() -> Any:
    """Return what is kept while a request is answered; RuntimeError where there is none."""
    return _g._get_current_object()


def request() -> flask.Request:
    """Return the request that is answered; RuntimeError where there is none."""
    found: flask.Request = _request._get_current_object()
    return found


def session() -> SessionMixin:
    """Return what the visitor's cookie says; RuntimeError where no request is answered."""
    found: SessionMixin = _session._get_current_object()
    return found
