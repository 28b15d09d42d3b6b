"""What a response depends on beside its address, so that no cache gives one visitor what is another's."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.http import parse_set_header

from webapp.web import here

VARY = "Vary"


def vary(*names: str) -> None:
    """Say that the response to this request depends on what the request says under these names."""
    own = here.g()
    own.varies = *own.get("varies", ()), *names


def varies(said: str) -> str:
    """Return the header that names what the response depends on; empty where it is nothing.

    Args:
        said: the header as the response has it already.
    """
    return _together(said, here.g().get("varies", ()))


@lru_cache(maxsize=256)
def _together(said: str, names: tuple[str, ...]) -> str:
    """Return the header with more names; there are few of them, and the same each time."""
    together = parse_set_header(said)
    together.update(names)
    return together.to_header()
