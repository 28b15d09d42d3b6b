"""The wheel carries everything: it runs from an empty folder, on its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built as a release would be."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Where the wheel is installed and goes before the working copy; what it depends on is installed already."""
    site = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site), wheel],
        check=True,
        capture_output=True,
    )
    return {**os.environ, "PYTHONPATH": str(site), "NEWSSTAND": str(site / "bin" / "newsstand")}


def test_it_carries_all_it_needs(wheel: Path) -> None:
    """Templates, static files with their licences, seeds, migrations, what was learned; no test, no cache."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "static", "seeds"):
        files = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert {f"webapp/{file}" for file in files} <= names
    assert "webapp/conversations/migrations/env.py" in names
    assert "webapp/answering/model.json" in names
    assert "webapp/translations/ar/LC_MESSAGES/messages.mo" in names
    assert any(name.startswith("webapp/conversations/migrations/versions/0001") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]


def test_it_asks_from_an_empty_folder(environment: Mapping[str, str], tmp_path: Path) -> None:
    """The packaged seeds answer; nothing is written."""
    where = [sys.executable, "-c", "import webapp; print(webapp.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert found.stdout.startswith(environment["PYTHONPATH"])
    question = "What areas of cooperation were discussed during the meetings?"
    asked = [environment["NEWSSTAND"], "ask", question]
    ran = subprocess.run(asked, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert "/documents/000_e9223e5004065d9e#p" in ran.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_serves_from_an_empty_folder(environment: Mapping[str, str], tmp_path: Path, free_port: int) -> None:
    """The page, its style sheet and the article come from the wheel; the database is made."""
    server = subprocess.Popen(
        [environment["NEWSSTAND"], "serve", "--port", str(free_port)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        until = time.monotonic() + START_SECONDS
        while _get(free_port, "/healthz") is None:
            assert server.poll() is None, server.communicate()
            assert time.monotonic() < until
            time.sleep(0.1)
        for path in ("/", "/static/css/newsstand.css", "/documents/000_e9223e5004065d9e", "/readyz"):
            assert _get(free_port, path), path
        assert (tmp_path / "var" / "newsstand.sqlite3").exists()
    finally:
        server.terminate()
        _, err = server.communicate(timeout=30)
    assert (server.returncode, err) == (0, b"")


def _get(port: int, path: str) -> bytes | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            body: bytes = response.read()
            return body
    except OSError:
        return None
