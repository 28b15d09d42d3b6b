"""Migrations bring any database to the tables of the code."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from webapp.conversations.engine import open_engine
from webapp.conversations.errors import StorageError
from webapp.conversations.migrations import NEWEST, configuration, upgrade
from webapp.conversations.schema import metadata


def test_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    """After every migration nothing is left that the schema says and the database lacks, or the other way round."""
    url = f"sqlite:///{tmp_path / 'turns.sqlite3'}"
    upgrade(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_there_is_one_newest_migration() -> None:
    """Two branches would leave a database between them."""
    assert ScriptDirectory.from_config(configuration()).get_heads() == [NEWEST]


def test_a_database_that_is_up_to_date_stays_as_it_is(tmp_path: Path) -> None:
    """The second start changes nothing and loses nothing."""
    file = tmp_path / "turns.sqlite3"
    upgrade(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        conversation = ("one", 0, "2026-05-01 00:00:00")
        connection.execute("INSERT INTO conversations (id, turns, last_asked_at) VALUES (?, ?, ?)", conversation)
    connection.close()
    upgrade(f"sqlite:///{file}")
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (1,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_processes_may_start_at_once(tmp_path: Path) -> None:
    """Several servers that begin on one empty database wait for each other."""
    url = f"sqlite:///{tmp_path / 'turns.sqlite3'}"
    starts = [multiprocessing.get_context("spawn").Process(target=upgrade, args=(url,)) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join(60)
    assert [start.exitcode for start in starts] == [0] * 4


def test_a_folder_with_a_percent_sign_will_do(tmp_path: Path) -> None:
    """Alembic reads percent signs in its own way; a path is none of its business."""
    upgrade(f"sqlite:///{tmp_path / '100% ours' / 'turns.sqlite3'}")


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    """The message says what to do with the file."""
    file = tmp_path / "turns.sqlite3"
    file.write_bytes(b"no database at all, " * 100)
    with pytest.raises(StorageError, match="moved away or restored"):
        upgrade(f"sqlite:///{file}")


def test_a_database_of_a_newer_version_is_told(tmp_path: Path) -> None:
    """An older program keeps its hands off."""
    file = tmp_path / "turns.sqlite3"
    upgrade(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError, match="another version"):
        upgrade(f"sqlite:///{file}")
