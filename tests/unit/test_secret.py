"""The key that signs the cookie."""

from __future__ import annotations

import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from webapp.secret import SecretError, secret_key
from webapp.settings import Settings


def test_the_setting_is_the_key(tmp_path: Path) -> None:
    """Nothing is written then."""
    given = secrets.token_hex()
    assert secret_key(Settings(secret_key=given, data_dir=str(tmp_path / "var"))) == given
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    "key",
    [
        "secret",
        "changeme" * 3,
        "0" * 64,
        "abc" * 30,
        "q7Rz9KfM" * 5,
        "please-change-me-1f9c27aa63b0e4d85572",
        "0123456789abcdef0123456789ABCDEF",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    ],
)
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, key: str) -> None:
    """In production; the message says how to make a better one. In development it is the developer's own business."""
    with pytest.raises(SecretError, match="can be guessed"):
        secret_key(Settings(secret_key=key, data_dir=str(tmp_path)))
    assert secret_key(Settings(secret_key=key, data_dir=str(tmp_path), development=True)) == key


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    """The second start finds the first one's key; nobody else may read it; nothing else is left behind."""
    settings = Settings(data_dir=str(tmp_path / "var"))
    key = secret_key(settings)
    assert len(key) == 64
    assert secret_key(settings) == key
    files = list((tmp_path / "var").iterdir())
    assert [file.name for file in files] == ["secret_key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_starts_at_once_agree_on_a_key(tmp_path: Path) -> None:
    """Whoever comes first makes it."""
    settings = Settings(data_dir=str(tmp_path / "var"))
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(secret_key, [settings] * 16))) == 1


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe" * 40])
def test_a_damaged_key_is_told(tmp_path: Path, content: bytes) -> None:
    """An empty key would sign nothing: the message says what to do."""
    (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(SecretError, match=r"Delete the file|NEWSSTAND_SECRET_KEY"):
        secret_key(Settings(data_dir=str(tmp_path)))


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should."""
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(SecretError, match="NEWSSTAND_DATA_DIR"):
        secret_key(Settings(data_dir=str(tmp_path / "var")))
