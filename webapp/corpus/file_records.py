"""What a folder held, and what is known of each file in it, so that one that did not change need not be read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from webapp.corpus.model import Corpus, Document, Problem


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What one file gave when it was read."""

    path: str
    """As it is shown."""
    signature: str | None
    """Of the version that was read last; see `webapp.corpus.walking`."""
    keys: tuple[str, ...]
    """What tells its documents apart, one for each of them, as its reader said."""
    ids: tuple[str, ...]
    """The same documents' ids."""
    problems: tuple[Problem, ...]
    """Of the version that was read last, but for those that depend on the day."""
    served_ns: int
    """When the version that its documents are from was written: earlier than the last one, when that is broken."""
    at_rest: bool = field(default=True, compare=False)
    """False when it was read so soon after it was written that a later change might have the same signature."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file's record with its documents."""

    record: FileRecord
    documents: tuple[Document, ...] = ()

    def still_tells(self, signature: str | None) -> bool:
        """Tell whether a file with this signature needs no reading."""
        return signature is not None and signature == self.record.signature and self.record.at_rest


@dataclass(frozen=True, slots=True)
class Library:
    """What a folder held."""

    corpus: Corpus
    problems: tuple[Problem, ...]
    files: Sequence[FileRecord] = ()
    """Every file, in the order of their paths, those that cannot be served too."""
    out_of_time: tuple[Document, ...] = ()
    """Documents that are not served on this day."""
