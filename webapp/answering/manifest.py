"""The manifest of a saved index: what is in the folder, whether it is ours and whole, and who may write there."""

from __future__ import annotations

import fcntl
import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from webapp.corpus.sections import Damaged, SavedIndexError
from webapp.retrieval.saving import analysis_digest

FORMAT = "newsstand-index"
FORMAT_VERSION = 5
MANIFEST = "manifest.json"
UNFINISHED = "manifest.json.unfinished"
ALWAYS_CHECKED_BYTES = 1 << 27
"""A file of up to this size is compared with its checksums as a whole whenever it is opened."""
DATA = re.compile(r"arrays-[0-9a-f]{16}\.bin")
"""Names of files of arrays."""


def put_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest aside and rename it into place: from here on it is the new index."""
    sealed = {**manifest, "crc32": _seal(manifest)}
    with open(folder / UNFINISHED, "w", encoding="ascii") as handle:
        json.dump(sealed, handle)
        handle.flush()
        os.fsync(handle.fileno())
    # The names of the files must last before one of them is relied on, and so must the new name.
    _sync(folder)
    (folder / UNFINISHED).replace(folder / MANIFEST)
    _sync(folder)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest in a folder.

    Raises:
        SavedIndexError: there is none, it is of another version, or it is damaged.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise SavedIndexError(f"There is no index in {folder}. Build one with “newsstand index”.") from None
    except OSError as error:
        raise SavedIndexError(f"{folder} cannot be read ({error.strerror}). Give read permission.") from error
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError):
        raise Damaged("its manifest") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise SavedIndexError(f"{folder / MANIFEST} is no manifest of an index. Name the folder that holds one.")
    if manifest.get("format_version") != FORMAT_VERSION:
        raise SavedIndexError(
            f"The index in {folder} is of another version of Newsstand. Build it again with “newsstand index”."
        )
    if manifest.pop("crc32", None) != _seal(manifest):
        raise Damaged("its manifest")
    if manifest["analysis"] != analysis_digest():
        raise SavedIndexError(
            f"The index in {folder} was built by another Newsstand, which reads words differently. "
            "Build it again with “newsstand index”."
        )
    return manifest


def untouched(folder: Path, manifest: Mapping[str, Any]) -> bool:
    """Return whether a large file is as it was left when its bytes were known to be right."""
    data = manifest["data"]
    return bool(data["size_bytes"] > ALWAYS_CHECKED_BYTES and data["identity"] == identity(folder / data["name"]))


def identity(file: Path) -> list[int]:
    """Return what changes when a file is written, copied or moved to another disk."""
    status = file.stat()
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _seal(manifest: Mapping[str, Any]) -> int:
    return zlib.crc32(json.dumps(manifest, sort_keys=True).encode())


def data_name(folder: Path) -> str | None:
    """Return the name of the file that the manifest speaks of, whatever its version; None where there is none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / MANIFEST).read_bytes())["data"]["name"])
    return None


def check_ours(folder: Path) -> None:
    """Refuse to write where something else is."""
    names = [entry.name for entry in folder.iterdir()]
    if MANIFEST in names:
        with suppress(OSError, ValueError, TypeError, AttributeError):
            if json.loads((folder / MANIFEST).read_bytes()).get("format") == FORMAT:
                return
    others = [name for name in names if name != UNFINISHED and not DATA.fullmatch(name)]
    if others:
        raise SavedIndexError(
            f"{folder} holds something that is no index (“{min(others)}”). Name a new folder, or an empty one."
        )


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder for oneself; the hold ends with the process, however that ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SavedIndexError(
                f"Another process is writing the index in {folder}. Try again when it is done."
            ) from None
        yield
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
