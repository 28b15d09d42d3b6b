"""Serves the pages with gunicorn: the documents are read once, before the workers fork, and shared by them."""

from __future__ import annotations

import gc
import logging
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from threadpoolctl import threadpool_limits

from webapp import refusing
from webapp.allocating import give_back, keep_scratch
from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from, fields_of
from webapp.answering.saved import SavedIndexError, open_index
from webapp.conversations.errors import StorageError
from webapp.conversations.store import ConversationStore
from webapp.corpus.file_records import Library
from webapp.gunicorn_log import ServerLog
from webapp.logs import begin_log
from webapp.master import Master, hear
from webapp.preflight import shown
from webapp.preparing import MEMORY_FOLDER, bring_up_to_date, own_folder_of, say_not_renewed, with_database
from webapp.renewing.following import Followed, Follower, IndexFolder
from webapp.renewing.generations import Generation, Generations, ServerFolder
from webapp.renewing.keeping import WatcherKeeper
from webapp.retrieval.mapping import map_in
from webapp.secret import SecretError, secret_key
from webapp.settings import Settings
from webapp.tally import WORKERS_BEHIND, Tally
from webapp.web.app import create_app
from webapp.web.dates import load_names
from webapp.web.services import EXTENSION, renew
from webapp.worker.process import LoopWorker

logger = logging.getLogger(__name__)


class ServingError(RuntimeError):
    """The server cannot start; the message says what to do."""


def serve(settings: Settings, host: str, port: int, *, index: Path | None = None) -> int:
    """Serve until stopped; return the exit code. `webapp.preflight` has found nothing wrong.

    Args:
        settings: how to serve.
        host: address to listen on.
        port: its port.
        index: folder of a saved index to start from, instead of the folder of documents.

    Raises:
        ServingError: the data folder cannot be written, the database or the index cannot be used.
    """
    begin_log(settings.log_format, settings.log_level)
    try:
        settings = replace(settings, secret_key=secret_key(settings))
        with with_database(settings) as settings, own_folder_of(settings, index) as own_folder:
            bring_up_to_date(settings)
            read_at = time.time()
            if index is not None:
                opened = open_index(index, target_precision=settings.target_precision)
                library, answerer = opened.library, opened.answerer
            else:
                from webapp.corpus.library import read_folder

                library = read_folder(settings.seeds_path, max_bytes=settings.document_max_bytes)
                answerer = None
            for problem in library.problems:
                logger.warning("%s", problem)
            Server(settings, library, read_at, own_folder, host, port, index=index, answerer=answerer).run()
    except (SecretError, StorageError, SavedIndexError) as error:
        raise ServingError(str(error)) from error
    except KeyboardInterrupt:
        # Stopped before gunicorn took over the signals: just as well.
        return 0
    return 0


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with Newsstand's configuration in code."""

    def __init__(
        self,
        settings: Settings,
        library: Library,
        read_at: float,
        own_folder: ServerFolder | None,
        host: str,
        port: int,
        *,
        index: Path | None = None,
        answerer: Answerer | ManyLanguages | None = None,
    ) -> None:
        """Prepare to serve a library; from a saved index it comes with its folder and its answerer."""
        self.settings = settings
        self.library = library
        self.answerer = answerer
        self.read_at = read_at
        self.own_folder = own_folder
        self.generations: Generations | None = None
        """The server's own generations; None when there can be none."""
        self.followed: Followed | None = IndexFolder(index) if index is not None else None
        """Where the workers look for new generations."""
        self.first = self.followed.current().number if self.followed is not None else 1
        """The number of the one that the server starts with."""
        self.host, self.port = host, port
        self.tally = Tally(settings.workers)
        self.body_max_bytes = settings.body_max_bytes
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults, each for a reason."""
        chosen: dict[str, Any] = {
            "bind": shown(self.host, self.port),
            # Documents and index are loaded once and shared by every worker, copy on write.
            "preload_app": True,
            "workers": self.settings.workers,
            # Slow clients, and slow answers, must not hold up others.
            "worker_class": LoopWorker,
            "threads": self.settings.threads,
            # A worker that is silent for this long is stuck, not busy: an answer takes milliseconds.
            "timeout": 30,
            # Fewer than the files that a process may usually open.
            "worker_connections": 500,
            # On stop, questions under way are finished.
            "graceful_timeout": 10,
            # Long enough for the parts of one page, short enough that idle browsers do not hold places.
            "keepalive": 5,
            # No link or header of ours comes near these; longer ones are refused unread.
            "limit_request_line": 4094,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            # Heartbeat files on a disk can stall a worker when the disk does.
            "worker_tmp_dir": str(MEMORY_FOLDER) if MEMORY_FOLDER.is_dir() else None,
            # What proxies say of the visitor is believed as NEWSSTAND_PROXIES has it, and nowhere else.
            "secure_scheme_headers": {},
            # Nobody steers this server through a socket; without it nothing is written outside the data folder.
            "control_socket_disable": True,
            # Its messages go where all others go; a line a request is written by the application, without addresses.
            "logger_class": ServerLog,
            "accesslog": None,
            "when_ready": self._say_ready,
            "pre_fork": self._give_row,
            "post_fork": self._take_row,
            "post_worker_init": self._begin,
            "child_exit": self._end,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application; called once, before the workers fork."""
        # Many small questions are answered at once: threads of the linear algebra would only get in their way.
        threadpool_limits(1)
        answerer = self.answerer or self._first_generation()
        store = ConversationStore(self.settings.database_location, conversation_days=self.settings.conversation_days)
        app = create_app(
            self.settings,
            answerer=answerer,
            store=store,
            problems=self.library.problems,
            read_at=datetime.fromtimestamp(self.read_at, UTC),
            index_bytes=self._index_bytes(self.first),
            tally=self.tally,
        )
        # Connections belong to the process that opened them: each worker opens its own.
        store.close()
        # What every worker would otherwise make for itself, with the first question and the first request.
        answerer.corpus.fingerprint  # noqa: B018
        for question in answerer.suggestions()[:1]:
            answerer.ask(question)
        load_names()
        app.url_map.update()
        import_module("encodings.idna")
        # The collector would write to every object it looks at, and so copy the pages that workers share.
        gc.collect()
        gc.freeze()
        keep_scratch()
        give_back()
        return app

    def _first_generation(self) -> Answerer | ManyLanguages:
        """Index what was read, saved where that can be: mapped, its pages are shared by every process."""
        if self.own_folder is not None:
            from webapp.renewing.reading import publish

            generations = self.own_folder.generations
            try:
                made = publish(generations, self.library, self.read_at)
                opened = open_index(generations.index(made.number), target_precision=self.settings.target_precision)
            except (OSError, SavedIndexError) as error:
                say_not_renewed(error)
            else:
                self.generations = self.followed = generations
                self.library = opened.library
                return opened.answerer
        return answering_from(self.library.corpus, target_precision=self.settings.target_precision)

    def run(self) -> None:
        """Serve until stopped."""
        Master(self).run()

    def watcher(self) -> WatcherKeeper | None:
        """Return what keeps a watcher of the documents running."""
        if self.generations is None:
            return None
        return WatcherKeeper(
            self.generations,
            self.settings.seeds_path,
            poll_seconds=self.settings.reload_seconds,
            log_format=self.settings.log_format,
            log_level=self.settings.log_level,
            max_bytes=self.settings.document_max_bytes,
            target_precision=self.settings.target_precision,
        )

    def _begin(self, _: Any) -> None:
        """Begin a worker: with the documents as they are now, which may not be those that the server started with."""
        if self.followed is not None:
            left_behind = partial(self.tally.set, WORKERS_BEHIND, 1)
            Follower(self.followed, self.first, partial(self._take_up, self.followed), left_behind).start()
        with suppress(RuntimeError):
            threading.Thread(target=self._map_in, name="mapping", daemon=True).start()
        refusing.begin()
        hear()

    def _map_in(self) -> None:
        """Have what a question reads mapped, beside the first requests."""
        map_in(fields_of(self.wsgi().extensions[EXTENSION].answerer))

    def _take_up(self, generations: Followed, generation: Generation) -> None:
        """Answer from a generation, whole and from the next request on."""
        saved = open_index(generations.index(generation.number), target_precision=self.settings.target_precision)
        # What is made once for all requests is made before the first one.
        saved.answerer.corpus.fingerprint  # noqa: B018
        saved.answerer.suggestions()
        map_in(fields_of(saved.answerer))
        renew(
            self.wsgi(),
            answerer=saved.answerer,
            problems=saved.library.problems,
            read_at=datetime.fromtimestamp(generation.read_at, UTC),
            generation=generation.number,
            index_bytes=self._index_bytes(generation.number),
        )
        self.tally.set(WORKERS_BEHIND, 0)

    def _index_bytes(self, number: int) -> int:
        if self.followed is None:
            return 0
        try:
            return sum(file.stat().st_size for file in self.followed.index(number).iterdir())
        except OSError:
            return 0

    def _give_row(self, _: Any, worker: Any) -> None:
        worker.row = self.tally.claim()

    def _take_row(self, _: Any, worker: Any) -> None:
        self.tally.work_in(worker.row)

    def _end(self, _: Any, worker: Any) -> None:
        self.tally.release(worker.row)
        if self.followed is not None:
            self.followed.forget(worker.pid)

    def _say_ready(self, _: Any) -> None:
        if self.own_folder is not None and self.generations is not None:
            self.own_folder.ready()
        documents, problems = len(self.library.corpus.documents), len(self.library.problems)
        print(
            f"Newsstand answers on http://{shown(self.host, self.port)}/ "
            f"({documents} {'document' if documents == 1 else 'documents'}, "
            f"{problems} {'problem' if problems == 1 else 'problems'}). Ctrl-C stops it.",
            flush=True,
        )
