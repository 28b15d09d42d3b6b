"""Addresses with their host, for machines that read pages: canonical links, feeds, site maps."""

from __future__ import annotations

from urllib.parse import urljoin

from flask import request

from webapp.web.services import services


def absolute(path: str) -> str:
    """Return an address of this site with its host: the operator's setting, else what the request called it."""
    return urljoin(services().settings.public_url or request.url_root, path)
