"""The key that signs the conversation cookie: given by the operator, or made once and kept."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from webapp.settings import Settings

KEY_BYTES = 32
VARIETY = 8
"""Fewer different characters than this are no random key."""
PERIOD = 16
"""What is repeated after this many characters or fewer is no random key."""
TELLING = ("secret", "change", "example", "password", "insecure", "newsstand", "0123456789", "abcdefgh")
"""What keys hold that were copied from a guide or typed by hand, and random ones as good as never."""
WELL_KNOWN = frozenset({"192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"})
"""The key that the manual of Flask gives as an example."""
FILE_NAME = "secret_key"


class SecretError(RuntimeError):
    """The key can be neither read nor made; the message says what to do."""


def secret_key(settings: Settings) -> str:
    """Return the setting, or a random key that is made once and kept in the data folder, for its owner only.

    Raises:
        SecretError: the key can be neither read nor made, or could be guessed.
    """
    if settings.secret_key:
        if not settings.development and _can_be_guessed(settings.secret_key):
            raise SecretError(
                f"NEWSSTAND_SECRET_KEY can be guessed: it needs at least {KEY_BYTES} characters, drawn by chance. Make "
                "one with python3 -c 'import secrets; print(secrets.token_hex())', or leave it empty: then one is kept."
            )
        return settings.secret_key
    file = settings.data_path / FILE_NAME
    try:
        try:
            key = file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            _make(file)
            key = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretError(
            f"The key in {file} can be neither read nor made ({getattr(error, 'strerror', None) or 'it is no text'}). "
            f"Make {settings.data_path} writable, or set NEWSSTAND_DATA_DIR or NEWSSTAND_SECRET_KEY."
        ) from error
    if len(key) < KEY_BYTES:
        raise SecretError(f"The key in {file} is too short to be safe. Delete the file: a new key is made.")
    return key


def _make(file: Path) -> None:
    """Write a fresh key whole or not at all, and never in place of the key of another process."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp's files are for their owner only from the first moment.
    descriptor, made = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as handle:
            handle.write(secrets.token_hex(KEY_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(made, file)
    finally:
        Path(made).unlink()


def _can_be_guessed(key: str) -> bool:
    if len(key) < KEY_BYTES or len(set(key)) < VARIETY or key in WELL_KNOWN:
        return True
    repeats = any(key == (key[:period] * len(key))[: len(key)] for period in range(1, PERIOD + 1))
    return repeats or any(word in key.lower() for word in TELLING)
