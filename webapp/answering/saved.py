"""An index in files. This module stands in for the one that maps its files into memory, which replaces it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages
from webapp.corpus.library import Library

_FILE = "index.pickle"


class SavedIndexError(RuntimeError):
    """A saved index cannot be opened; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """What was saved."""

    answerer: Answerer | ManyLanguages
    library: Library


def save_index(folder: Path, answerer: Answerer | ManyLanguages, library: Library) -> None:
    """Save an index with the library it was made from into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FILE).write_bytes(pickle.dumps((answerer, library), protocol=pickle.HIGHEST_PROTOCOL))


def open_index(folder: Path, *, target_precision: float) -> SavedIndex:
    """Open what was saved.

    Raises:
        SavedIndexError: it is not there, or damaged.
    """
    try:
        answerer, library = pickle.loads((folder / _FILE).read_bytes())  # noqa: S301 - replaced
    except (OSError, pickle.UnpicklingError, EOFError) as error:
        raise SavedIndexError(f"There is no index in {folder} ({error}).") from error
    return SavedIndex(replace(answerer, target_precision=target_precision), library)
