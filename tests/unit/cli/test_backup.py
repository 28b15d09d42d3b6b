"""``newsstand backup`` and ``newsstand restore``: what comes back, and what is refused."""

from __future__ import annotations

import json
import sqlite3
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.answering.reply import Reply
from webapp.cli import main
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.secret import secret_key
from webapp.settings import Settings

MakeReply = Callable[..., Reply]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_reply: MakeReply) -> Settings:
    """An installation with a key and a conversation."""
    monkeypatch.chdir(tmp_path)
    settings = Settings()
    secret_key(settings)
    upgrade(settings.database_location)
    store = ConversationStore(settings.database_location, conversation_days=30)
    store.append("conversation-1", "turn-00001", make_reply())
    store.close()
    return settings


def test_what_was_kept_comes_back(
    kept: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_reply: MakeReply
) -> None:
    """Turns and key, for their owner only, in a folder that was not there."""
    assert main(["backup", "saved.zip"]) == 0
    assert stat.S_IMODE((tmp_path / "saved.zip").stat().st_mode) == 0o600
    monkeypatch.setenv("NEWSSTAND_DATA_DIR", str(tmp_path / "new" / "var"))
    assert main(["restore", "saved.zip"]) == 0
    there = Settings(data_dir=str(tmp_path / "new" / "var"))
    assert secret_key(there) == secret_key(kept)
    assert {stat.S_IMODE(file.stat().st_mode) for file in there.data_path.iterdir()} == {0o600}
    upgrade(there.database_location)
    store = ConversationStore(there.database_location, conversation_days=30)
    (turn,) = store.turns("conversation-1", 10)
    assert turn.reply == make_reply()
    store.close()


def test_nothing_is_replaced(kept: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a file by a backup, nor an installation by a restore."""
    assert main(["backup", "saved.zip"]) == 0
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert main(["backup", "saved.zip"]) == 2
    assert main(["restore", "saved.zip"]) == 2
    told = capsys.readouterr().err
    assert told.count("is there already") == 2
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def no_archive(archive: Path) -> None:
    archive.write_bytes(b"nothing of ours")


def other_words(archive: Path) -> None:
    rewrite(archive, "newsstand.sqlite3", b"SQLite format 3\x00" + bytes(5000))


def of_a_newer_version(archive: Path) -> None:
    with zipfile.ZipFile(archive) as read:
        manifest = json.loads(read.read("manifest.json"))
    rewrite(archive, "manifest.json", json.dumps({**manifest, "format_version": 99}).encode())


def without_database(archive: Path) -> None:
    with zipfile.ZipFile(archive) as read:
        manifest = json.loads(read.read("manifest.json"))
    del manifest["parts"]["newsstand.sqlite3"]
    rewrite(archive, "manifest.json", json.dumps(manifest).encode())


def too_long(archive: Path) -> None:
    with zipfile.ZipFile(archive) as read:
        manifest = json.loads(read.read("manifest.json"))
    manifest["parts"]["newsstand.sqlite3"]["size_bytes"] = 100
    rewrite(archive, "manifest.json", json.dumps(manifest).encode())


def rewrite(archive: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(archive) as read:
        parts = {one: read.read(one) for one in read.namelist()}
    with zipfile.ZipFile(archive, "w") as written:
        for one, old in parts.items():
            written.writestr(one, content if one == name else old)


@pytest.mark.parametrize("damage", [cut, no_archive, other_words, of_a_newer_version, without_database, too_long])
def test_a_damaged_backup_is_refused(
    kept: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path], None],
) -> None:
    """With what to do, and nothing is left behind."""
    assert main(["backup", "saved.zip"]) == 0
    damage(tmp_path / "saved.zip")
    monkeypatch.setenv("NEWSSTAND_DATA_DIR", str(tmp_path / "new"))
    assert main(["restore", "saved.zip"]) == 1
    told = capsys.readouterr().err
    assert any(advice in told for advice in ("Take another one.", "Install that version"))
    assert list((tmp_path / "new").iterdir()) == []


def test_a_bit_that_turned_is_found(kept: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it is in the parts."""
    assert main(["backup", "saved.zip"]) == 0
    whole = (tmp_path / "saved.zip").read_bytes()
    monkeypatch.setenv("NEWSSTAND_DATA_DIR", str(tmp_path / "new"))
    with zipfile.ZipFile(tmp_path / "saved.zip") as archive:
        begins = [archive.getinfo(name).header_offset + 120 for name in ("manifest.json", "newsstand.sqlite3")]
    for place in begins:
        (tmp_path / "saved.zip").write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert main(["restore", "saved.zip"]) == 1
    assert not (tmp_path / "new" / "newsstand.sqlite3").exists()


def test_a_damaged_database_gives_no_backup(kept: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy of what is broken would take the place of a good one."""
    file = kept.data_path / "newsstand.sqlite3"
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    content = bytearray(file.read_bytes())
    content[5000:9000] = b"x" * 4000
    file.write_bytes(bytes(content))
    assert main(["backup", "saved.zip"]) == 1
    assert "restore" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["var"]


def test_a_database_of_a_server_is_backed_up_by_its_own_tools(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Which are named."""
    monkeypatch.setenv("NEWSSTAND_DATABASE_URL", "postgresql+psycopg://somebody@nowhere/newsstand")
    assert main(["backup", str(tmp_path / "saved.zip")]) == 1
    assert "pg_dump" in capsys.readouterr().err
