"""Receipts: enough to ask a question again of the same documents and prove that the reply is the same."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

from webapp.answering.reply import Context, Reply, Scope

FORM = 1
FORM_WITH_TAG = 2
_MOST_BYTES = 100_000
_COMPACT = json.JSONEncoder(separators=(",", ":"))


class ReceiptError(ValueError):
    """A receipt cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says."""

    fingerprint: str
    """First 16 hexadecimal digits of the corpus's fingerprint."""
    target_precision: float
    question: str
    context: Context
    digest: str
    """First 16 hexadecimal digits of a SHA-256 over the outcome, the answer, its place and the confidence."""


def receipt(fingerprint: str, target_precision: float, context: Context, reply: Reply) -> str:
    """Return the receipt of a reply: a URL-safe string."""
    said: list[Any] = [
        FORM if context.scope.tag is None else FORM_WITH_TAG,
        fingerprint[:16],
        target_precision,
        reply.question,
        context.previous,
        context.told,
        context.scope.document_id,
        digest(reply),
        *([] if context.scope.tag is None else [context.scope.tag]),
    ]
    data = _COMPACT.encode(said).encode()
    return base64.urlsafe_b64encode(zlib.compress(data, 1)).decode().rstrip("=")


def read_receipt(text: str) -> Receipt:
    """Read what `receipt` gave.

    Raises:
        ReceiptError: it is damaged, or of another version.
    """
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, _MOST_BYTES)
        form, fingerprint, precision, question, previous, told, document_id, made, *tag = json.loads(data)
        if (form, len(tag)) not in ((FORM, 0), (FORM_WITH_TAG, 1)):
            raise ReceiptError("The receipt is of another version of Newsstand: replay it there.")
        context = Context(
            previous=tuple(previous),
            told=None if told is None else tuple((str(document), int(passage)) for document, passage in told),
            scope=Scope(document_id, str(tag[0]) if tag else None),
        )
        return Receipt(fingerprint, float(precision), question, context, made)
    except ReceiptError:
        raise
    except (ValueError, TypeError, zlib.error, RecursionError) as error:
        raise ReceiptError("This is no receipt, or it is damaged: copy it whole.") from error


def digest(reply: Reply) -> str:
    """Return what must be equal for two replies to be the same."""
    citation = reply.answer.citation if reply.answer else None
    said = [
        reply.outcome.value,
        reply.answer.text if reply.answer else None,
        [citation.document_id, citation.start, citation.end] if citation else None,
        f"{reply.confidence:.4f}",
    ]
    return hashlib.sha256(json.dumps(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]
