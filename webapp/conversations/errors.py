"""What can go wrong with a database, in words an operator can act on."""

from __future__ import annotations

import sqlite3

ADVICE = "Check NEWSSTAND_DATABASE_URL, its permissions and the disk."

_DISK = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


class StorageError(RuntimeError):
    """The database did not do what was asked; the message says what an operator can do."""

    is_for_operators = True
    """It holds nothing of a visitor."""
    may_pass = False
    """Whether it is the disk's fault, full or read-only: once that is mended the database is as it was."""


def storage_error(what: str, error: Exception, advice: str = ADVICE) -> StorageError:
    """Return the error that says `what` failed, why in the driver's own words, and what to do.

    SQLAlchemy's words are left out: they quote the statement, and more lines of a driver quote values. Both may hold
    what a visitor asked, which has no place in a log.
    """
    reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    told = StorageError(f"{what} ({reason or type(error).__name__}). {advice}")
    told.may_pass = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0) & 0xFF in _DISK
    return told
