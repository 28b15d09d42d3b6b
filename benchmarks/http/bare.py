"""A view that returns a constant, served as Newsstand serves: ``python -m benchmarks.http.bare PORT``."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.constant import constant_view
from webapp.corpus.library import read_folder
from webapp.serving import Server
from webapp.settings import Settings


class Bare(Server):
    """gunicorn as Newsstand configures it, with next to nothing to do."""

    def load(self) -> Any:
        """Return an application that says the same each time."""
        return constant_view()


if __name__ == "__main__":
    with TemporaryDirectory() as empty:
        library = read_folder(Path(empty))
    Bare(Settings.from_environment(), library, time.time(), None, "127.0.0.1", int(sys.argv[1])).run()
