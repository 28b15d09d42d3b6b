"""What a reader works on: one file's bytes, its text, and the list of what its author should mend."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Protocol

from webapp.corpus.model import Problem, Severity

_OTHER_MARKS = {
    # The mark of UTF-16 begins that of UTF-32.
    "UTF-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "UTF-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}

EXPANDED_TIMES = 10
"""A packed file may expand to this many times the limit for files."""


class Unreadable(Exception):
    """A file cannot be served; carries the problem to report."""

    def __init__(self, path: str, line: int | None, code: str, message: str, advice: str) -> None:
        super().__init__(message)
        self.problem = Problem(path, line, code, message, advice, Severity.ERROR)


class Report(Protocol):
    """Records a problem of one file at a line of it, counted from 1; None means the whole file."""

    def __call__(
        self, line: int | None, code: str, message: str, advice: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Record it."""


@dataclass
class SourceFile:
    """One file of the folder, already in memory."""

    path: str
    """Relative to the folder, printable."""
    data: bytes
    max_bytes: int = 10_000_000
    """The limit that `data` was read under."""
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The file as UTF-8 text, without a byte-order mark, with line ends made ``\\n``.

        Raises:
            Unreadable: it is no text, or not in UTF-8.
        """
        return self.decoded("utf-8")

    @property
    def title(self) -> str:
        """The file's name as a headline: without folder and ending, hyphens and underscores as spaces."""
        name = re.sub(r"[-_\s]+", " ", PurePosixPath(self.path).stem).strip()
        return name[:1].upper() + name[1:] or self.path

    def report(
        self, line: int | None, code: str, message: str, advice: str, severity: Severity = Severity.ERROR
    ) -> None:
        """Record a problem of this file; see `Report`."""
        self.problems.append(Problem(self.path, line, code, message, advice, severity))

    def unreadable(self, line: int | None, code: str, message: str, advice: str) -> Unreadable:
        """Return the exception that gives this file up."""
        return Unreadable(self.path, line, code, message, advice)

    def decoded(self, encoding: str) -> str:
        """Return the text in `encoding`, as `text` does in UTF-8."""
        data = self.data
        for name, marks in _OTHER_MARKS.items():
            if data.startswith(marks):
                raise self.unreadable(1, "not-utf8", f"The file is in {name}.", "Save it as UTF-8.")
        if (nul := data.find(b"\0")) >= 0:
            raise self.unreadable(
                self._line(nul), "binary", "The file holds NUL bytes; it is not text.", "Put a text file here."
            )
        try:
            text = data.removeprefix(codecs.BOM_UTF8).decode(encoding)
        except UnicodeDecodeError as error:
            # `object` is without the byte-order mark, as the offsets are.
            at = error.start + len(data) - len(error.object)
            raise self.unreadable(
                self._line(at),
                "not-utf8",
                f"The file is not in {encoding.upper()}: byte 0x{data[at]:02x} is none of its letters.",
                "Save the file as UTF-8.",
            ) from None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _line(self, offset: int) -> int:
        return self.data.count(b"\n", 0, offset) + 1
