"""``newsstand doctor`` finds what is wrong and says what to do."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.cli import doctoring, main
from webapp.conversations.migrations import upgrade
from webapp.secret import secret_key
from webapp.settings import Settings

Examine = Callable[..., dict[str, str]]


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Examine:
    """Runs the doctor over a healthy installation, changed a little; gives the state by check, and the exit code."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.txt").write_text("date 2024-05-01 The library opened on Monday.\n", "utf-8")
    settings = Settings()
    settings.data_path.mkdir(mode=0o700)
    secret_key(settings)
    upgrade(settings.database_location)
    monkeypatch.setattr(doctoring.shutil, "disk_usage", lambda _: _Disk(5_000_000_000))

    def run(*arguments: str, **environment: str) -> dict[str, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = main(["doctor", "--json", *arguments])
        told = json.loads(capsys.readouterr().out)
        states = {"exit": str(code)}
        for one in told["findings"]:
            assert one["state"] == "ok" or one["advice"] or len(one["message"]) > 60
            if states.get(one["check"], "ok") == "ok":
                states[one["check"]] = one["state"]
        assert told["healthy"] is (code == 0)
        return states

    return run


class _Disk:
    def __init__(self, free: int) -> None:
        self.free = free


def test_a_healthy_installation(examine: Examine) -> None:
    """Nothing is found."""
    states = examine()
    assert {"data folder", "disk", "key", "database", "documents", "server", "time"} <= set(states)
    assert states.pop("exit") == "0"
    assert {state for check, state in states.items() if check != "open files"} == {"ok"}


def test_before_the_first_start(examine: Examine, tmp_path: Path) -> None:
    """What is made at the start need not be there."""
    assert examine(NEWSSTAND_DATA_DIR=str(tmp_path / "later"))["exit"] == "0"


def open_key(folder: Path) -> None:
    (folder / "var" / "secret_key").chmod(0o644)


def short_key(folder: Path) -> None:
    (folder / "var" / "secret_key").write_text("short")


def open_folder(folder: Path) -> None:
    (folder / "var").chmod(0o777)


def broken_database(folder: Path) -> None:
    (folder / "var" / "newsstand.sqlite3").write_bytes(b"broken" * 4096)


def newer_database(folder: Path) -> None:
    connection = sqlite3.connect(folder / "var" / "newsstand.sqlite3")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


def no_documents(folder: Path) -> None:
    (folder / "seeds" / "one.txt").unlink()


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        (open_key, "key"),
        (short_key, "key"),
        (open_folder, "data folder"),
        (broken_database, "database"),
        (newer_database, "database"),
        (no_documents, "documents"),
    ],
)
def test_what_is_wrong_is_found(examine: Examine, tmp_path: Path, harm: Callable[[Path], None], check: str) -> None:
    """Each by its name, with exit code 1."""
    harm(tmp_path)
    states = examine()
    assert (states["exit"], states[check]) == ("1", "bad")


def test_what_should_be_looked_at_does_not_fail(examine: Examine, tmp_path: Path) -> None:
    """A file that cannot be read, a clock that was set back, a proxy that is not stated."""
    (tmp_path / "seeds" / "bad.txt").write_bytes(b"\xff\xfe\xff")
    later = time.time() + 86400
    os.utime(tmp_path / "var" / "secret_key", (later, later))
    states = examine(NEWSSTAND_PUBLIC_URL="https://ask.example.org")
    assert (states["exit"], states["documents"], states["time"], states["proxy"]) == ("0", "look", "look", "look")


@pytest.mark.parametrize("stated", [{"NEWSSTAND_PROXIES": "1"}, {"NEWSSTAND_COOKIE_SECURE": "true"}])
def test_a_public_site_without_its_address(examine: Examine, stated: dict[str, str]) -> None:
    """Whoever asks under another host has its links lead there; with the address stated nobody can."""
    states = examine(**stated)
    assert (states["exit"], states["proxy"]) == ("0", "look")
    whole = {"NEWSSTAND_PROXIES": "1", "NEWSSTAND_COOKIE_SECURE": "true"}
    assert "proxy" not in examine(**whole, NEWSSTAND_PUBLIC_URL="https://ask.example.org")


def test_a_full_disk(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is found before it is full."""
    monkeypatch.setattr(doctoring.shutil, "disk_usage", lambda _: _Disk(50_000_000))
    states = examine()
    assert (states["exit"], states["disk"]) == ("1", "bad")


def test_a_storage_that_is_away(examine: Examine, free_port: int) -> None:
    """Nobody listens there."""
    states = examine(NEWSSTAND_RATELIMIT_STORAGE_URL=f"redis://127.0.0.1:{free_port}")
    assert (states["exit"], states["rate limits"]) == ("1", "bad")


def test_an_index_that_is_none(examine: Examine, tmp_path: Path) -> None:
    """As “serve” would refuse it."""
    states = examine("--index", str(tmp_path / "seeds"))
    assert (states["exit"], states["index"]) == ("1", "bad")


def test_settings_that_cannot_be_used(examine: Examine) -> None:
    """Are a finding too."""
    assert examine(NEWSSTAND_WORKERS="many")["exit"] == "1"


def test_people_read_lines(examine: Examine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A state, a check, what was found; below it what to do."""
    open_key(tmp_path)
    assert main(["doctor"]) == 1
    told = capsys.readouterr().out
    assert "bad   key: Others can read var/secret_key (mode 644).\n      chmod 600" in told
