"""What processes hold of the machine's memory, as Linux tells it."""

from __future__ import annotations

import os
from pathlib import Path


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, parent = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if int(parent) == process and state != "Z":
                found.append(int(folder.name))
    return sorted(found)


def resident_bytes(process: int) -> int:
    """Return how much of a process is in memory, what it shares with others included."""
    return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def workers(master: int) -> list[int]:
    """Return a server's workers: what it has forked, and not the watcher, which is another program."""
    program = _program(master)
    return [child for child in children(master) if program and _program(child) == program]


def _program(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
