"""``newsstand``: help, version, and what an author is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def test_help_lists_the_commands(newsstand: Run) -> None:
    """Each with what it does."""
    ran = newsstand("--help")
    assert ran.code == 0
    for command in ("serve", "ask", "check", "diff", "evaluate", "replay"):
        assert f"\n    {command} " in ran.out


def test_version_loads_nothing_else() -> None:
    """It answers at once, from ``python -m webapp`` too."""
    heavy = "{'flask', 'sqlalchemy', 'numpy', 'gunicorn', 'alembic'}"
    code = (
        f"import sys; from webapp.cli import main\ntry: main(['--version'])\nfinally: print({heavy} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("newsstand ")
    assert ran.stdout.endswith("set()\n")
    module = subprocess.run([sys.executable, "-m", "webapp", "--version"], capture_output=True, text=True, check=True)
    assert module.stdout == ran.stdout.removesuffix("set()\n")


def test_asking_loads_no_web_server() -> None:
    """Answers come without Flask, gunicorn and the database."""
    code = "import sys, webapp.cli.asking; print({'flask', 'sqlalchemy', 'gunicorn', 'alembic'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


def test_a_sound_folder_passes(newsstand: Run, folder: Path) -> None:
    """The summary says what can be served."""
    ran = newsstand("check", folder)
    assert ran.code == 0
    assert "1 document with " in ran.out
    assert "0 errors" in ran.out


def test_lost_content_fails(newsstand: Run, folder: Path) -> None:
    """File, what is wrong, and what to do; the other file is still counted."""
    (folder / "latin.txt").write_bytes("Caf\xe9 culture is back.".encode("latin-1"))
    ran = newsstand("check", folder)
    assert ran.code == 1
    assert ran.out.startswith("latin.txt")
    assert "1 document with " in ran.out
    assert "1 error," in ran.out


def test_a_missing_folder_is_a_wrong_call(newsstand: Run, tmp_path: Path) -> None:
    """It is not an author's mistake."""
    assert newsstand("check", tmp_path / "nowhere").code == 2


def test_settings_that_cannot_be_used_stop_every_command(
    newsstand: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is loaded."""
    monkeypatch.setenv("NEWSSTAND_WORKERS", "many")
    ran = newsstand("check", folder)
    assert ran.code == 2
    assert "NEWSSTAND_WORKERS" in ran.err


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_an_impossible_port_is_told(newsstand: Run, port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment as from the command line."""
    monkeypatch.setenv("PORT", port)
    ran = newsstand("serve")
    assert ran.code == 2
    assert "no port" in ran.err
