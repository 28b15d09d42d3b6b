"""Every database that a store may be kept in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from webapp.conversations.migrations import upgrade
from webapp.conversations.schema import metadata
from webapp.conversations.store import ConversationStore

POSTGRES = "NEWSSTAND_TEST_POSTGRES_URL"
"""Environment variable with the URL of an empty PostgreSQL database; without it the suite runs on SQLite alone."""


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> None:
        """Move on by a timedelta's worth."""
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pytest_report_header() -> str:
    """Say which databases are tried."""
    return f"stores: SQLite{' and PostgreSQL' if POSTGRES in os.environ else f' ({POSTGRES} adds PostgreSQL)'}"


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES in os.environ else ["sqlite"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        (tmp_path / "new folder").mkdir()
        yield f"sqlite:///{tmp_path / 'new folder' / 'turns.sqlite3'}"
        return
    url = os.environ[POSTGRES]
    yield url
    engine = create_engine(url)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    engine.dispose()


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """The URL of an empty database that is up to date."""
    upgrade(empty_database_url)
    return empty_database_url


@pytest.fixture
def open_store(database_url: str, clock: Clock) -> Iterator[Callable[[], ConversationStore]]:
    """Opens further stores of the same database."""
    opened: list[ConversationStore] = []

    def open_one() -> ConversationStore:
        opened.append(ConversationStore(database_url, conversation_days=30, clock=clock))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], ConversationStore]) -> ConversationStore:
    return open_store()
