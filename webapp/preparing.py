"""What a server stands on before it starts: a database that is up to date, and a folder of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from webapp.conversations.errors import StorageError
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.renewing.generations import ServerFolder
from webapp.settings import KIOSK, Settings

logger = logging.getLogger(__name__)

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - gunicorn keeps heartbeats in it, in files that have no name


@contextmanager
def with_database(settings: Settings) -> Iterator[Settings]:
    """Give settings that say where conversations are kept: for a kiosk in memory, gone when the server stops."""
    if settings.profile != KIOSK or settings.database_url:
        yield settings
        return
    memory = str(MEMORY_FOLDER) if MEMORY_FOLDER.is_dir() else None
    with TemporaryDirectory(prefix="newsstand-", dir=memory) as folder:
        yield replace(settings, database_url=f"sqlite:///{folder}/newsstand.sqlite3")


@contextmanager
def own_folder_of(settings: Settings, index: Path | None) -> Iterator[ServerFolder | None]:
    """Give a folder for generations of the documents; None where nothing can be written, or an index was given."""
    if index is not None:
        yield None
        return
    try:
        own_folder = ServerFolder(settings.data_path)
    except OSError as error:
        say_not_renewed(error)
        yield None
        return
    try:
        yield own_folder
    finally:
        own_folder.remove()


def say_not_renewed(error: Exception) -> None:
    """Warn that documents are read at the start only, and why."""
    logger.warning(
        "Changes of the documents are not noticed before the next start: the data folder cannot be written (%s). "
        "Make it writable, or set NEWSSTAND_DATA_DIR.",
        error,
    )


def bring_up_to_date(settings: Settings) -> None:
    """Prepare the database; where it is only the disk that fails, questions are answered all the same.

    Raises:
        StorageError: there is none yet, it is damaged, or of another version.
    """
    try:
        upgrade(settings.database_location)
        _forget_expired(settings)
    except StorageError as error:
        if not error.may_pass:
            raise
        logger.error("Conversations are neither kept nor read until this is mended: %s", error)


def _forget_expired(settings: Settings) -> None:
    store = ConversationStore(settings.database_location, conversation_days=settings.conversation_days)
    try:
        store.delete_expired()
    finally:
        store.close()
