"""Every setting: name, default, unit, help; read once from the environment into one frozen `Settings`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


class SettingsError(ValueError):
    """One or more settings have a value that cannot be used; the message lists every one."""


def _setting(default: Any, help_text: str, unit: str = "") -> Any:
    return field(default=default, metadata={"help": help_text, "unit": unit})


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set; each is read from ``NEWSSTAND_`` and the name in capitals."""

    seeds: str = _setting("", "Folder of documents; empty means ./seeds, or the packaged seed documents when there is none.")
    data_dir: str = _setting("var", "Folder for what Newsstand writes: database and secret key.")
    database_url: str = _setting("", "SQLAlchemy URL; empty means an SQLite file in the data folder.")
    index_url: str = _setting("", "Search engine; empty means in-process.")
    secret_key: str = _setting("", "Signs the conversation cookie; empty means a random one, made once and kept in the data folder.")
    question_max_chars: int = _setting(2000, "Longest question accepted.", "characters")
    conversation_days: int = _setting(30, "A conversation is deleted this long after its last turn.", "days")
    turns_shown: int = _setting(50, "Newest turns of a conversation shown on the page.", "turns")
    document_max_bytes: int = _setting(10_000_000, "Largest document file read.", "bytes")
    target_precision: float = _setting(0.9, "Wished-for share of outright answers that are right.", "share")
    workers: int = _setting(2, "gunicorn worker processes.", "processes")
    threads: int = _setting(4, "Threads in each worker.", "threads")
    cookie_secure: bool = _setting(False, "Send the cookie over HTTPS only; set it when TLS stands in front.")
    title: str = _setting("Newsstand", "Name shown on every page.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read ``NEWSSTAND_*`` variables.

        Raises:
            SettingsError: some values are of the wrong type or out of range; all are named at once.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        mistakes: list[str] = []
        for row in fields(cls):
            name = f"NEWSSTAND_{row.name.upper()}"
            raw = environment.get(name)
            if raw is None or raw == "":
                continue
            try:
                values[row.name] = _parse(raw, type(row.default))
            except ValueError as error:
                mistakes.append(f"{name}={raw!r}: {error}")
        if not mistakes:
            settings = cls(**values)
            mistakes = settings.mistakes()
            if not mistakes:
                return settings
        raise SettingsError("Mend these settings and start again:\n  " + "\n  ".join(mistakes))

    def mistakes(self) -> list[str]:
        """Return a line for each value that is out of range."""
        found = []
        for name in ("question_max_chars", "conversation_days", "turns_shown", "document_max_bytes", "workers", "threads"):
            if getattr(self, name) < 1:
                found.append(f"NEWSSTAND_{name.upper()} must be at least 1.")
        if not 0.5 <= self.target_precision < 1:
            found.append("NEWSSTAND_TARGET_PRECISION must be at least 0.5 and below 1.")
        return found

    @property
    def data_path(self) -> Path:
        """The data folder."""
        return Path(self.data_dir)


def _parse(raw: str, kind: type) -> Any:
    if kind is bool:
        if raw.lower() in {"1", "true", "yes", "on"}:
            return True
        if raw.lower() in {"0", "false", "no", "off"}:
            return False
        raise ValueError("write true or false")
    if kind is int:
        try:
            return int(raw)
        except ValueError:
            raise ValueError("write a whole number") from None
    if kind is float:
        try:
            return float(raw)
        except ValueError:
            raise ValueError("write a number such as 0.9") from None
    return raw
