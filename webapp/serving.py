"""Serves the pages with gunicorn: the documents are read once, before the workers fork, and shared by them."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from webapp.answering.answerer import Answerer
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore, StorageError
from webapp.corpus.library import Library, read_folder
from webapp.settings import Settings

logger = logging.getLogger(__name__)

SECRET_KEY_BYTES = 32


class ServingError(RuntimeError):
    """The server cannot start; the message says what to do."""


def seeds_folder(settings: Settings) -> Path:
    """Return the folder of documents: the setting, else ./seeds, else the ones that ship with Newsstand."""
    if settings.seeds:
        return Path(settings.seeds)
    here = Path("seeds")
    if here.is_dir():
        return here
    packaged = Path(__file__).parent / "seeds"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "seeds"


def database_url(settings: Settings) -> str:
    """Return where conversations are kept: the setting, else an SQLite file in the data folder."""
    return settings.database_url or f"sqlite:///{(settings.data_path / 'newsstand.sqlite3').resolve()}"


def secret_key(settings: Settings) -> str:
    """Return the setting, or a random key that is made once and kept in the data folder, for its owner only.

    Raises:
        ServingError: the key can be neither read nor written.
    """
    if settings.secret_key:
        return settings.secret_key
    file = settings.data_path / "secret_key"
    try:
        settings.data_path.mkdir(parents=True, exist_ok=True)
        made = settings.data_path / f".secret_key.{os.getpid()}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(SECRET_KEY_BYTES))
        try:
            # A link is there whole or not at all, and never replaces the key of another process.
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return file.read_text(encoding="ascii")
    except OSError as error:
        raise ServingError(
            f"The key in {file} can be neither read nor made ({error.strerror}). Make {settings.data_path} writable, "
            "or set NEWSSTAND_DATA_DIR or NEWSSTAND_SECRET_KEY."
        ) from error


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn with Newsstand's configuration in code."""

    def __init__(self, settings: Settings, library: Library, host: str, port: int) -> None:
        self.settings = settings
        self.library = library
        self.host, self.port = host, port
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults, each for a reason."""
        chosen: dict[str, Any] = {
            "bind": f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}",
            # Documents and index are loaded once and shared by every worker, copy on write.
            "preload_app": True,
            "workers": self.settings.workers,
            # Threads: one slow client must not hold up a whole process.
            "worker_class": "gthread",
            "threads": self.settings.threads,
            # A worker that is silent for this long is stuck, not busy: an answer takes milliseconds.
            "timeout": 30,
            # On stop, questions under way are finished.
            "graceful_timeout": 10,
            "keepalive": 5,
            # No form or link of ours comes near these; long ones are attacks.
            "limit_request_line": 4094,
            "limit_request_fields": 64,
            "limit_request_field_size": 8190,
            # Heartbeat files on disk can stall a worker when the disk does.
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 - gunicorn's advice
            "loglevel": "warning",
            "when_ready": self._say_ready,
            "post_fork": _after_fork,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application; called once, before the workers fork."""
        from webapp.web.app import create_app

        answerer = Answerer.build(self.library.corpus, target_precision=self.settings.target_precision)
        store = ConversationStore(database_url(self.settings), conversation_days=self.settings.conversation_days)
        app = create_app(self.settings, answerer=answerer, store=store, problems=self.library.problems)
        # Connections belong to the process that opened them.
        store.close()
        return app

    def _say_ready(self, _: Any) -> None:
        shown = "127.0.0.1" if self.host in ("", "0.0.0.0") else self.host  # noqa: S104 - shown, not bound
        documents = len(self.library.corpus.documents)
        print(
            f"Newsstand answers from {documents} {'document' if documents == 1 else 'documents'} "
            f"on http://{shown}:{self.port}/ (Ctrl-C stops it)",
            flush=True,
        )


def _after_fork(_server: Any, worker: Any) -> None:
    """Forget in the child what the parent was asked to do on Ctrl-C."""
    worker.log.debug("worker %s began", worker.pid)


def serve(settings: Settings, host: str, port: int) -> int:
    """Serve until stopped; return the exit code.

    Raises:
        ServingError: the port is taken, the data folder cannot be written, or the database cannot be used.
    """
    from dataclasses import replace

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    _check_port(host, port)
    settings = replace(settings, secret_key=secret_key(settings))
    try:
        upgrade(database_url(settings))
    except StorageError as error:
        raise ServingError(str(error)) from error
    folder = seeds_folder(settings)
    library = read_folder(folder, max_bytes=settings.document_max_bytes)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    Server(settings, library, host, port).run()
    return 0


def _check_port(host: str, port: int) -> None:
    """Say plainly, before anything is loaded, that an address cannot be served."""
    try:
        family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServingError(f"Port {port} of {host} is in use. Choose another one: PORT=8001.") from error
        raise ServingError(f"{host}:{port} cannot be served ({error.strerror}). Choose another HOST or PORT.") from error
