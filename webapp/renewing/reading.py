"""Reads a folder again and makes a generation of it; what the watcher's child does."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from threadpoolctl import threadpool_limits

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages
from webapp.answering.saved import SavedIndexError, build_and_save, open_index, save_index
from webapp.corpus.file_records import Library
from webapp.corpus.library import read_folder
from webapp.corpus.model import Severity
from webapp.renewing.generations import Generation, Generations, Reading

logger = logging.getLogger(__name__)

NICENESS = 5
"""How far reading and indexing stand back behind the answers."""
PROBLEMS_NOTED = 50


def read_again(
    generations: Generations,
    seeds: Path,
    *,
    max_bytes: int,
    target_precision: float,
    settled: Mapping[str, str | None],
    waiting: Sequence[str],
    began: float,
) -> bool:
    """Read what changed and publish a generation when anything differs; tell whether that went well.

    Args:
        generations: where the generation before is, and the next one goes.
        seeds: the folder of documents.
        max_bytes: larger files are refused.
        target_precision: wished-for share of outright answers that are right.
        settled: the signatures of the files that are at rest; see `webapp.corpus.library.read_folder`.
        waiting: the files that are not.
        began: when this reading was begun, on the monotonic clock.
    """
    os.nice(NICENESS)
    threadpool_limits(1)
    try:
        with generations.building():
            current = generations.current()
            saved = open_index(generations.index(current.number), target_precision=target_precision)
            before, read_at = saved.library, time.time()
            library = read_folder(seeds, max_bytes=max_bytes, before=before, settled=settled)
            made = current
            if differs(library, before):
                is_same = list(library.corpus.documents) == list(before.corpus.documents)
                made = publish(generations, library, read_at, saved.answerer if is_same else None)
    except (OSError, SavedIndexError) as error:
        logger.error("The documents could not be read again: %s. What was read before is served on.", error)
        with suppress(OSError):
            generations.note(Reading(began, 0, False, failure=str(error)))
        return False
    known = set(before.problems)
    for problem in library.problems:
        if problem not in known:
            logger.warning("%s", problem)
    errors = sum(problem.severity is Severity.ERROR for problem in library.problems)
    reading = Reading(
        began,
        made.number,
        made != current,
        len(library.corpus.documents),
        errors,
        len(library.problems) - errors,
        tuple(str(problem) for problem in library.problems[:PROBLEMS_NOTED]),
        tuple(waiting),
    )
    with suppress(OSError):
        generations.note(reading)
    return True


def differs(library: Library, before: Library) -> bool:
    """Tell whether anything that is served or told is another than before.

    What a file holds is not compared: one that did not change gives what it gave, and one that did has another record.
    """
    return (
        tuple(library.files) != tuple(before.files)
        or library.problems != before.problems
        or list(library.corpus.numbers) != list(before.corpus.numbers)
    )


def publish(
    generations: Generations, library: Library, read_at: float, answerer: Answerer | ManyLanguages | None = None
) -> Generation:
    """Save what was read as a generation and let it be served; it is indexed anew where no answerer of it is given.

    Raises:
        OSError, SavedIndexError: it cannot be saved.
    """
    signatures = {file.path: file.signature for file in library.files}

    def save(folder: Path) -> None:
        if answerer is None:
            build_and_save(folder, library)
        else:
            save_index(folder, answerer, library)

    return generations.publish(save, signatures, read_at)
