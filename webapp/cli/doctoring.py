"""``newsstand doctor``: looks at everything an installation stands on, and says what to do."""

from __future__ import annotations

import os
import resource
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from webapp.cli import CONTENT_LOST, OK
from webapp.cli.showing import count, dumps, printable
from webapp.conversations.copying import examine_file, examine_server, file_of
from webapp.conversations.errors import StorageError
from webapp.renewing.generations import running
from webapp.secret import FILE_NAME as KEY
from webapp.secret import SecretError, secret_key
from webapp.settings import Settings

GOOD, LOOK, BAD = "ok", "look", "bad"
FREE_LEAST_BYTES = 100_000_000
FREE_ENOUGH_BYTES = 1_000_000_000
FILES_LEAST = 1024
CLOCK_SECONDS = 300
"""How far a file may lie in the future before the clock is doubted."""
RELEASED = 1_767_225_600
"""No clock that is right shows an earlier time: the beginning of 2026."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to."""

    check: str
    state: str
    """`GOOD`, `LOOK` (it works, and somebody should look at it) or `BAD`."""
    message: str
    advice: str = ""


def doctor(settings: Settings, index: Path | None, *, as_json: bool) -> int:
    """Check an installation and print the findings; return 0, or 1 when something is bad."""
    findings = [finding for check in _CHECKS for finding in check(settings)]
    if index is not None:
        findings += _saved_index(index, settings)
    if as_json:
        print(dumps({"healthy": _is_healthy(findings), "findings": [asdict(one) for one in findings]}, indent=2))
    else:
        for one in findings:
            print(printable(f"{one.state:<5} {one.check}: {one.message}"))
            if one.advice:
                print(printable(f"      {one.advice}"))
    return OK if _is_healthy(findings) else CONTENT_LOST


def _is_healthy(findings: list[Finding]) -> bool:
    return all(one.state != BAD for one in findings)


def _data_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_path
    advice = "Make it writable for the user that runs Newsstand, or set NEWSSTAND_DATA_DIR."
    if not folder.exists():
        parent = next(one for one in folder.resolve().parents if one.exists())
        writable = os.access(parent, os.W_OK | os.X_OK)
        state = GOOD if writable else BAD
        yield Finding(
            "data folder", state, f"{folder} is not there yet; it is made at the start.", "" if writable else advice
        )
        return
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("data folder", BAD, f"{folder} cannot be written by this user.", advice)
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o022:
        told = f"Others may write in {folder} (mode {mode:o})."
        yield Finding("data folder", BAD, told, f"chmod go-w {folder}")
    else:
        yield Finding("data folder", GOOD, f"{folder} can be written, by nobody else.")


def _disk(settings: Settings) -> Iterator[Finding]:
    place = next(one for one in (settings.data_path, *settings.data_path.resolve().parents) if one.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:,.1f} GB are free where the data folder is."
    advice = "Make room, or move the data folder: conversations and new indexes need it."
    state = BAD if free < FREE_LEAST_BYTES else LOOK if free < FREE_ENOUGH_BYTES else GOOD
    yield Finding("disk", state, told, "" if state == GOOD else advice)
    inodes = os.statvfs(place)
    if inodes.f_files and inodes.f_favail < 1000:
        yield Finding("disk", BAD, f"Only {inodes.f_favail} more files can be made there.", "Delete files, or move it.")


def _key(settings: Settings) -> Iterator[Finding]:
    file = settings.data_path / KEY
    if settings.secret_key:
        yield Finding("key", GOOD, "NEWSSTAND_SECRET_KEY is set.")
    elif not file.exists():
        yield Finding("key", GOOD, "There is no key yet; it is made at the start.")
    else:
        try:
            secret_key(settings)
        except SecretError as error:
            yield Finding("key", BAD, str(error))
            return
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            yield Finding(
                "key", BAD, f"Others can read {file} (mode {mode:o}).", f"chmod 600 {file}, or make a new one."
            )
        else:
            yield Finding("key", GOOD, "Only its owner can read it.")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        file = file_of(settings.database_location)
        if file is not None and not file.exists():
            yield Finding("database", GOOD, "There is none yet; it is made at the start.")
            return
        found = examine_server(settings.database_location) if file is None else examine_file(file)
    except StorageError as error:
        yield Finding("database", BAD, str(error))
        return
    if not found.is_known:
        told = f"Its tables are of version {found.revision}, which this Newsstand does not know."
        yield Finding(
            "database", BAD, told, "Install the newer version of Newsstand again, or restore an earlier backup."
        )
    elif not found.is_current:
        told = f"Its tables are of version {found.revision or 'none'}; the next start brings them up to date."
        yield Finding("database", LOOK, told, "Make a backup before: “newsstand backup FILE”.")
    else:
        yield Finding(
            "database", GOOD, f"It is whole, up to date, and has {count(found.conversations, 'conversation')}."
        )


def _documents(settings: Settings) -> Iterator[Finding]:
    from webapp.corpus.library import read_folder
    from webapp.corpus.model import Severity

    folder = settings.seeds_path
    if not folder.is_dir():
        yield Finding(
            "documents", BAD, f"There is no folder {folder}.", "Set NEWSSTAND_SEEDS to the folder of documents."
        )
        return
    library = read_folder(folder, max_bytes=settings.document_max_bytes)
    documents = len(library.corpus.documents)
    lost = sum(problem.severity is Severity.ERROR for problem in library.problems)
    told = f"{count(documents, 'document')} in {folder}, {count(lost, 'error')}."
    state = BAD if not documents else LOOK if lost else GOOD
    yield Finding("documents", state, told, "" if state == GOOD else f"“newsstand check {folder}” tells what to mend.")


def _saved_index(folder: Path, settings: Settings) -> Iterator[Finding]:
    from webapp.answering.saved import SavedIndexError, open_index

    try:
        opened = open_index(folder, target_precision=settings.target_precision)
    except SavedIndexError as error:
        yield Finding("index", BAD, str(error))
    else:
        yield Finding("index", GOOD, f"{folder} is whole; {count(len(opened.library.corpus.documents), 'document')}.")


def _servers(settings: Settings) -> Iterator[Finding]:
    servers = running(settings.data_path)
    if not servers:
        yield Finding("server", GOOD, "None runs with this data folder.")
    for process, generations in servers:
        reading = generations.reading()
        if reading is not None and reading.failure:
            told = f"Process {process} could not read the documents again: {reading.failure}"
            yield Finding(
                "server", BAD, told, "Mend that, then run “newsstand reload”. What was read before is served on."
            )
        else:
            workers = len(generations.served())
            yield Finding("server", GOOD, f"Process {process} serves with {count(workers, 'worker')}.")


def _clock(settings: Settings) -> Iterator[Finding]:
    now, advice = (
        time.time(),
        "Set the clock and keep it right (systemd-timesyncd, chrony): days of validity depend on it.",
    )
    if now < RELEASED:
        yield Finding("time", BAD, f"The clock shows {time.strftime('%Y-%m-%d %H:%M', time.gmtime(now))} UTC.", advice)
        return
    try:
        newest = max((file.stat().st_mtime for file in settings.data_path.iterdir()), default=0.0)
    except OSError:
        newest = 0.0
    if newest > now + CLOCK_SECONDS:
        yield Finding("time", LOOK, "Files in the data folder are of the future: the clock was set back.", advice)
    else:
        yield Finding("time", GOOD, f"It is {time.strftime('%Y-%m-%d %H:%M', time.gmtime(now))} UTC.")


def _limits(settings: Settings) -> Iterator[Finding]:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != resource.RLIM_INFINITY and files < FILES_LEAST:
        yield Finding(
            "open files", LOOK, f"A process may open {files} only.", f"Allow {FILES_LEAST}: LimitNOFILE= or ulimit -n."
        )
    url = settings.ratelimit_storage_url
    if not url.startswith("memory"):
        from limits.storage import storage_from_string

        try:
            reachable = storage_from_string(url).check()
        except Exception as error:
            # Whatever a driver raises, its first words say it.
            reachable, why = False, f" ({type(error).__name__})"
        else:
            why = ""
        if reachable:
            yield Finding("rate limits", GOOD, "Their storage can be reached.")
        else:
            told = f"Their storage cannot be reached{why}; each process counts alone meanwhile."
            yield Finding("rate limits", BAD, told, "Start it, or mend NEWSSTAND_RATELIMIT_STORAGE_URL.")


def _proxy(settings: Settings) -> Iterator[Finding]:
    if not settings.public_url and (settings.proxies or settings.cookie_secure):
        told = "The site's address is not stated: links for machines name whatever host a request did."
        yield Finding("proxy", LOOK, told, "Set NEWSSTAND_PUBLIC_URL, as https://ask.example.org.")
    if not settings.public_url.startswith("https:"):
        return
    if not settings.proxies:
        told = "Visitors come over TLS (NEWSSTAND_PUBLIC_URL), and no proxy is stated."
        yield Finding("proxy", LOOK, told, "Set NEWSSTAND_PROXIES=1, so that limits count visitors and not the proxy.")
    if not settings.cookie_secure:
        told = "Visitors come over TLS, and their cookie would go without it as well."
        yield Finding("proxy", LOOK, told, "Set NEWSSTAND_COOKIE_SECURE=true.")


_CHECKS = (_data_folder, _disk, _key, _database, _documents, _servers, _clock, _limits, _proxy)


def tell_mistakes(message: str, *, as_json: bool) -> int:
    """Tell settings that cannot be used, as a finding; return 1."""
    if as_json:
        finding = Finding("settings", BAD, message, "Mend them and run it again.")
        print(dumps({"healthy": False, "findings": [asdict(finding)]}, indent=2))
    else:
        print(message, file=sys.stderr)
    return CONTENT_LOST
