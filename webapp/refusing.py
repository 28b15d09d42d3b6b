"""What the server says where no page can: to requests that are no valid HTTP, and to those with too much in their head.

gunicorn's own words would go out without any header and repeat what was sent.
"""

from __future__ import annotations

from socket import socket

from gunicorn import util

from webapp.web.security import HEADERS

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; trusted-types 'none'"
ADVICE = "This request could not be read. Send it again as HTTP/1.1, with a shorter address or fewer headers.\n"
FAULT = "Something went wrong on our side. Try again in a moment.\n"


def begin() -> None:
    """Have gunicorn refuse as we do; it has no setting for that."""
    util.write_error = refuse


def refuse(client: socket, status: int, reason: str, _: str) -> None:
    """Send a whole response to `client`; nothing of what it sent stands in it."""
    util.write_nonblock(client, refusal(status, reason))


def refusal(status: int, reason: str) -> bytes:
    """Return the bytes of a response that ends its connection."""
    body = (FAULT if status >= 500 and status != 501 else ADVICE).encode("ascii")
    headers = {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Content-Security-Policy": POLICY,
        **HEADERS,
    }
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body
