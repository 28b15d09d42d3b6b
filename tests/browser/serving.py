"""A real server on a free port of this machine, and which browser visits it."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from webapp.answering.polyglot import answering_from
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.corpus.library import read_folder
from webapp.settings import Settings
from webapp.web.app import create_app

SEEDS = Path(__file__).parents[2] / "seeds"
DOCUMENTS = Path(__file__).parent / "documents"
PUBLIC_URL = "https://ask.example.org"
"""What visitors' own devices would open; nothing is there."""
PATIENCE_SECONDS = 30
"""How long a page may take for what must come: a busy machine is slow, and nothing is lost by waiting for it."""
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def until(page: Any, script: str, argument: Any = None, timeout_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until a page says that `script` is true.

    Playwright's own wait evaluates its script inside the page when it looks a second time, which a strict policy
    refuses; from outside it may always be asked.
    """
    deadline = time.monotonic() + timeout_seconds
    while not page.evaluate(script, argument):
        assert time.monotonic() < deadline, f"still not so after {timeout_seconds} s: {script}"
        page.wait_for_timeout(50)


@contextmanager
def running(folder: Path, *documents: Path, **settings: Any) -> Iterator[str]:
    """Serve what is in the folders `documents`, keep what is written in `folder`, and give the address."""
    seeds = folder / "seeds"
    for each in documents:
        shutil.copytree(each, seeds, dirs_exist_ok=True)
    database_url = f"sqlite:///{folder / 'newsstand.db'}"
    upgrade(database_url)
    store = ConversationStore(database_url, conversation_days=1)
    answerer = answering_from(read_folder(seeds).corpus)
    chosen = Settings(secret_key="only for tests", data_dir=str(folder), **settings)
    app = create_app(chosen, answerer=answerer, store=store)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    store.close()
