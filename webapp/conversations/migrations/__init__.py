"""Brings a database's tables up to date, with Alembic; safe when several processes start at once.

Alembic is imported when there is something to do: most starts find the tables as they should be.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from webapp.conversations.engine import PATIENT_SECONDS, begin_write, open_engine
from webapp.conversations.errors import ADVICE, StorageError, storage_error

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0004"
"""The revision that `versions/` ends with."""
WAIT_SECONDS = 0.1
CHECKED_BYTES = 1 << 28
"""An SQLite file of up to this size is looked through at each start, which takes a second at most."""
_ADVISORY_LOCK = 7_306_086_967_320_191_331
"""Any number that no other program uses: it names our lock in PostgreSQL."""


def upgrade(database_url: str) -> None:
    """Create the tables or bring them up to date.

    Raises:
        StorageError: the database cannot be opened or changed, or is of a newer version.
    """
    engine = open_engine(database_url)
    until = time.monotonic() + PATIENT_SECONDS
    try:
        while True:
            try:
                with engine.connect() as connection:
                    if engine.dialect.name == "sqlite":
                        _check(connection)
                        # Readers then never wait for a writer; the file remembers it.
                        connection.execute(text("PRAGMA journal_mode = WAL"))
                    _upgrade(connection)
                return
            except SQLAlchemyError as error:
                # Setting WAL mode does not wait for another process that sets it too.
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(WAIT_SECONDS)
    except (SQLAlchemyError, OSError) as error:
        told = storage_error(
            "The database cannot be brought up to date",
            error,
            f"{ADVICE} A damaged file must be moved away or restored from a backup.",
        )
        # Where there is none yet, nothing will be as it was.
        told.may_pass = told.may_pass and Path(engine.url.database or "").is_file()
        raise told from error
    finally:
        engine.dispose()


def _check(connection: Connection) -> None:
    """Raise an error when an SQLite file is damaged; a large one is looked at by ``newsstand doctor`` alone."""
    pages, page_bytes = (
        connection.execute(text(f"PRAGMA {what}")).scalar_one() for what in ("page_count", "page_size")
    )
    if pages * page_bytes <= CHECKED_BYTES:
        found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if found != "ok":
            raise DatabaseError("PRAGMA quick_check", None, sqlite3.DatabaseError("the file is damaged"))


def configuration() -> Config:
    """Return Alembic's configuration; it needs no file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _upgrade(connection: Connection) -> None:
    begin_write(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    if not _is_newest(connection):
        from alembic import command
        from alembic.util import CommandError

        config = configuration()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StorageError(
                f"The database is of another version of Newsstand ({error}). "
                "Start the newer version, or another database."
            ) from error
    connection.commit()


def _is_newest(connection: Connection) -> bool:
    """Tell whether the tables are already those of this code."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return list(connection.execute(text("SELECT version_num FROM alembic_version")).scalars()) == [NEWEST]
