"""Addresses of this site: within pages, and with their host for machines that read them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urljoin

import flask
from flask import request

from webapp.web.services import services


def absolute(path: str) -> str:
    """Return an address of this site with its host: the operator's setting, else what the request called it."""
    return urljoin(services().settings.public_url or request.url_root, path)


def address(endpoint: str, **values: str | int | None) -> str:
    """Return the address of a view within this site: `flask.url_for`, which works each out anew, remembered."""
    return _address(request.script_root, endpoint, tuple(values.items()))


@lru_cache(maxsize=1024)
def _address(_: str, endpoint: str, values: tuple[tuple[str, str | int | None], ...]) -> str:
    return flask.url_for(endpoint, **dict(values))  # type: ignore[arg-type]  # _anchor among them
