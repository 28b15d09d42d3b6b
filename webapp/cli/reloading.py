"""Has running servers read their documents again, and tells what came of it."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.showing import count
from webapp.renewing.generations import Generations, Reading, running

LOOK_SECONDS = 0.1
WORKERS_SECONDS = 60.0
"""How long workers may take to open what was read; one that cannot says so in the log."""


def reload(data_folder: Path) -> int:
    """Have every server of a data folder read again, wait until all its workers serve what it read, and print that.

    Returns:
        0 when all is well, 1 when content is lost or the reading failed, 2 when no server runs.
    """
    servers = running(data_folder)
    if not servers:
        print(
            f"newsstand reload: no server that could be told runs with the data folder {data_folder}. "
            "Start one with newsstand serve, or set NEWSSTAND_DATA_DIR as it has it.",
            file=sys.stderr,
        )
        return USAGE
    codes = []
    for process, generations in servers:
        asked = time.monotonic()
        os.kill(process, signal.SIGHUP)
        reading = _wait(generations, asked, data_folder)
        if reading is None:
            print("newsstand reload: the server has stopped.", file=sys.stderr)
            codes.append(CONTENT_LOST)
        else:
            codes.append(_tell(reading))
    return max(codes)


def _wait(generations: Generations, asked: float, data_folder: Path) -> Reading | None:
    """Wait until a reading that began after `asked` is done and served; return None when the server stops meanwhile."""
    until = None
    while any(one.folder == generations.folder for _, one in running(data_folder)):
        reading = generations.reading()
        if reading is not None and reading.began >= asked:
            until = until or time.monotonic() + WORKERS_SECONDS
            if all(number >= reading.generation for number in generations.served()) or time.monotonic() > until:
                return reading
        time.sleep(LOOK_SECONDS)
    return None


def _tell(reading: Reading) -> int:
    for problem in reading.problems:
        print(problem)
    if (more := reading.errors + reading.warnings - len(reading.problems)) > 0:
        print(f"... and {count(more, 'more problem')}.")
    for path in reading.waiting:
        print(f"{path} is being written; it is read when it is at rest.")
    if reading.failure:
        print(f"newsstand reload: {reading.failure} What was read before is served on.", file=sys.stderr)
        return CONTENT_LOST
    unchanged = "" if reading.is_new else "; nothing had changed"
    print(
        f"{count(reading.documents, 'document')} served{unchanged}; "
        f"{count(reading.errors, 'error')}, {count(reading.warnings, 'warning')}."
    )
    return CONTENT_LOST if reading.errors else OK
