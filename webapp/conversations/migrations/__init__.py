"""Brings a database's tables up to date, with Alembic; safe when several processes start at once."""

from __future__ import annotations

import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from webapp.conversations.engine import BUSY_TIMEOUT_SECONDS, begin_write, open_engine
from webapp.conversations.errors import ADVICE, StorageError, storage_error

WAIT_SECONDS = 0.1
_ADVISORY_LOCK = 7_306_086_967_320_191_331
"""Any number that no other program uses: it names our lock in PostgreSQL."""


def upgrade(database_url: str) -> None:
    """Create the tables or bring them up to date.

    Raises:
        StorageError: the database cannot be opened or changed, or is of a newer version.
    """
    engine = open_engine(database_url)
    until = time.monotonic() + BUSY_TIMEOUT_SECONDS
    try:
        while True:
            try:
                with engine.connect() as connection:
                    if engine.dialect.name == "sqlite":
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
        raise storage_error(
            "The database cannot be brought up to date",
            error,
            f"{ADVICE} A damaged file must be moved away or restored from a backup.",
        ) from error
    except CommandError as error:
        raise StorageError(
            f"The database is of another version of Newsstand ({error}). Start the newer version, or another database."
        ) from error
    finally:
        engine.dispose()


def configuration() -> Config:
    """Return Alembic's configuration; it needs no file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _upgrade(connection: Connection) -> None:
    begin_write(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
