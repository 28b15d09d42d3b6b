"""What a response depends on beside its address, so that no cache gives one visitor what is another's."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.http import parse_set_header
from werkzeug.wrappers import Response

VARY = "Vary"


def vary(response: Response, *names: str) -> None:
    """Say that `response` depends on what the request says under these names."""
    headers = response.headers
    said = headers.get(VARY)
    if said is None:
        headers.add(VARY, ", ".join(names))
    elif (now := _with(said, names)) != said:
        headers.set(VARY, now)


@lru_cache(maxsize=256)
def _with(said: str, names: tuple[str, ...]) -> str:
    """Return the header with more names; there are few of them, and the same each time."""
    together = parse_set_header(said)
    together.update(names)
    return together.to_header()
