"""``newsstand serve``, as an operator starts and stops it."""

from __future__ import annotations

import ctypes
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.serving.conftest import SEEDS
from webapp.answering.polyglot import answering_from
from webapp.answering.saved import save_index
from webapp.corpus.library import read_folder

START_SECONDS = 60

Start = Callable[..., Any]


def test_it_says_where_it_answers_and_stops_on_ctrl_c(start: Start, free_port: int) -> None:
    """One line at the start, none at the end, exit code 0."""
    server = start().wait()
    assert b"<title>" in server.get("/")
    code, out, err = server.stop()
    assert out == f"Newsstand answers on http://127.0.0.1:{free_port}/ (1 document, 0 problems). Ctrl-C stops it.\n"
    assert err == ""
    assert code == 0


@pytest.mark.parametrize("wait", [0.0, 0.2])
def test_it_stops_while_its_workers_are_starting(start: Start, wait: float) -> None:
    """Ctrl-C right after the start loses no worker that would have to be killed."""
    server = start(NEWSSTAND_WORKERS="6")
    server.process.stdout.readline()
    time.sleep(wait)
    code, _, err = server.stop()
    assert (code, err) == (0, "")


def test_a_supervisor_stops_it_as_well(start: Start) -> None:
    """SIGTERM to every process, exit code 0, nothing said."""
    code, _, err = start().wait().stop(signal.SIGTERM)
    assert (code, err) == (0, "")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="glibc has places for threads"
)
def test_threads_of_a_worker_take_memory_from_one_place(start: Start) -> None:
    """Those that start before there are workers make no other one: what is free at its end would not be given back."""
    server = start().wait()
    for _ in range(8):
        server.ask(question="Who is S. Jaishankar?")
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    assert children
    for process in children:
        lines = Path(f"/proc/{process}/maps").read_text().splitlines()
        # A place begins at a multiple of 64 MB; what is not used of them is closed.
        edges = [[int(edge, 16) for edge in line.split()[0].split("-")] for line in lines if " ---p " in line]
        assert not [begin for begin, end in edges if end % (1 << 26) == 0 and 1 << 20 < end - begin < 1 << 26]


def test_conversations_survive_a_restart(start: Start) -> None:
    """What was kept by one server comes back from the next; the same turn is kept once; nobody else reads the key."""
    server = start().wait()
    asked = {"question": "Who is S. Jaishankar?", "conversation": "conversation-1", "turn": "turn-00001"}
    first = server.ask(**asked)
    assert first["saved"] is True
    server.stop()
    second = start().wait().ask(**asked)
    first.pop("took_ms"), second.pop("took_ms")
    assert second == first


def test_what_it_writes_stays_in_the_data_folder(start: Start, tmp_path: Path) -> None:
    """A database and a key that only its owner may read; no control socket, no cache."""
    home = tmp_path / "home"
    home.mkdir()
    start(HOME=str(home)).wait().stop()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "var"]
    assert list(home.iterdir()) == []
    key = tmp_path / "var" / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert {path.name for path in key.parent.iterdir()} <= {
        "secret_key",
        "indexes",
        "newsstand.sqlite3",
        "newsstand.sqlite3-wal",
        "newsstand.sqlite3-shm",
    }
    assert list((key.parent / "indexes").iterdir()) == []


def test_bad_documents_are_told_and_the_others_served(start: Start, tmp_path: Path) -> None:
    """A warning a problem, counted in the line that says the address."""
    seeds = tmp_path / "documents"
    seeds.mkdir()
    (seeds / "good.txt").write_text("date 2024-05-01 The library opened on Monday.\n", "utf-8")
    (seeds / "bad.txt").write_bytes(b"\xff\xfe\xff")
    code, out, err = start(NEWSSTAND_SEEDS=str(seeds)).wait().stop()
    assert code == 0
    assert "(1 document, 1 problem)" in out
    assert err.startswith("WARNING webapp.serving: bad.txt")


def test_questions_stay_out_of_the_log(start: Start, tmp_path: Path) -> None:
    """Even when the database breaks while the server runs; the answer comes all the same."""
    server = start().wait()
    (tmp_path / "var" / "newsstand.sqlite3").write_bytes(b"broken" * 4096)
    for leftover in ("-wal", "-shm"):
        (tmp_path / "var" / f"newsstand.sqlite3{leftover}").unlink(missing_ok=True)
    reply = server.ask(question="Who is S. Jaishankar, my zebra?")
    assert reply["saved"] is False
    code, _, err = server.stop()
    assert code == 0
    assert "NEWSSTAND_DATABASE_URL" in err
    assert "zebra" not in err


def test_a_port_in_use_is_told(start: Start, free_port: int) -> None:
    """With what to do about it, before anything is loaded."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        server = start()
        out, err = server.process.communicate(timeout=START_SECONDS)
    assert server.process.returncode == 2
    assert out == ""
    assert "is in use" in err
    assert "PORT=" in err


@pytest.mark.parametrize(
    "environment",
    [
        {"HOST": "no.such.host.invalid"},
        {"NEWSSTAND_DATA_DIR": "/proc/nowhere"},
        {"NEWSSTAND_DATABASE_URL": "mongodb://nowhere"},
        {"NEWSSTAND_DATABASE_URL": "sqlite:////proc/nowhere/turns.sqlite3"},
        {"NEWSSTAND_THREADS": "none"},
    ],
)
def test_what_keeps_it_from_starting_is_told(start: Start, environment: dict[str, str]) -> None:
    """In words, with exit code 2, never as a traceback."""
    server = start(**environment)
    _, err = server.process.communicate(timeout=START_SECONDS)
    assert server.process.returncode == 2
    assert err.strip()
    assert "Traceback" not in err


def test_it_starts_from_a_saved_index(start: Start, tmp_path: Path) -> None:
    """The documents need not be there; answers, articles and readiness are as ever."""
    library = read_folder(SEEDS)
    answerer = answering_from(library.corpus)
    save_index(tmp_path / "saved", answerer, library)
    question = answerer.suggestions(1)[0]
    server = start("--index", str(tmp_path / "saved"), NEWSSTAND_SEEDS=str(tmp_path / "nowhere")).wait()
    expected = answerer.ask(question).answer
    assert expected is not None
    answered = server.ask(question=question)
    assert answered["answer"]["text"] == expected.text
    assert b'"documents":1' in server.get("/readyz").replace(b" ", b"")
    assert expected.text.encode() in server.get(answered["citation"]["document"]["url"])
    assert server.stop()[0] == 0
