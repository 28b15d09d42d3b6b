"""What a response depends on beside its address, so that no cache gives one visitor what is another's."""

from __future__ import annotations

from functools import lru_cache

from flask import g
from werkzeug.http import parse_set_header

VARY = "Vary"


def vary(*names: str) -> None:
    """Say that the response to this request depends on what the request says under these names."""
    # Said many times for a request: what stands behind `g` is looked up once.
    here = g._get_current_object()
    here.varies = *here.get("varies", ()), *names


def varies(said: str) -> str:
    """Return the header that names what the response depends on; empty where it is nothing.

    Args:
        said: the header as the response has it already.
    """
    return _together(said, g.get("varies", ()))


@lru_cache(maxsize=256)
def _together(said: str, names: tuple[str, ...]) -> str:
    """Return the header with more names; there are few of them, and the same each time."""
    together = parse_set_header(said)
    together.update(names)
    return together.to_header()
