"""Tells when a request has come, by its bytes; what is wrong with it, gunicorn's parser tells."""

from __future__ import annotations

import re
from enum import Enum

HEAD_MAX_BYTES = 16 * 1024
CHUNK_BYTES = 6
"""What comes with a byte that is sent by itself: its length, and two ends of lines."""

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Has(Enum):
    """What has come of a request."""

    A_PART = "a part"
    A_HEAD = "a head that waits to be told to go on"
    ALL = "all, or what the parser refuses"
    TOO_MUCH = "so much that the application refuses it by its head"
    NO_USE = "a head longer than any of ours"


def what_came(data: bytes, body_max_bytes: int) -> Has:
    """Tell what has come of the request that `data` begins, whose body may be as long as `body_max_bytes`."""
    head, blank_line, body = data.partition(b"\r\n\r\n")
    if not blank_line:
        return Has.NO_USE if len(data) > HEAD_MAX_BYTES else Has.A_PART
    head += b"\r\n"
    if _CHUNKED.search(head):
        whole = chunks_came(body)
        too_much = not whole and len(body) > CHUNK_BYTES * body_max_bytes
    else:
        length = _LENGTH.search(head)
        needed = int(length[1]) if length else 0
        whole = len(body) >= needed
        too_much = not whole and needed > body_max_bytes
    if whole:
        return Has.ALL
    if too_much:
        return Has.TOO_MUCH
    return Has.A_HEAD if not body and _EXPECTS.search(head) else Has.A_PART


def chunks_came(body: bytes) -> bool:
    """Tell whether a chunked body (RFC 9112, section 7.1) has come to its end, or cannot be read any further."""
    place = 0
    while True:
        end = body.find(b"\r\n", place)
        if end < 0:
            return False
        try:
            size = int(body[place:end].partition(b";")[0], 16)
        except ValueError:
            return True
        place = end + 2
        if size <= 0:
            return body.startswith(b"\r\n", place) or body.find(b"\r\n\r\n", place) >= 0
        place += size + 2
