"""What can go wrong with a database, in words an operator can act on."""

from __future__ import annotations

ADVICE = "Check NEWSSTAND_DATABASE_URL, its permissions and the disk."


class StorageError(RuntimeError):
    """The database did not do what was asked; the message says what an operator can do."""

    is_for_operators = True
    """It holds nothing of a visitor."""


def storage_error(what: str, error: Exception, advice: str = ADVICE) -> StorageError:
    """Return the error that says `what` failed, why in the driver's own words, and what to do.

    SQLAlchemy's words are left out: they quote the statement, and more lines of a driver quote values. Both may hold
    what a visitor asked, which has no place in a log.
    """
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return StorageError(f"{what} ({reason or type(error).__name__}). {advice}")
