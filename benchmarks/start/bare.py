"""A view that returns a constant, under gunicorn alone: ``python -m benchmarks.start.bare PORT``.

As many workers and threads as Newsstand has by itself, the application loaded before they fork, and no code of ours.
"""

from __future__ import annotations

import sys
from typing import Any

from gunicorn.app.base import BaseApplication

from benchmarks.constant import constant_view

WORKERS, THREADS = 2, 4


class Bare(BaseApplication):
    def load_config(self) -> None:
        chosen = {"bind": f"127.0.0.1:{sys.argv[1]}", "workers": WORKERS, "threads": THREADS, "preload_app": True}
        for name, value in {**chosen, "worker_class": "gthread", "control_socket_disable": True}.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return constant_view()


if __name__ == "__main__":
    Bare().run()
