"""Builds and saves an index, telling how far it is and how long it will take."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from webapp.answering.saved import SavedIndexError, build_and_save, open_index, verify_index
from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.showing import count, tell_problems
from webapp.corpus.library import read_folder
from webapp.settings import Settings

SUFFIX = ".index"
READ_SHARE = 0.2
"""Share of the work that reading the files is, as measured."""
TOLD_EVERY = 0.1
"""Off a terminal, a line is written whenever this share more is done."""
FORETOLD_FROM = 0.02
"""Before this share is done nobody knows how long the rest takes."""

Tell = Callable[[str, float], None]


def index(settings: Settings, folder: Path, output: Path | None) -> int:
    """Build the index of a folder of documents and save it; return 1 when no document can be served."""
    if not folder.is_dir():
        print(f"newsstand index: {folder} is no folder. Give the folder that holds the documents.", file=sys.stderr)
        return USAGE
    target = output or folder.resolve().with_name(folder.resolve().name + SUFFIX)
    began = monotonic()
    try:
        with _progress() as tell:
            library = read_folder(
                folder,
                max_bytes=settings.document_max_bytes,
                tell=lambda done: tell("reading files", READ_SHARE * done),
            )
            # The documents stay: nobody needs to look again and again whether they may go.
            gc.freeze()
            if library.corpus.documents:
                build_and_save(target, library, lambda step, done: tell(step, READ_SHARE + (1 - READ_SHARE) * done))
    except SavedIndexError as error:
        print(f"newsstand index: {error}", file=sys.stderr)
        return USAGE
    tell_problems(library.problems)
    if not library.corpus.documents:
        return CONTENT_LOST
    documents = count(len(library.corpus.documents), "document")
    print(f"{documents} indexed in {target} in {_span(monotonic() - began)}.")
    print(f"Serve them with “newsstand serve --index {target}”.")
    return OK


def verify(folder: Path) -> int:
    """Compare every byte of a saved index with its checksum."""
    try:
        verify_index(folder)
        found = open_index(folder, target_precision=Settings().target_precision)
    except SavedIndexError as error:
        print(f"newsstand index: {error}", file=sys.stderr)
        return CONTENT_LOST
    print(f"The index in {folder} is whole: {count(len(found.library.corpus.documents), 'document')}.")
    return OK


@contextmanager
def _progress() -> Iterator[Tell]:
    """Show how far it is: a bar on a terminal, else a line now and then; both on standard error."""
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    began = monotonic()
    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[left]}")
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("starting", total=1.0, left="")
        told = ""

        def tell(step: str, done: float) -> None:
            nonlocal told
            left = _left(done, monotonic() - began)
            # Steps that take less than a moment are shown, too.
            progress.update(bar, description=step, completed=done, left=left, refresh=step != told)
            told = step

        yield tell


class _Lines:
    """Writes a line for each tenth that is done."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._next = TOLD_EVERY

    def tell(self, step: str, done: float) -> None:
        if done < self._next:
            return
        self._next = done - done % TOLD_EVERY + TOLD_EVERY
        left = _left(done, monotonic() - self._began)
        print(f"newsstand index: {done:.0%} done ({step}), {left}", file=sys.stderr, flush=True)


def _left(done: float, seconds: float) -> str:
    """Return how long it will take, from how long it took so far."""
    return f"{_span(seconds / done - seconds)} left" if done >= FORETOLD_FROM else ""


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
