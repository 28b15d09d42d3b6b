"""The watcher: a small process that looks whether files changed, and has what changed read in a process of its own.

It imports little and keeps little, for it runs as long as the server. What takes memory, reading and indexing, happens
in a child that ends when it is done.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from webapp.corpus.days import server_day
from webapp.corpus.walking import walk
from webapp.logs import CONSOLE, begin_log
from webapp.renewing.generations import Generations

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
"""How often it looks whether the server is still there."""
REST_SECONDS = 0.5
"""How long files must stay as they are when somebody asks for a reading."""
RESTLESS_SECONDS = 5.0
"""How long such a reading waits for them."""
RETRY_SECONDS = 60.0
"""When a reading that failed is tried again."""
SHARE = 0.05
"""The most of the time that may be spent looking."""

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); import webapp; del sys.path[0]; "
    "from webapp.renewing.watching import main; main(sys.argv[2:])"
)

Signatures = Mapping[str, str | None]


def start(
    generations: Generations,
    seeds: Path,
    *,
    poll_seconds: float,
    max_bytes: int,
    target_precision: float,
    asked: int,
    log_format: str = CONSOLE,
    log_level: str = "warning",
) -> subprocess.Popen[bytes]:
    """Start a watcher beside the server.

    Args:
        generations: where new generations go.
        seeds: the folder of documents.
        poll_seconds: how often to look; 0 means only when asked.
        max_bytes: larger files are refused.
        target_precision: wished-for share of outright answers that are right.
        asked: a pipe's end; whatever is written to the other one asks for a reading.
        log_format: as the setting.
        log_level: as the setting.
    """
    # The same package as the server's, wherever that was found.
    root = Path(__file__).parents[2]
    told = (os.getpid(), generations.folder, seeds, poll_seconds, max_bytes, target_precision, log_format, log_level)
    return subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-P", "-c", _START, str(root), *map(str, told)],
        stdin=asked,
        # Ctrl-C is the server's; it ends the watcher, and whatever that has started.
        process_group=0,
    )


def main(arguments: Sequence[str]) -> None:
    """Watch as `start` says, until the server has ended."""
    server, folder, seeds, poll_seconds, max_bytes, target_precision, log_format, log_level = arguments
    begin_log(log_format, log_level)
    generations = Generations(Path(folder))
    try:
        watcher = Watcher(
            int(server), generations, Path(seeds), float(poll_seconds), int(max_bytes), float(target_precision)
        )
    except OSError as error:
        logger.error("The documents cannot be watched (%s). What was read before is served on.", error)
        sys.exit(1)
    watcher.run()


class Rest:
    """Tells from one look to the next what the files are like that nobody is writing.

    Args:
        read: the signatures of the files as they were read last, by path.
    """

    def __init__(self, read: Signatures) -> None:
        self.read = read
        self._last: Signatures | None = None
        self.waiting: list[str] = []
        """Files that were not the same in the last two looks."""

    def look(self, seen: Signatures) -> Signatures:
        """Return the signature of each file that is as it was in the look before, and of others as they were read."""
        last = self._last if self._last is not None else self.read
        self._last = seen
        self.waiting = sorted(path for path in {*seen, *last} if seen.get(path, "") != last.get(path, ""))
        settled = dict(seen)
        for path in self.waiting:
            settled.pop(path, None)
            if path in self.read:
                settled[path] = self.read[path]
        return settled


class Watcher:
    """Looks at a folder; see `start`."""

    def __init__(
        self,
        server: int,
        generations: Generations,
        seeds: Path,
        poll_seconds: float,
        max_bytes: int,
        target_precision: float,
    ) -> None:
        self._server, self._generations, self._seeds = server, generations, seeds
        self._poll_seconds, self._max_bytes, self._target_precision = poll_seconds, max_bytes, target_precision
        self._rest = Rest(generations.signatures())
        self._day = server_day()

    def run(self) -> None:
        """Watch until the server has ended."""
        next_look = time.monotonic() + self._poll_seconds
        not_before = 0.0
        while self._is_needed():
            if self._is_asked(TICK_SECONDS):
                done = self._read_now()
            elif self._poll_seconds and time.monotonic() >= max(next_look, not_before):
                began = time.monotonic()
                settled = self._look()
                now = time.monotonic()
                next_look = now + max(self._poll_seconds, (now - began) / SHARE)
                if settled == self._rest.read and self._day == server_day():
                    continue
                done = self._read(settled, began)
            else:
                continue
            not_before = 0.0 if done else time.monotonic() + RETRY_SECONDS

    def _is_needed(self) -> bool:
        # Whoever takes over the children of a server that was killed has another id.
        return os.getppid() == self._server

    def _is_asked(self, timeout_seconds: float) -> bool:
        ready, _, _ = select.select([sys.stdin.fileno()], [], [], timeout_seconds)
        # What was asked several times is done once.
        return bool(ready) and bool(os.read(sys.stdin.fileno(), 4096))

    def _look(self) -> Signatures:
        return self._rest.look({file.shown: file.signature for file in walk(self._seeds)})

    def _read_now(self) -> bool:
        """Read what is at rest, and wait a little for what is not."""
        began = time.monotonic()
        settled = self._look()
        while True:
            time.sleep(REST_SECONDS)
            settled = self._look()
            if not self._rest.waiting or time.monotonic() - began > RESTLESS_SECONDS:
                return self._read(settled, began)

    def _read(self, settled: Signatures, began: float) -> bool:
        """Have the folder read and wait for it; tell whether that went well."""
        self._day = server_day()
        child = os.fork()
        if child == 0:
            self._read_in_child(settled, began)
        status = 0
        ended = 0
        while not ended:
            time.sleep(0.1)
            if not self._is_needed():
                os.kill(child, signal.SIGKILL)
            ended, status = os.waitpid(child, os.WNOHANG)
        if os.WIFSIGNALED(status):
            logger.error(
                "The reading of the documents was ended by signal %s. What was read before is served on. "
                "Perhaps there is too little memory.",
                os.WTERMSIG(status),
            )
        if status:
            return False
        self._rest.read = settled
        return True

    def _read_in_child(self, settled: Signatures, began: float) -> None:
        """Read the folder, and end this process."""
        code = 1
        try:
            # It takes seconds to load, and much memory.
            from webapp.renewing.reading import read_again

            done = read_again(
                self._generations,
                self._seeds,
                max_bytes=self._max_bytes,
                target_precision=self._target_precision,
                settled=settled,
                waiting=self._rest.waiting,
                began=began,
            )
            code = 0 if done else 1
        except BaseException:
            logger.exception("The documents could not be read again. What was read before is served on.")
        finally:
            os._exit(code)
