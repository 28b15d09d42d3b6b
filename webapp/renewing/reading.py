"""Reads a folder again and makes a generation of it; what the watcher's child does."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from threadpoolctl import threadpool_limits

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.answering.saved import SavedIndexError, open_index, save_index
from webapp.corpus.library import Library, read_folder
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
            if library != before:
                is_same = library.corpus == before.corpus
                answerer = (
                    saved.answerer if is_same else answering_from(library.corpus, target_precision=target_precision)
                )
                made = publish(generations, answerer, library, read_at)
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


def publish(
    generations: Generations, answerer: Answerer | ManyLanguages, library: Library, read_at: float
) -> Generation:
    """Save what was read as a generation and let it be served.

    Raises:
        OSError, SavedIndexError: it cannot be saved.
    """
    signatures = {file.path: file.signature for file in library.files}
    return generations.publish(partial(save_index, answerer=answerer, library=library), signatures, read_at)
