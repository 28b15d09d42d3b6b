"""What keeps a server from starting is told before it starts, all of it at once."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from webapp.cli import main
from webapp.preflight import mistakes_before_start
from webapp.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with which a server starts."""
    (tmp_path / "seeds").mkdir()
    return Settings(seeds=str(tmp_path / "seeds"), data_dir=str(tmp_path / "var"))


def _told(settings: Settings, *, host: str = "127.0.0.1", port: int = 0, index: Path | None = None) -> list[str]:
    return mistakes_before_start(settings, host, port, index)


def _with(settings: Settings, **changed: object) -> Settings:
    return Settings(**{**{name: getattr(settings, name) for name in settings.__slots__}, **changed})


def test_nothing_is_told_of_what_works(settings: Settings, tmp_path: Path) -> None:
    """Not of what is made at the start, of documents that come later, nor of an index in their place."""
    assert _told(settings) == []
    assert _told(_with(settings, seeds=str(tmp_path / "nowhere"))) == []
    (tmp_path / "index").mkdir()
    assert _told(_with(settings, seeds=str(tmp_path / "nowhere")), index=tmp_path / "index") == []


def test_each_thing_is_told_with_what_to_do(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the name of the setting that has to be mended."""
    file = tmp_path / "file"
    file.write_text("This is no folder.")
    monkeypatch.setitem(sys.modules, "redis", None)
    for changed, words in (
        ({"seeds": str(file)}, "file is no folder. Name the folder with NEWSSTAND_SEEDS"),
        ({"data_dir": str(file)}, "NEWSSTAND_DATA_DIR"),
        ({"secret_key": "changeme"}, "NEWSSTAND_SECRET_KEY can be guessed"),
        ({"database_url": "mongodb://nowhere"}, "NEWSSTAND_DATABASE_URL"),
        ({"database_url": f"sqlite:///{file}/turns.sqlite3"}, "NEWSSTAND_DATABASE_URL"),
        ({"ratelimit_storage_url": "redis://127.0.0.1"}, "RATELIMIT_STORAGE_URL"),
    ):
        (line,) = _told(_with(settings, **changed))
        assert words in line, line
    (line,) = _told(settings, index=tmp_path / "nowhere")
    assert "--index" in line
    (line,) = _told(_with(settings, profile="kiosk"), host="0.0.0.0")  # noqa: S104 - it is refused
    assert "kiosk" in line
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        (line,) = _told(settings, port=taken.getsockname()[1])
    assert "PORT=8001" in line


def test_one_start_shows_all_there_is_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Values out of range, folders, key, database and address, in one message."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nowhere").write_text("This is no folder.")
    for name, value in {
        "WORKERS": "many",
        "SEEDS": "nowhere",
        "SECRET_KEY": "changeme",
        "DATABASE_URL": "mongodb://nowhere",
        "RATELIMIT_STORAGE_URL": "carrier-pigeon",
        "PROFILE": "kiosk",
    }.items():
        monkeypatch.setenv(f"NEWSSTAND_{name}", value)
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 - so that no address of this machine is free
        taken.listen()
        code = main(["serve", "--host", "0.0.0.0", "--port", str(taken.getsockname()[1])])  # noqa: S104 - refused
    assert code == 2
    first, *lines = capsys.readouterr().err.splitlines()
    assert first == "Mend these settings and start again:"
    found = "\n".join(lines)
    for words in (
        "WORKERS",
        "nowhere is no folder",
        "SECRET_KEY",
        "DATABASE_URL",
        "RATELIMIT_STORAGE_URL",
        "kiosk",
        "in use",
    ):
        assert found.count(words) == 1, (words, found)
    assert len(lines) == 7
