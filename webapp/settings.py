"""Every setting: name, default, unit, help; read once from the environment into one frozen `Settings`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from webapp.logs import FORMATS, LEVELS

PREFIX = "NEWSSTAND_"
KIOSK = "kiosk"
PROFILES = frozenset({"", KIOSK})
SMALLEST_BODY_LIMIT_BYTES = 64 * 1024


class SettingsError(ValueError):
    """One or more settings have a value that cannot be used; the message lists every one."""


def _setting(
    default: Any, help_text: str, unit: str = "", least: float | None = None, most: float | None = None
) -> Any:
    return field(default=default, metadata={"help": help_text, "unit": unit, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set; each is read from ``NEWSSTAND_`` and the name in capitals."""

    profile: str = _setting(
        "", "`kiosk` serves one machine in a lobby: on loopback only, without API, conversations in memory."
    )
    seeds: str = _setting("", "Folder of documents; empty means ./seeds, or the documents that ship with Newsstand.")
    data_dir: str = _setting("var", "Folder for what Newsstand writes: database, index and secret key.")
    database_url: str = _setting("", "SQLAlchemy URL; empty means an SQLite file in the data folder.")
    index_url: str = _setting("", "Search engine; empty means in this process, the only one there is so far.")
    secret_key: str = _setting("", "Signs the cookie; empty means a random key, made once and kept in the data folder.")
    proxies: int = _setting(
        0, "Proxies in front, each of which adds X-Forwarded-For and X-Forwarded-Proto.", "proxies", least=0, most=10
    )
    ratelimit_client: str = _setting(
        "",
        "Questions from one address, as `60/minute` or `off`; five times as many pages. Empty means 120 a minute, and "
        "no limit for this machine itself.",
    )
    ratelimit_global: str = _setting(
        "", "Questions from all addresses together, as `1000/minute`; empty means no limit."
    )
    ratelimit_storage_url: str = _setting(
        "memory://", "Where they are counted: `memory://` in each process, `redis://host:port` for all together."
    )
    question_max_chars: int = _setting(2000, "Longest question accepted.", "characters", least=1)
    conversation_days: int = _setting(
        30, "A conversation is deleted this long after its last turn.", "days", least=1, most=36500
    )
    turns_shown: int = _setting(20, "Turns shown at once; older ones come on demand.", "turns", least=1)
    document_max_bytes: int = _setting(
        10_000_000, "Largest document file read; a workbook may expand to ten times that.", "bytes", least=1
    )
    reload_seconds: int = _setting(
        5, "How often documents are looked at for changes; 0 means only when asked.", "seconds", least=0, most=86400
    )
    target_precision: float = _setting(
        0.9, "Wished-for share of outright answers that are right.", "share", least=0.5, most=0.999
    )
    kiosk_idle_seconds: int = _setting(
        60, "A kiosk that nobody touches for this long asks whether somebody is there.", "seconds", least=10, most=3600
    )
    embed_origins: str = _setting(
        "", "Sites that may show the widget, as https://www.example.org, several with commas between; empty means none."
    )
    log_format: str = _setting("console", "`console` for people, `json` for machines: one object a line.")
    log_level: str = _setting(
        "warning", "`error`, `warning`, `info` (adds a line a request, without what was asked or by whom) or `debug`."
    )
    development: bool = _setting(False, "Show the widget's example page under /embed/demo; not for the public.")
    workers: int = _setting(2, "Server processes.", "processes", least=1, most=256)
    threads: int = _setting(
        4, "Threads in each process: one answers, another takes over when it is held up.", "threads", least=1, most=256
    )
    cookie_secure: bool = _setting(False, "Send the cookie over HTTPS only; set it when TLS stands in front.")
    title: str = _setting("Newsstand", "Name shown on every page.")
    logo: str = _setting("", "Picture shown beside the name: a file ending in .svg, .png or .webp, up to 200 kB.")
    brand_color: str = _setting(
        "", "Colour of header, buttons and links, as #0d4636; shades that stay readable are made from it."
    )
    marker_color: str = _setting("", "Colour in which quotes are marked, as #ffe97a.")
    public_url: str = _setting(
        "",
        "Address under which visitors reach the site, as https://ask.example.org; empty means what their request says.",
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read ``NEWSSTAND_*`` variables; an empty one counts as not set.

        Raises:
            SettingsError: some values are of the wrong type or out of range; all are named at once.
        """
        settings, mistakes = cls.read(environment)
        if mistakes:
            raise SettingsError(told_together(mistakes))
        return settings

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> tuple[Settings, list[str]]:
        """Read ``NEWSSTAND_*`` variables; return them with a line for each value that cannot be used."""
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        mistakes: list[str] = []
        for row in fields(cls):
            name = f"{PREFIX}{row.name.upper()}"
            raw = environment.get(name, "")
            if not raw:
                continue
            try:
                values[row.name] = _parse(raw, type(row.default))
            except ValueError as error:
                mistakes.append(f"{name}={raw!r}: {error}")
        settings = cls(**values)
        return settings, mistakes + settings.mistakes()

    def mistakes(self) -> list[str]:
        """Return a line for each value that is out of range."""
        found = []
        for row in fields(self):
            value, least, most = getattr(self, row.name), row.metadata["least"], row.metadata["most"]
            name = f"{PREFIX}{row.name.upper()}"
            if least is not None and not value >= least:
                found.append(f"{name} must be at least {least}.")
            if most is not None and value > most:
                found.append(f"{name} must be at most {most}.")
        if self.public_url and not re.fullmatch(r"https?://[^\s/?#@]+/?", self.public_url):
            found.append(f"{PREFIX}PUBLIC_URL: write scheme and host only, as https://ask.example.org.")
        if not all(re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", origin) for origin in self.origins_embedding):
            found.append(
                f"{PREFIX}EMBED_ORIGINS: write scheme and host of each site in small letters and no path, as "
                "https://www.example.org,https://news.example.org."
            )
        for name in ("brand_color", "marker_color"):
            if getattr(self, name) and not re.fullmatch(r"#[0-9a-fA-F]{6}", getattr(self, name)):
                found.append(f"{PREFIX}{name.upper()}: write a colour as six hexadecimal digits, as #0d4636.")
        for name in ("ratelimit_client", "ratelimit_global"):
            if not re.fullmatch(r"|off|[1-9][0-9]{0,8}/(second|minute|hour|day)", getattr(self, name)):
                found.append(f"{PREFIX}{name.upper()}: write a number and a time, as 60/minute, or off.")
        if not re.fullmatch(r"memory://|rediss?://\S+", self.ratelimit_storage_url):
            found.append(f"{PREFIX}RATELIMIT_STORAGE_URL: write memory://, or redis://host:port.")
        if self.log_format not in FORMATS:
            found.append(f"{PREFIX}LOG_FORMAT: write console or json.")
        if self.log_level not in LEVELS:
            found.append(f"{PREFIX}LOG_LEVEL: write error, warning, info or debug.")
        if self.profile not in PROFILES:
            found.append(f"{PREFIX}PROFILE: write kiosk, or leave it empty.")
        if self.index_url:
            found.append(f"{PREFIX}INDEX_URL: this version searches in its own process only; leave it empty.")
        return found

    @property
    def origins_embedding(self) -> tuple[str, ...]:
        """The origins whose pages may show the widget."""
        return tuple(origin.strip() for origin in self.embed_origins.split(",") if origin.strip())

    @property
    def body_max_bytes(self) -> int:
        """How long the body of a request may be."""
        # A character takes up to twelve bytes in a form.
        return max(SMALLEST_BODY_LIMIT_BYTES, 12 * self.question_max_chars + 4096)

    @property
    def data_path(self) -> Path:
        """The data folder."""
        return Path(self.data_dir)

    @property
    def seeds_path(self) -> Path:
        """The folder of documents: the setting, else ./seeds, else the ones that ship with Newsstand."""
        if self.seeds:
            return Path(self.seeds)
        here = Path("seeds")
        if here.is_dir():
            return here
        package = Path(__file__).parent
        packaged = package / "seeds"
        # In a working copy they stand beside the package.
        return packaged if packaged.is_dir() else package.parent / "seeds"

    @property
    def database_location(self) -> str:
        """The URL of the database: the setting, else an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{(self.data_path / 'newsstand.sqlite3').resolve()}"


def told_together(mistakes: Iterable[str]) -> str:
    """Return a message that lists mistakes, each once."""
    return "Mend these settings and start again:\n  " + "\n  ".join(dict.fromkeys(mistakes))


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
