"""Opens databases: SQLite with what keeps several processes from standing in each other's way, PostgreSQL as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from webapp.conversations.errors import StorageError

BUSY_TIMEOUT_SECONDS = 3
"""How long a write waits for another one to end; ours take milliseconds, and somebody waits for an answer."""

CHECKPOINT_PAGES = 16_000
"""Length of SQLite's write-ahead log, 64 MB, at which whoever writes empties it; `checkpointing` does so much
earlier."""

PATIENT_SECONDS = 10
"""How long one waits for whom nobody else waits, as at the start."""


class Written(str):
    """JSON that is written already: columns take it as it is."""

    __slots__ = ()


def open_engine(database_url: str) -> Engine:
    """Return an engine for a URL; the folder of an SQLite file is made.

    Raises:
        StorageError: the URL cannot be read or its driver is not installed.
    """
    try:
        url = make_url(database_url)
        if url.get_backend_name() != "sqlite":
            # A connection that the server has closed meanwhile is replaced, not handed out.
            # Values stay out of error messages: they hold what visitors asked.
            return create_engine(url, pool_pre_ping=True, hide_parameters=True, json_serializer=_written)
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS}, hide_parameters=True, json_serializer=_written
        )
    except ModuleNotFoundError as error:
        raise StorageError(f"{error.name} is missing: pip install 'newsstand[postgres]'.") from error
    except (SQLAlchemyError, OSError) as error:
        raise StorageError(f"The database cannot be opened: {error}. Check NEWSSTAND_DATABASE_URL.") from error
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _written(value: Any) -> str:
    return value if isinstance(value, Written) else json.dumps(value)


def begin_write(connection: Connection) -> None:
    """Begin a transaction that may write.

    A deferred SQLite transaction that turns into a write fails at once when another process writes, however long the
    timeout; an immediate one waits for its turn.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def probe_write(connection: Connection) -> None:
    """Write what is there already: on a full disk that fails as any other write does."""
    if connection.dialect.name == "sqlite":
        version = connection.execute(text("PRAGMA user_version")).scalar_one()
        connection.execute(text(f"PRAGMA user_version = {int(version)}"))


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    # Leave transactions to us: sqlite3 would begin deferred ones by itself.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # In WAL mode a killed process loses nothing that was committed; only a loss of power may.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
