"""Copies an SQLite database while others write to it, and looks whether one is whole and of which version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from webapp.conversations.engine import PATIENT_SECONDS, open_engine
from webapp.conversations.errors import StorageError, storage_error
from webapp.conversations.migrations import configuration

DAMAGED = "Move it away and restore a backup with “newsstand restore”."


@dataclass(frozen=True, slots=True)
class Examined:
    """What a database is like."""

    revision: str | None
    """Which tables it has; None when it has none yet."""
    conversations: int

    @property
    def is_current(self) -> bool:
        """Whether its tables are those of this code."""
        return self.revision == known_revisions()[0]

    @property
    def is_known(self) -> bool:
        """Whether this code can use it, after bringing it up to date perhaps."""
        return self.revision is None or self.revision in known_revisions()


def known_revisions() -> list[str]:
    """Return the versions of the tables that this code knows, the newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()]


def file_of(database_url: str) -> Path | None:
    """Return the file of an SQLite database; None when it is none, or in memory."""
    try:
        url = make_url(database_url)
    except SQLAlchemyError as error:
        raise StorageError("The database's URL cannot be read. Check NEWSSTAND_DATABASE_URL.") from error
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)) if is_file else None


def copy_database(source: Path, target: Path) -> Examined:
    """Copy a database as it is at one moment, whoever writes to it meanwhile, and look whether the copy is whole.

    Raises:
        StorageError: it cannot be read, or is damaged.
    """
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as reading:
            reading.execute(f"PRAGMA busy_timeout = {1000 * PATIENT_SECONDS}")
            with closing(sqlite3.connect(target)) as writing:
                reading.backup(writing)
                # One file is all there is of it.
                writing.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StorageError(f"{source} cannot be copied ({error}). {DAMAGED}") from error
    return examine_file(target)


def examine_file(file: Path) -> Examined:
    """Look at every page of a database.

    Raises:
        StorageError: it is damaged, or no database.
    """
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as reading:
            found = [row[0] for row in reading.execute("PRAGMA integrity_check")]
            broken = reading.execute("PRAGMA foreign_key_check").fetchone()
            if found != ["ok"] or broken:
                raise StorageError(
                    f"{file} is damaged ({found[0] if found else 'turns without conversation'}). {DAMAGED}"
                )
            tables = {row[0] for row in reading.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "alembic_version" not in tables:
                return Examined(None, 0)
            (revision,) = reading.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
            (count,) = reading.execute("SELECT count(*) FROM conversations").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"{file} cannot be read ({error}). {DAMAGED}") from error
    return Examined(revision, count)


def examine_server(database_url: str) -> Examined:
    """Look at a database that a server keeps.

    Raises:
        StorageError: it cannot be reached.
    """
    engine = open_engine(database_url)
    try:
        with engine.connect() as connection:
            if not engine.dialect.has_table(connection, "alembic_version"):
                return Examined(None, 0)
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            count = connection.execute(text("SELECT count(*) FROM conversations")).scalar_one()
            return Examined(revision, count)
    except SQLAlchemyError as error:
        raise storage_error("The database cannot be reached", error) from None
    finally:
        engine.dispose()
