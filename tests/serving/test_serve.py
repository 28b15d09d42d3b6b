"""``newsstand serve``, as an operator starts and stops it."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
START_SECONDS = 60
STOP_SECONDS = 30


class Server:
    """A running server, in a process group of its own, as a terminal would start it."""

    def __init__(self, port: int, folder: Path, **environment: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "webapp", "serve"],
            cwd=folder,
            env={**os.environ, "PORT": str(port), "NEWSSTAND_SEEDS": str(SEEDS), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url(path), timeout=10) as response:
            body: bytes = response.read()
        return body

    def ask(self, **fields: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            self.url("/api/v1/ask"), json.dumps(fields).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            answered: dict[str, Any] = json.load(response)
        return answered

    def wait(self) -> Server:
        """Wait until it answers."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self.get("/healthz")
                return self
            except OSError:
                assert self.process.poll() is None, self.process.communicate()
                assert time.monotonic() < until
                time.sleep(0.1)

    def stop(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """Press Ctrl-C: every process of the group gets the signal. Return exit code, output and errors."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, by)
        out, err = self.process.communicate(timeout=STOP_SECONDS)
        return self.process.returncode, out, err


@pytest.fixture
def start(free_port: int, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a server on a free port in an empty folder, and leaves none behind."""
    started: list[Server] = []

    def start_one(**environment: str) -> Server:
        started.append(Server(free_port, tmp_path, **environment))
        return started[-1]

    yield start_one
    for server in started:
        if server.process.poll() is None:
            server.stop(signal.SIGKILL)


def test_it_says_where_it_answers_and_stops_on_ctrl_c(start: Callable[..., Server], free_port: int) -> None:
    """One line at the start, none at the end, exit code 0."""
    server = start().wait()
    assert b"<title>" in server.get("/")
    code, out, err = server.stop()
    assert out == f"Newsstand answers on http://127.0.0.1:{free_port}/ (1 document, 0 problems). Ctrl-C stops it.\n"
    assert err == ""
    assert code == 0


def test_a_supervisor_stops_it_as_well(start: Callable[..., Server]) -> None:
    """SIGTERM to every process, exit code 0, nothing said."""
    code, _, err = start().wait().stop(signal.SIGTERM)
    assert (code, err) == (0, "")


def test_conversations_survive_a_restart(start: Callable[..., Server]) -> None:
    """What was kept by one server comes back from the next; the same turn is kept once; nobody else reads the key."""
    server = start().wait()
    asked = {"question": "Who is S. Jaishankar?", "conversation": "conversation-1", "turn": "turn-00001"}
    first = server.ask(**asked)
    assert first["saved"] is True
    server.stop()
    second = start().wait().ask(**asked)
    first.pop("took_ms"), second.pop("took_ms")
    assert second == first


def test_what_it_writes_stays_in_the_data_folder(start: Callable[..., Server], tmp_path: Path) -> None:
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
        "newsstand.sqlite3",
        "newsstand.sqlite3-wal",
        "newsstand.sqlite3-shm",
    }


def test_bad_documents_are_told_and_the_others_served(start: Callable[..., Server], tmp_path: Path) -> None:
    """A warning a problem, counted in the line that says the address."""
    seeds = tmp_path / "documents"
    seeds.mkdir()
    (seeds / "good.txt").write_text("date 2024-05-01 The library opened on Monday.\n", "utf-8")
    (seeds / "bad.txt").write_bytes(b"\xff\xfe\xff")
    code, out, err = start(NEWSSTAND_SEEDS=str(seeds)).wait().stop()
    assert code == 0
    assert "(1 document, 1 problem)" in out
    assert err.startswith("WARNING webapp.serving: bad.txt")


def test_questions_stay_out_of_the_log(start: Callable[..., Server], tmp_path: Path) -> None:
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


def test_a_port_in_use_is_told(start: Callable[..., Server], free_port: int) -> None:
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
def test_what_keeps_it_from_starting_is_told(start: Callable[..., Server], environment: dict[str, str]) -> None:
    """In words, with exit code 2, never as a traceback."""
    server = start(**environment)
    _, err = server.process.communicate(timeout=START_SECONDS)
    assert server.process.returncode == 2
    assert err.strip()
    assert "Traceback" not in err
