"""Opens a file of the folder, and refuses what is no document: links out of it, pipes, what is too large."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from webapp.corpus.readers.source_file import Unreadable


def read_bytes(folder: Path, file: Path, shown: str, max_bytes: int) -> bytes:
    """Return the file's bytes.

    Raises:
        Unreadable: it is no regular file inside the folder, too large or may not be read.
    """
    try:
        if not file.resolve().is_relative_to(folder.resolve()):
            raise Unreadable(shown, None, "outside", "The link leads out of the folder.", "Copy the file itself here.")
        # O_NONBLOCK: opening a pipe must not wait for a writer.
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as handle:
            status = os.fstat(handle.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(shown, None, "not-a-file", "This is not a regular file.", "Put a document here.")
            if status.st_size > max_bytes:
                raise _too_large(shown, status.st_size, max_bytes)
            data = handle.read(max_bytes + 1)
    except PermissionError:
        raise Unreadable(shown, None, "unreadable", "The file may not be read.", "Give read permission.") from None
    except (OSError, RuntimeError) as error:
        # RuntimeError: links that lead in a circle, before Python 3.13.
        advice = "Mend the link, or remove it."
        if isinstance(error, RuntimeError) or error.errno == errno.ELOOP:
            raise Unreadable(shown, None, "unreadable", "The link leads in a circle.", advice) from None
        if isinstance(error, FileNotFoundError) and file.is_symlink():
            raise Unreadable(shown, None, "unreadable", "The link leads to nothing.", advice) from None
        reason = error.strerror or type(error).__name__
        raise Unreadable(shown, None, "unreadable", f"The file cannot be read: {reason}.", "Check the file.") from None
    if len(data) > max_bytes:
        raise _too_large(shown, len(data), max_bytes)
    return data


def _too_large(shown: str, size_bytes: int, max_bytes: int) -> Unreadable:
    return Unreadable(
        shown,
        None,
        "too-large",
        f"The file has {size_bytes:,} bytes, more than the limit of {max_bytes:,}.",
        "Split it, or raise NEWSSTAND_DOCUMENT_MAX_BYTES.",
    )
