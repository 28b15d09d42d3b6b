"""Generations: the documents and their index as of one reading each, in a folder that a server's processes share.

A server has a folder of its own in the data folder; only one process at a time makes a generation, the others read::

    indexes/<server>/lock             locked while the server runs; says its process id when it can be told to read
                     building         locked while a generation is made
                     current          which generation is served, replaced in whole
                     reading          how the last reading went
                     workers/<id>     which generation a worker serves, by its process id
                     <number>/index/  documents and index, and beside them signatures of the files
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

KEPT = 2
"""Generations on the disk: the one that is served, and the one before for a worker that is just opening it."""

INDEXES = "indexes"


@dataclass(frozen=True, slots=True)
class Generation:
    """The documents and their index as of one reading."""

    number: int
    """From 1, counted since the server started."""
    read_at: float
    """When the folder was read, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the folder was read last."""

    began: float
    """On the monotonic clock, which all processes of a machine share."""
    generation: int
    """Which is served then; 0 when the reading failed."""
    is_new: bool
    """True when this reading made it."""
    documents: int = 0
    errors: int = 0
    warnings: int = 0
    problems: Sequence[str] = ()
    """The first of them, as authors are told."""
    waiting: Sequence[str] = ()
    """Files that were being written, and are not read before they are at rest."""
    failure: str = ""
    """Why there is no new generation; empty when nothing went wrong."""


class Generations:
    """The generations of one server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def index(self, number: int) -> Path:
        """Return the folder of a generation's index."""
        return self.folder / str(number) / "index"

    @property
    def pointer(self) -> Path:
        """The file that is replaced when there is a new generation."""
        return self.folder / "current"

    def current(self) -> Generation:
        """Return the generation to serve.

        Raises:
            OSError: there is none.
        """
        return Generation(**json.loads(self.pointer.read_text("utf-8")))

    def signatures(self) -> Mapping[str, str | None]:
        """Return the signatures of the files that the current generation was read from, by path."""
        text = (self.folder / str(self.current().number) / "signatures").read_text("utf-8")
        found: dict[str, str | None] = json.loads(text)
        return found

    def publish(self, save: Callable[[Path], None], signatures: Mapping[str, str | None], read_at: float) -> Generation:
        """Make a generation and let it be served; earlier ones go.

        Args:
            save: writes the index into a folder that is not there yet.
            signatures: of the files that it was read from, by path.
            read_at: when they were read, in seconds since 1970.

        Raises:
            OSError: it cannot be written; the generation before is served on.
        """
        number = self.current().number + 1 if self.pointer.exists() else 1
        made = Generation(number, read_at)
        folder = self.folder / str(number)
        # A process that was ended may have left a part.
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir()
            save(self.index(number))
            (folder / "signatures").write_text(json.dumps(signatures), "utf-8")
            _replace(self.pointer, asdict(made))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for old in self.folder.iterdir():
            if old.name.isdecimal() and int(old.name) <= number - KEPT:
                # Whoever has its files open keeps them.
                shutil.rmtree(old, ignore_errors=True)
        return made

    @contextmanager
    def building(self) -> Iterator[None]:
        """Wait until nobody else makes a generation, and keep others from it."""
        with (self.folder / "building").open("a") as file:
            fcntl.lockf(file, fcntl.LOCK_EX)
            yield

    def note(self, reading: Reading) -> None:
        """Tell how the folder was read."""
        _replace(self.folder / "reading", asdict(reading))

    def reading(self) -> Reading | None:
        """Return how the folder was read last; None when it was not since the start."""
        try:
            return Reading(**json.loads((self.folder / "reading").read_text("utf-8")))
        except FileNotFoundError:
            return None

    def serves(self, worker: int, number: int) -> None:
        """Note which generation a worker serves."""
        _replace(self.folder / "workers" / str(worker), number)

    def forget(self, worker: int) -> None:
        """Forget a worker that has ended."""
        with suppress(OSError):
            (self.folder / "workers" / str(worker)).unlink()

    def served(self) -> list[int]:
        """Return which generation each worker serves."""
        numbers = []
        for file in (self.folder / "workers").iterdir():
            with suppress(OSError, ValueError):
                numbers.append(int(file.read_text("utf-8")))
        return numbers


class ServerFolder:
    """A server's own folder of generations, as long as it runs."""

    def __init__(self, data_folder: Path) -> None:
        """Make the folder, and remove those of servers that no longer run.

        Raises:
            OSError: it cannot be made.
        """
        indexes = data_folder.resolve() / INDEXES
        indexes.mkdir(parents=True, exist_ok=True)
        for other in _servers(indexes):
            if _holder(other) is None:
                shutil.rmtree(other, ignore_errors=True)
        # Until it is locked nobody may take it for a leftover.
        made = Path(tempfile.mkdtemp(prefix=".", dir=indexes))
        (made / "workers").mkdir()
        self._lock = (made / "lock").open("a+")
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        self._owner = os.getpid()
        self.generations = Generations(made.rename(indexes / made.name.lstrip(".")))

    def ready(self) -> None:
        """Say that the server can be told to read the documents again."""
        self._lock.write(str(self._owner))
        self._lock.flush()

    def remove(self) -> None:
        """Remove the folder; the server's other processes leave it alone."""
        if os.getpid() == self._owner:
            shutil.rmtree(self.generations.folder, ignore_errors=True)
            self._lock.close()


def running(data_folder: Path) -> list[tuple[int, Generations]]:
    """Return the servers that keep their data there and can be told to read again: process id and generations."""
    found = []
    for folder in _servers(data_folder.resolve() / INDEXES):
        process = _holder(folder)
        if process:
            found.append((process, Generations(folder)))
    return found


def _servers(indexes: Path) -> list[Path]:
    try:
        return sorted(folder for folder in indexes.iterdir() if not folder.name.startswith("."))
    except OSError:
        return []


def _holder(folder: Path) -> int | None:
    """Return the process id of the server that a folder belongs to, 0 while it starts; None when it has ended."""
    try:
        with (folder / "lock").open("a+") as file:
            if not _is_locked(file):
                return None
            file.seek(0)
            return int(file.read() or 0)
    except (OSError, ValueError):
        return None


def _is_locked(file: IO[Any]) -> bool:
    """Tell whether another process holds the lock: locks go with their process, however it ends."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _replace(file: Path, content: object) -> None:
    """Write a file so that others read the old content or the new one, never a part."""
    descriptor, made = tempfile.mkstemp(prefix=".", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            json.dump(content, handle)
        Path(made).replace(file)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
