"""``newsstand backup`` and ``newsstand restore``: conversations and the key in one file, whole or not at all.

The file is a ZIP archive: the database, the key that signs cookies unless a setting holds it, and a manifest with a
checksum of each and the settings that were set, for whoever restores them. Documents are not in it: they are the
editors' files, and have copies of their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from dataclasses import fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.showing import count
from webapp.conversations.copying import copy_database, examine_file, file_of
from webapp.conversations.errors import StorageError
from webapp.renewing.generations import running
from webapp.secret import FILE_NAME as KEY
from webapp.settings import PREFIX, Settings

FORMAT, FORMAT_VERSION = "newsstand-backup", 1
MANIFEST, DATABASE = "manifest.json", "newsstand.sqlite3"
PIECE_BYTES = 1 << 20
_SECRETS = frozenset({"secret_key", "database_url", "ratelimit_storage_url"})
"""Settings that may hold passwords; a backup names them and does not hold them."""


class BackupError(RuntimeError):
    """A backup cannot be made or used; the message says what to do."""


def backup(settings: Settings, target: Path) -> int:
    """Write a backup; return 0 when it is there, 1 when it could not be made, 2 when it would replace something."""
    try:
        if target.exists():
            print(f"newsstand backup: {target} is there already. Name another file.", file=sys.stderr)
            return USAGE
        source = _database(
            settings, "Use pg_dump, and keep NEWSSTAND_SECRET_KEY or the key in the data folder with it."
        )
        if not source.exists():
            raise BackupError(
                f"There is no database {source} yet. Check NEWSSTAND_DATA_DIR and NEWSSTAND_DATABASE_URL."
            )
        with tempfile.TemporaryDirectory(prefix=".newsstand-backup-", dir=target.resolve().parent) as aside:
            copied = Path(aside) / DATABASE
            found = copy_database(source, copied)
            parts = {DATABASE: copied}
            if not settings.secret_key and (settings.data_path / KEY).exists():
                parts[KEY] = settings.data_path / KEY
            written = Path(aside) / "backup"
            _write(written, parts, settings)
            # It appears whole, and in nobody's place.
            os.link(written, target)
    except (BackupError, StorageError) as error:
        print(f"newsstand backup: {error}", file=sys.stderr)
        return CONTENT_LOST
    except OSError as error:
        print(
            f"newsstand backup: {target} cannot be written ({error.strerror}). Make room, or name another folder.",
            file=sys.stderr,
        )
        return CONTENT_LOST
    print(f"{count(found.conversations, 'conversation')} in {target}. It opens them to whoever reads it: keep it safe.")
    return OK


def restore(settings: Settings, source: Path) -> int:
    """Put back what a backup holds; return 0, or 1 when it cannot be used, 2 when something is in its way."""
    try:
        database, key = _database(settings, "Use pg_restore or psql."), settings.data_path / KEY
        if running(settings.data_path):
            raise BackupError(f"A server runs with the data folder {settings.data_path}. Stop it first.")
        in_the_way = [place for place in (database, key, *_beside(database)) if place.exists()]
        if in_the_way:
            print(
                f"newsstand restore: {in_the_way[0]} is there already. Move it away, or set NEWSSTAND_DATA_DIR.",
                file=sys.stderr,
            )
            return USAGE
        for folder in (settings.data_path, database.parent):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix=".newsstand-restore-", dir=database.parent) as aside:
            parts = _read(source, Path(aside))
            found = examine_file(parts[DATABASE])
            if not found.is_known:
                raise BackupError(f"{source} is of a newer version of Newsstand. Install that version, then restore.")
            _place(parts[DATABASE], database)
            if KEY in parts:
                try:
                    _place(parts[KEY], key)
                except OSError:
                    # All or nothing: the next try must find nothing in its way.
                    database.unlink()
                    raise
    except (BackupError, StorageError) as error:
        print(f"newsstand restore: {error}", file=sys.stderr)
        return CONTENT_LOST
    except OSError as error:
        print(
            f"newsstand restore: {error.filename or source}: {error.strerror}. Nothing was replaced.", file=sys.stderr
        )
        return CONTENT_LOST
    without = "" if KEY in parts else " Set NEWSSTAND_SECRET_KEY as it was: visitors keep their conversations by it."
    print(f"{count(found.conversations, 'conversation')} restored.{without}")
    return OK


def _database(settings: Settings, otherwise: str) -> Path:
    file = file_of(settings.database_location)
    if file is None:
        raise BackupError(f"The database is no SQLite file. {otherwise}")
    return file


def _beside(database: Path) -> list[Path]:
    return [database.with_name(database.name + ending) for ending in ("-wal", "-journal")]


def _write(file: Path, parts: dict[str, Path], settings: Settings) -> None:
    said = {row.name: getattr(settings, row.name) for row in fields(Settings)}
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "newsstand": _version(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "parts": {name: {"sha256": _sha256(part), "size_bytes": part.stat().st_size} for name, part in parts.items()},
        "settings": {
            f"{PREFIX}{row.name.upper()}": "(not in the backup)" if row.name in _SECRETS else said[row.name]
            for row in fields(Settings)
            if said[row.name] != row.default
        },
    }
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2))
            for name, part in parts.items():
                archive.write(part, name)
        handle.flush()
        os.fsync(handle.fileno())


def _read(source: Path, folder: Path) -> dict[str, Path]:
    """Take the parts out of a backup into a folder, each as its checksum says."""
    damaged = BackupError(f"{source} is damaged, or no backup of Newsstand. Take another one.")
    try:
        with zipfile.ZipFile(source) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise damaged
            if manifest["format_version"] != FORMAT_VERSION:
                raise BackupError(f"{source} is of another version of Newsstand. Install that version, then restore.")
            parts = {}
            for name in (DATABASE, KEY):
                if name in manifest["parts"]:
                    parts[name] = folder / name
                    with archive.open(name) as packed:
                        _take_out(packed, parts[name], manifest["parts"][name]["size_bytes"])
                    if _sha256(parts[name]) != manifest["parts"][name]["sha256"]:
                        raise damaged
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError) as error:
        raise damaged from error
    if DATABASE not in parts:
        raise damaged
    return parts


def _take_out(packed: IO[bytes], file: Path, size_bytes: int) -> None:
    """Write what a part holds, and no more than the manifest says it has."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        left = size_bytes
        while piece := packed.read(min(PIECE_BYTES, left + 1)):
            left -= len(piece)
            if left < 0:
                raise ValueError(file.name)
            handle.write(piece)
        handle.flush()
        os.fsync(handle.fileno())


def _place(part: Path, target: Path) -> None:
    """Let a part appear where it belongs, in nobody's place."""
    try:
        os.link(part, target)
    except OSError as error:
        if isinstance(error, FileExistsError):
            raise
        # Folders on two disks cannot share a file.
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as handle, part.open("rb") as taken:
            shutil.copyfileobj(taken, handle)


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _version() -> str:
    try:
        return version("newsstand")
    except PackageNotFoundError:
        return "unknown"
