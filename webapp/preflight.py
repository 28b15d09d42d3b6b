"""Looks, before a server starts, at what its settings name: address, folder, key, database, what is installed."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

from webapp.conversations.engine import open_engine
from webapp.conversations.errors import StorageError
from webapp.secret import SecretError, secret_key
from webapp.settings import KIOSK, Settings, SettingsError
from webapp.web import rate_limits, tracing


def mistakes_before_start(settings: Settings, host: str, port: int, index: Path | None) -> list[str]:
    """Return a line for each thing that keeps a server from starting, saying what to do.

    Args:
        settings: how it is to serve.
        host: the address to listen on.
        port: its port.
        index: folder of a saved index to start from, instead of the folder of documents.
    """
    found = [*_address(settings, host, port), *_documents(settings, index)]
    return found + [line for check in _RAISING for line in _raised(check, settings)]


def _address(settings: Settings, host: str, port: int) -> Iterator[str]:
    if settings.profile == KIOSK and not _is_loopback(host):
        yield f"The kiosk profile serves this machine only: HOST={host} must be 127.0.0.1."
    place = shown(host, port)
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield f"{place} is in use. Stop what runs there, or choose another port: PORT=8001."
        else:
            yield f"{place} cannot be served ({error.strerror}). Choose another HOST or PORT."


def _documents(settings: Settings, index: Path | None) -> Iterator[str]:
    folder = index or settings.seeds_path
    named = "--index" if index else "NEWSSTAND_SEEDS or --seeds"
    if not folder.exists():
        # Documents may come later; they are looked for all the time.
        if index is not None:
            yield f"{folder} is not there. Name the folder with {named}."
    elif not folder.is_dir():
        yield f"{folder} is no folder. Name the folder with {named}."
    elif not os.access(folder, os.R_OK | os.X_OK):
        yield f"{folder} cannot be read. Give read permission, or name another folder with {named}."


def _database(settings: Settings) -> None:
    if settings.database_url:
        open_engine(settings.database_url).dispose()


def _rate_limits(settings: Settings) -> None:
    # What is no URL at all was told with the other settings.
    if not any("_RATELIMIT_STORAGE_URL" in line for line in settings.mistakes()):
        rate_limits.storage_of(settings)


_RAISING: tuple[Callable[[Settings], object], ...] = (
    secret_key,
    _database,
    _rate_limits,
    tracing.check_installed,
)


def _raised(check: Callable[[Settings], object], settings: Settings) -> Iterator[str]:
    try:
        check(settings)
    except (SecretError, StorageError, SettingsError) as error:
        yield str(error)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shown(host: str, port: int) -> str:
    """Return an address as it stands in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
