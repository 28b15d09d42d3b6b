"""What is killed while it writes leaves the old or the new, never half; what is damaged is refused."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.faults import figures, scale
from tests.serving.conftest import Server
from webapp.answering.polyglot import answering_from
from webapp.answering.saved import SavedIndexError, open_index, save_index
from webapp.corpus.library import read_folder

Start = Callable[..., Server]

KILLS = scale.of(6, 60)
DOCUMENTS = 40
PRECISION = 0.9


def write(folder: Path, version: str) -> None:
    """Write documents that all say which version they are of."""
    folder.mkdir(exist_ok=True)
    for number in range(DOCUMENTS):
        text = f"date 2024-05-01 The ferry {number} leaves pier {version} at noon.\n\nIt was full of people.\n"
        (folder / f"ferry-{number}.txt").write_text(text, "utf-8")


def versions(folder: Path) -> set[str]:
    """Return the versions that an index holds documents of; it is whole when that is one."""
    opened = open_index(folder, target_precision=PRECISION)
    documents = opened.library.corpus.documents
    assert len(documents) == DOCUMENTS
    return {document.source.split("pier ")[1].split()[0] for document in documents}


def test_an_index_whose_writer_was_killed(tmp_path: Path) -> None:
    """It is the old one or the new one, and the next writer is not in its way."""
    choose = random.Random(4)  # noqa: S311 - the same each time
    documents, index = tmp_path / "documents", tmp_path / "index"
    command = [sys.executable, "-m", "webapp", "index", str(documents), "--output", str(index)]
    write(documents, "zero")
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=-3, stderr=-3) as writer:
        while not list(index.glob("arrays-*")):
            time.sleep(0.001)
        began = time.monotonic()
        while not (index / "manifest.json").exists():
            time.sleep(0.001)
        writing_seconds = time.monotonic() - began
    assert writer.returncode == 0
    outcomes = {"old": 0, "new": 0}
    before = "zero"
    for number in range(KILLS):
        now = f"v{number}"
        write(documents, now)
        known = set(index.glob("arrays-*"))
        with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=-3, stderr=-3) as writer:
            # Most of the time goes into starting; what matters begins with the new file of arrays.
            while writer.poll() is None and not set(index.glob("arrays-*")) - known:
                time.sleep(0.001)
            with suppress(subprocess.TimeoutExpired):
                writer.wait(writing_seconds * choose.uniform(0.2, 1.8))
            writer.kill()
        (found,) = versions(index)
        assert found in (before, now)
        outcomes["new" if found == now else "old"] += 1
        before = found
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(list(index.iterdir())) == 2, "something is left of those that were killed"
    figures.keep("kill -9 of a writer of an index", kills=KILLS, **outcomes)


def test_a_server_whose_reading_was_killed(start: Start, tmp_path: Path) -> None:
    """It answers from one version of all documents, the one before or the new one, and reads again by itself."""
    choose = random.Random(5)  # noqa: S311 - the same each time
    documents = tmp_path / "documents"
    write(documents, "zero")
    server = start(NEWSSTAND_SEEDS=str(documents), NEWSSTAND_RELOAD_SECONDS="1").wait()
    seen: set[str] = set()
    killed = 0
    for number in range(scale.of(2, 20)):
        write(documents, f"v{number}")
        until = time.monotonic() + choose.uniform(0.5, 4)
        while time.monotonic() < until:
            seen.add(pier(server))
            time.sleep(0.05)
        killed += kill_readers(tmp_path)
    last = f"v{scale.of(2, 20) - 1}"
    until = time.monotonic() + 150
    while pier(server) != last or pier(server) != last:
        # A reading that was killed is tried again after a minute; whoever asks for it need not wait.
        os.kill(server.process.pid, signal.SIGHUP)
        assert time.monotonic() < until, "the documents are not read any more"
        time.sleep(1)
    figures.keep("kill -9 of a reading", processes_killed=killed, versions_seen=len(seen), last_served=last)
    assert server.stop()[0] == 0


def pier(server: Server) -> str:
    """Return the version that is answered from, by two documents alike when nothing changes meanwhile."""
    reply = server.ask(question="Which pier does ferry 7 leave from?")
    assert reply["citation"]["quote"].startswith("The ferry 7 leaves pier "), reply
    document = server.get(f"/api/v1/documents/{reply['citation']['document']['id']}").decode()
    name = str(reply["citation"]["quote"]).split("pier ")[1].split()[0]
    assert "It was full of people." in document
    return name


def kill_readers(folder: Path) -> int:
    """Kill the watcher and its reading child, wherever they are; return how many there were."""
    killed = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                if b"webapp.renewing.watching" in command and str(folder).encode() in command:
                    os.kill(int(entry.name), signal.SIGKILL)
                    killed += 1
    return killed


def test_a_damaged_index_is_refused(tmp_path: Path) -> None:
    """Wherever it is damaged, and wherever it ends: with what to do, never opened."""
    choose = random.Random(8)  # noqa: S311 - the same each time
    write(tmp_path / "documents", "one")
    library = read_folder(tmp_path / "documents")
    save_index(tmp_path / "index", answering_from(library.corpus), library)
    sources = {one.source for one in library.corpus.documents}
    refused = tried = 0
    for file in sorted((tmp_path / "index").iterdir()):
        whole = file.read_bytes()
        for _ in range(scale.of(40, 400)):
            place = choose.randrange(len(whole))
            damaged = bytearray(whole)
            damaged[place] ^= 1 << choose.randrange(8)
            cut = choose.random() < 0.2
            file.write_bytes(damaged[:place] if cut else damaged)
            tried += 1
            try:
                opened = open_index(tmp_path / "index", target_precision=PRECISION)
            except SavedIndexError as error:
                refused += re.search("[Bb]uild|Name|newsstand", str(error)) is not None
            else:
                # Between two arrays stands nothing, and JSON has several ways to write a letter.
                assert not cut and opened.answerer.corpus.fingerprint == library.corpus.fingerprint
                assert {one.source for one in opened.library.corpus.documents} == sources
        file.write_bytes(whole)
    assert versions(tmp_path / "index") == {"one"}
    figures.keep("index damaged", tried=tried, refused=refused, damage_in_nothing=tried - refused)
    assert refused >= 0.95 * tried


def test_a_server_refuses_a_damaged_index(start: Start, tmp_path: Path) -> None:
    """With exit code 2 and what to do."""
    write(tmp_path / "documents", "one")
    library = read_folder(tmp_path / "documents")
    save_index(tmp_path / "index", answering_from(library.corpus), library)
    (arrays,) = (tmp_path / "index").glob("arrays-*")
    damaged = bytearray(arrays.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    arrays.write_bytes(damaged)
    server = start("--index", str(tmp_path / "index"))
    _, err = server.process.communicate(timeout=60)
    assert server.process.returncode == 2
    assert "newsstand index" in err and "Traceback" not in err
