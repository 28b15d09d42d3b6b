"""On which days a document is served."""

from __future__ import annotations

from datetime import date

from webapp.corpus.model import Document, Problem, Severity


def lapsed(document: Document, today: date) -> Problem | None:
    """Return why `document` is not served on this day; None when it is."""
    first, last = document.valid_from, document.valid_until
    if first is not None and last is not None and last < first:
        code, message = "never-valid", f"“{document.headline}” is valid until {last}, but from {first} only: on no day."
        advice = "Mend one of the two days."
    elif document.is_over(today):
        code, message = "expired", f"“{document.headline}” was valid until {last}."
        advice = "Remove it, or give it a later day."
    elif first is not None and today < first:
        code, message = "not-yet-valid", f"“{document.headline}” is valid from {first} only."
        advice = "It is served when the documents are read again on that day or later."
    else:
        return None
    severity = Severity.ERROR if code == "never-valid" else Severity.WARNING
    return Problem(document.path, None, code, message, advice, severity)
