"""Which files a folder holds, and for each a signature that changes when the file does; no file is opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file below the folder."""

    name: str
    """Relative to the folder, as the operating system has it."""
    shown: str
    """The same as printable text."""
    signature: str | None
    """Size, times of change and inode; None when there is nothing to open, such as behind a link that leads nowhere."""
    modified_ns: int
    """When its content was written, in nanoseconds since 1970; 0 without a signature."""
    is_folder: bool = False
    """Whether it is a link to a folder."""


def walk(folder: Path, unreadable: Callable[[str, OSError], None] | None = None) -> list[FoundFile]:
    """Return every file below `folder` whose path has no hidden part, in the order of their paths.

    Args:
        folder: where to look; links to folders are given like files, and not followed.
        unreadable: told of each folder below that cannot be opened: its path as it is shown, and why.
    """
    top = os.fspath(folder)

    def failed(error: OSError) -> None:
        if unreadable is not None:
            unreadable(shown(os.path.relpath(error.filename, top)), error)

    found = []
    for where, folders, names in os.walk(top, onerror=failed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]  # noqa: PTH114, PTH118
        found += [replace(_found(top, where, name), is_folder=True) for name in links]
        for name in names:
            if not name.startswith("."):
                found.append(_found(top, where, name))
    return sorted(found, key=lambda file: os.fsencode(file.name))


def shown(name: str) -> str:
    """Return a path as printable text, whatever bytes it has."""
    if name.isprintable():
        return name
    printable = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in printable)


def _found(top: str, where: str, name: str) -> FoundFile:
    path = os.path.join(where, name)  # noqa: PTH118 - thousands of files, every few seconds
    relative = name if where == top else os.path.relpath(path, top)
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return FoundFile(relative, shown(relative), None, 0)
    # The time of the last change of mode or name tells what keeps size and time of the content: a copy that preserves
    # them, a permission that is given.
    signature = f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"
    return FoundFile(relative, shown(relative), signature, status.st_mtime_ns)
