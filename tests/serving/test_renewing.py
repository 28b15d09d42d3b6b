"""Documents change while ``newsstand serve`` runs: edited, added, removed, broken, mended, under load."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

Start = Callable[..., Any]

ARRIVES_SECONDS = 90
LOAD_SECONDS = 15
LOAD_THREADS = 8
TOWNS = ("Aldmoor", "Brackwell", "Corrington")
QUESTION = "Which version of the timetable is in force in {town}?"


def timetable(town: str, version: int) -> str:
    """A document whose every answer names its version."""
    day = "date 2024-05-01"
    return (
        f"{day} The ferry timetable of {town} in version {version}\n\n"
        f"The timetable of {town} is in version {version} since May. "
        f"Version {version} has a ferry from {town} each hour.\n\n"
        f"FAQ:\n\nQ: {QUESTION.format(town=town)}\nA: In {town}, version {version} of the timetable is in force.\n"
    )


class Town:
    """A server with documents to edit."""

    def __init__(self, start: Start, folder: Path, **environment: str) -> None:
        self.seeds = folder / "documents"
        self.seeds.mkdir(exist_ok=True)
        self.folder = folder
        for town in TOWNS:
            self.write(town, 1)
        self.environment = {"NEWSSTAND_SEEDS": str(self.seeds), "NEWSSTAND_RELOAD_SECONDS": "1", **environment}
        self.server = start(**self.environment).wait()
        self.version = 1

    def write(self, town: str, version: int) -> None:
        """Save a file as editors do: aside, then renamed."""
        aside = self.seeds / f".{town}.txt~"
        aside.write_text(timetable(town, version), "utf-8")
        aside.replace(self.seeds / f"{town.lower()}.txt")

    def edit(self) -> None:
        """Bring every document to the next version."""
        self.version += 1
        for town in TOWNS:
            self.write(town, self.version)

    def ready(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.server.get("/readyz"))
        return told

    def answer(self, town: str = TOWNS[0]) -> str:
        reply = self.server.ask(question=QUESTION.format(town=town))
        return reply["answer"]["text"] if reply["answer"] else ""

    def arrives(self, is_there: Callable[[], bool]) -> None:
        """Wait until something is so, twenty times in a row: with each worker that may answer."""
        until, times = time.monotonic() + ARRIVES_SECONDS, 0
        while times < 20:
            times = times + 1 if is_there() else 0
            assert time.monotonic() < until, (self.ready(), self.answer())
            if not times:
                time.sleep(0.2)

    def serves(self, version: int) -> None:
        self.arrives(lambda: f"version {version} " in self.answer())

    def reload(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "webapp", "reload"],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=ARRIVES_SECONDS,
        )

    def children(self) -> dict[int, str]:
        """The processes that the server has started and that still run, with how they were called."""
        pid = self.server.process.pid
        called = {}
        for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                called[int(one)] = Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ")
        return called

    def watcher(self) -> int:
        (pid,) = (pid for pid, called in self.children().items() if "renewing.watching" in called)
        return pid

    def workers(self) -> list[int]:
        return [pid for pid, called in self.children().items() if "renewing.watching" not in called]


@pytest.fixture
def town(start: Start, tmp_path: Path) -> Town:
    """A server of two workers that looks at its documents every second, and says nothing but what is told."""
    return Town(start, tmp_path)


class Load:
    """Visitors who ask one question after the other; what goes wrong is kept."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.asked = 0
        self.slowest_seconds = 0.0
        self.faults: list[str] = []
        self.versions: set[int] = set()
        self.is_over = False
        self._lock = threading.Lock()

    def visit(self, number: int) -> None:
        while not self.is_over:
            name = TOWNS[number % len(TOWNS)]
            began = time.monotonic()
            try:
                reply = self.town.server.ask(question=QUESTION.format(town=name))
                fault = self._fault(name, reply)
            except OSError as error:
                fault = repr(error)
            seconds = time.monotonic() - began
            with self._lock:
                self.asked += 1
                self.slowest_seconds = max(self.slowest_seconds, seconds)
                self.faults += [fault] if fault else []
            number += 1

    def _fault(self, name: str, reply: dict[str, Any]) -> str:
        """Return what is wrong with a reply; one version must be in all of it."""
        if reply["outcome"] not in {"answered", "hedged"}:
            return f"{name}: {reply['outcome']}"
        text, citation = reply["answer"]["text"], reply["citation"]
        if name not in text or citation["quote"] != text:
            return f"{name}: {text}"
        named = {*re.findall(r"ersion (\d+)", text), *re.findall(r"ersion (\d+)", citation["document"]["headline"])}
        if len(named) != 1:
            return f"versions {named} in one reply"
        self.versions.add(int(named.pop()))
        return ""


@contextmanager
def load(town: Town, threads: int = LOAD_THREADS) -> Iterator[Load]:
    """Ask all the time meanwhile; nothing may go wrong."""
    visitors = Load(town)
    with ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(visitors.visit, number) for number in range(threads)]
        try:
            yield visitors
        finally:
            visitors.is_over = True
    for one in running:
        one.result()
    assert visitors.faults == []


def test_edits_arrive_under_load(town: Town) -> None:
    """No request fails, none mixes old and new, and every worker comes to the last version."""
    until = time.monotonic() + LOAD_SECONDS
    with load(town) as visitors:
        while time.monotonic() < until or town.version < 4:
            town.edit()
            if town.version % 2:
                (town.seeds / "fair.txt").unlink()
                (town.seeds / "broken.txt").unlink()
            else:
                (town.seeds / "fair.txt").write_text("date 2024-05-01 The fair is open.\n", "utf-8")
                (town.seeds / "broken.txt").write_bytes(b"\xff")
            town.serves(town.version)
    assert visitors.versions == set(range(1, town.version + 1))
    print(f"{visitors.asked} questions, the slowest {visitors.slowest_seconds:.2f} s, {town.version} versions")


def test_added_removed_broken_and_mended(town: Town) -> None:
    """Each arrives without being asked for; the pages and the log say what is wrong, the log once."""
    documents = lambda: town.ready()["documents"]  # noqa: E731
    (town.seeds / "fair.txt").write_text("date 2024-05-01 The fair is open.\n", "utf-8")
    town.arrives(lambda: documents() == 4)
    (town.seeds / "fair.txt").unlink()
    town.arrives(lambda: documents() == 3)
    (town.seeds / "aldmoor.txt").write_bytes(b"date 2024-05-01 Br\xffken.\n")
    town.arrives(lambda: town.ready()["problems"] == 2)
    told = town.ready()["details"]["problems"]
    assert [(one["path"], one["line"], one["code"]) for one in told] == [
        ("aldmoor.txt", 1, "not-utf8"),
        ("aldmoor.txt", None, "earlier-version"),
    ]
    assert "version 1 " in town.answer()
    time.sleep(3)
    town.write(TOWNS[0], 2)
    town.serves(2)
    town.arrives(lambda: town.ready()["problems"] == 0)
    code, _, err = town.server.stop()
    assert code == 0
    assert len(err.splitlines()) == 2
    assert err.count("[not-utf8]") == err.count("[earlier-version]") == 1


def test_reload_waits_until_all_is_served(start: Start, tmp_path: Path) -> None:
    """Also when nobody looks by itself; it tells documents and problems, and fails when content is lost."""
    town = Town(start, tmp_path, NEWSSTAND_RELOAD_SECONDS="0")
    town.edit()
    time.sleep(2.5)
    assert "version 1 " in town.answer()
    done = town.reload()
    assert (done.returncode, done.stdout) == (0, "3 documents served; 0 errors, 0 warnings.\n")
    for _ in range(20):
        assert "version 2 " in town.answer()
    done = town.reload()
    assert done.stdout == "3 documents served; nothing had changed; 0 errors, 0 warnings.\n"
    (town.seeds / "aldmoor.txt").write_bytes(b"\xff")
    done = town.reload()
    assert done.returncode == 1
    assert [line.rsplit("[", 1)[-1] for line in done.stdout.splitlines()] == [
        "not-utf8]",
        "earlier-version]",
        "3 documents served; 1 error, 1 warning.",
    ]
    workers = town.workers()
    town.edit()
    os.kill(town.server.process.pid, signal.SIGHUP)
    town.serves(3)
    assert sorted(town.workers()) == sorted(workers)
    town.server.stop()
    done = town.reload()
    assert done.returncode == 2
    assert "no server" in done.stderr


def test_killed_processes_are_replaced(town: Town) -> None:
    """An edit after the watcher was killed arrives; a new worker begins with the newest documents, not the first."""
    town.edit()
    town.serves(2)
    killed = town.workers()
    os.kill(town.watcher(), signal.SIGKILL)
    os.kill(killed[0], signal.SIGKILL)
    town.arrives(lambda: len(town.workers()) == 2 and killed[0] not in town.workers())
    for _ in range(40):
        assert "version 2 " in town.answer()
    town.edit()
    town.serves(3)
    watcher = town.watcher()
    code, _, err = town.server.stop()
    assert code == 0
    assert "The watcher of the documents has ended" in err
    assert not Path(f"/proc/{watcher}").exists()


def test_a_watcher_does_not_outlive_its_server(town: Town) -> None:
    """Not even one that was killed."""
    watcher = town.watcher()
    town.server.stop(signal.SIGKILL)
    until = time.monotonic() + ARRIVES_SECONDS
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        # A zombie has ended: whoever inherits it has not looked yet.
        while Path(f"/proc/{watcher}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z":
            assert time.monotonic() < until
            time.sleep(0.1)


def test_kept_answers_stay_when_their_document_changes_or_goes(town: Town) -> None:
    """A conversation shows what was quoted then, and says what has become of the article."""
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    for name in TOWNS[:2]:
        sent = urlencode({"question": QUESTION.format(town=name)}).encode()
        visitor.open(town.server.url("/chat"), sent, timeout=10).read()
    town.write(TOWNS[0], 2)
    (town.seeds / "brackwell.txt").unlink()
    town.arrives(lambda: town.ready()["documents"] == 2)
    town.serves(2)
    page = visitor.open(town.server.url("/"), timeout=10).read().decode()
    for name in TOWNS[:2]:
        assert f"In {name}, version 1 of the timetable is in force." in page
    assert page.count("The article has changed since this was quoted.") == 1
    assert page.count("The article is no longer here.") == 1


def test_a_data_folder_that_cannot_be_written(start: Start, tmp_path: Path) -> None:
    """It serves, and says that changes are not noticed; told to read again, it goes on serving."""
    town = Town(
        start,
        tmp_path,
        NEWSSTAND_DATA_DIR="/proc/nowhere",
        NEWSSTAND_SECRET_KEY=secrets.token_hex(),
        NEWSSTAND_DATABASE_URL=f"sqlite:///{tmp_path}/turns.sqlite3",
    )
    os.kill(town.server.process.pid, signal.SIGHUP)
    time.sleep(1.5)
    assert "version 1 " in town.answer()
    code, _, err = town.server.stop()
    assert code == 0
    assert err.count("NEWSSTAND_DATA_DIR") == 1


def test_a_data_folder_that_is_cleared_while_it_serves(town: Town) -> None:
    """What is served stays, and the log says what is wrong."""
    (indexes,) = (town.folder / "var" / "indexes").iterdir()
    indexes.rename(indexes.with_name(".away"))
    town.edit()
    time.sleep(4)
    assert "version 1 " in town.answer()
    indexes.with_name(".away").rename(indexes)
    code, _, err = town.server.stop()
    assert code == 0
    assert "What was read before is served on" in err
    assert "Traceback" not in err


def test_it_starts_without_documents_and_takes_them_up(start: Start, tmp_path: Path) -> None:
    """A folder that is not there yet is told, and read when it is."""
    seeds = tmp_path / "documents"
    server = start(NEWSSTAND_SEEDS=str(seeds), NEWSSTAND_RELOAD_SECONDS="1").wait()
    with pytest.raises(urllib.error.HTTPError) as refused:
        server.get("/readyz")
    assert refused.value.code == 503
    assert json.load(refused.value)["details"]["problems"][0]["code"] == "no-folder"
    seeds.mkdir()
    (seeds / "fair.txt").write_text("date 2024-05-01 The fair is open.\n", "utf-8")
    until = time.monotonic() + ARRIVES_SECONDS
    while True:
        try:
            assert json.loads(server.get("/readyz"))["documents"] == 1
            break
        except urllib.error.HTTPError:
            assert time.monotonic() < until
            time.sleep(0.2)
