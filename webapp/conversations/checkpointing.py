"""Empties SQLite's write-ahead log in a thread of its own, so that nobody who asks waits for the disk.

SQLite itself has whoever writes next do it, within their question. While another process writes meanwhile, that may
never come to the log's end: it grows, and each turn after it tries again, with the disk to wait for.
"""

from __future__ import annotations

import logging
import threading

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

PAGES = 4000
"""After how many pages of four kilobytes that this process has written."""
PAGES_OF_ALL, PAGES_OF_ONE = 7, 3
"""About how many pages are written of turns that are kept together, and besides of each of them."""
BUSY_MILLISECONDS = 100
"""How long to wait until nobody writes; as long, at most, may writers be held up by who reads the log."""


class Checkpoints:
    """Brings what was written into the database now and then; safe for threads.

    Args:
        engine: of the database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pages = 0
        self._at_work = threading.Lock()

    def count(self, turns: int) -> None:
        """Note that turns were kept together; one thread at a time does."""
        self._pages += PAGES_OF_ALL + PAGES_OF_ONE * turns
        if self._pages >= PAGES and self._at_work.acquire(blocking=False):
            self._pages = 0
            try:
                threading.Thread(target=self._work, name="checkpoint", daemon=True).start()
            except RuntimeError as error:
                # There may be no room for another thread; the turns are kept all the same.
                self._at_work.release()
                logger.info("the database's log is not emptied now: %s", error)

    def _work(self) -> None:
        try:
            self._empty()
        except SQLAlchemyError as error:
            # Nothing is lost; whoever writes when the log is very long does it.
            logger.info("the database's log could not be emptied: %s", error)
        finally:
            self._at_work.release()

    def _empty(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
            # What others wrote meanwhile is little: they wait while it is brought in, and then begin the log anew.
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(RESTART)")
            # Its patience is not that of others.
            connection.invalidate()
