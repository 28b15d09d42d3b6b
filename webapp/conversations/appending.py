"""Appends turns to SQLite over one connection of the process, on the driver itself.

A turn is two statements. SQLAlchemy takes twice as long to pass them on as SQLite does to carry them out, so they are
compiled once, with the types of their columns. The process's threads write one after another: SQLite has one writer at
a time, and who waits for it inside SQLite sleeps for longer than an append takes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from webapp.conversations import queries
from webapp.conversations.engine import BUSY_TIMEOUT_SECONDS

FIRST_WAIT_SECONDS = 0.0002
LONGEST_WAIT_SECONDS = 0.002
"""How long to wait for another process before looking again: it doubles from the first to the longest."""


class Prepared:
    """A statement compiled for a database: its text, and what its values become.

    Args:
        statement: what to compile.
        dialect: the database's.
        columns: of an insert, those that are given.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect, columns: list[str] | None = None) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect, column_keys=columns))
        self.text = str(compiled)
        self.names = tuple(compiled.positiontup or ())
        """Of its values, in its order."""
        kinds = [compiled.binds[name].type.dialect_impl(dialect) for name in self.names]
        self._values: list[tuple[str, Any, Callable[[Any], Any] | None]] = [
            (name, compiled.params[name], kind.bind_processor(dialect))
            for name, kind in zip(self.names, kinds, strict=True)
        ]

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Return the values of the statement, in its order, as the driver takes them."""
        return [
            process(given.get(name, usual)) if process is not None else given.get(name, usual)
            for name, usual, process in self._values
        ]


class Appender:
    """Appends turns to an SQLite database. One thread at a time may use it.

    Args:
        engine: of the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cursor: sqlite3.Cursor | None = None
        self._count = Prepared(queries.COUNT_TURN["sqlite"], engine.dialect)
        self._keep = Prepared(queries.KEEP_TURN, engine.dialect, list(queries.KEPT))
        self._number = self._keep.names.index("number")

    def append(self, begun: Mapping[str, Any], kept: Mapping[str, Any]) -> int:
        """Count a turn in its conversation and keep it, in one transaction; return its number.

        Args:
            begun: values of `queries.COUNT_TURN`.
            kept: values of `queries.KEEP_TURN`, all but the number.

        Raises:
            SQLAlchemyError: nothing was kept.
        """
        counted, row = self._count.values(begun), self._keep.values(kept)
        try:
            cursor = self._cursor or self._open()
            _patiently(cursor, "BEGIN IMMEDIATE")
            number: int = cursor.execute(self._count.text, counted).fetchone()[0]
            row[self._number] = number
            cursor.execute(self._keep.text, row)
            _patiently(cursor, "COMMIT")
        except BaseException as error:
            # Whatever it is, no transaction may stay open.
            self.close()
            if isinstance(error, sqlite3.Error):
                told = IntegrityError if isinstance(error, sqlite3.IntegrityError) else DBAPIError
                raise told(None, None, error, hide_parameters=True) from None
            raise
        return number

    def close(self) -> None:
        """Close the connection; the next turn opens another one, in whichever process it comes."""
        cursor, self._cursor = self._cursor, None
        if cursor is not None:
            # First, since SQLite keeps a connection open as long as one of its statements is: a kept exception that
            # knows the cursor would hold on to a file that was opened when its disk was read-only.
            cursor.close()
            cursor.connection.close()

    def _open(self) -> sqlite3.Cursor:
        borrowed = self._engine.raw_connection()
        connection = cast(sqlite3.Connection, borrowed.driver_connection)
        borrowed.detach()
        # Waiting is `_patiently`'s.
        connection.execute("PRAGMA busy_timeout = 0")
        self._cursor = connection.cursor()
        return self._cursor


def _patiently(cursor: sqlite3.Cursor, statement: str) -> None:
    """Execute a statement as soon as no other process writes.

    Raises:
        sqlite3.OperationalError: one wrote for too long, or something else is wrong.
    """
    until = None
    wait_seconds = FIRST_WAIT_SECONDS
    while True:
        try:
            cursor.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            until = until or time.monotonic() + BUSY_TIMEOUT_SECONDS
            if time.monotonic() >= until:
                raise
        time.sleep(wait_seconds)
        wait_seconds = min(2 * wait_seconds, LONGEST_WAIT_SECONDS)
