"""What tests of faults share: a server to be ill-treated, and what they measured at the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest

from tests.faults import figures
from tests.serving.conftest import Server

Start = Callable[..., Server]


@pytest.fixture
def start(free_port: int, tmp_path: Path) -> Iterator[Start]:
    """Starts a server on a free port in an empty folder, and leaves none behind."""
    started: list[Server] = []

    def start_one(*arguments: str, **environment: str) -> Server:
        started.append(Server(free_port, tmp_path, *arguments, **environment))
        return started[-1]

    yield start_one
    for server in started:
        with suppress(ProcessLookupError):
            if server.process.poll() is None:
                server.stop(SIGKILL)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Show what was measured."""
    if figures.measured:
        terminalreporter.section("figures of faults")
        for what, measured in sorted(figures.measured.items()):
            terminalreporter.line(f"{what}: {figures.told(measured)}")
