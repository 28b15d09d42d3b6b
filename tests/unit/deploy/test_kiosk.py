"""What is shipped for a kiosk: scripts that a linter approves, units that name what is there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "deploy" / "kiosk"
SCRIPTS = ["install", "session", "wait-for-server", "watchdog"]
METRICS = 'newsstand_kiosk_last_seen_seconds{{kiosk="a"}} {a}\nnewsstand_kiosk_last_seen_seconds{{kiosk="b"}} {b}\n'


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_linter_finds_nothing(name: str) -> None:
    """shellcheck, with every optional check that is not a matter of taste."""
    told = run(Path(sys.executable).parent / "shellcheck", "--severity=style", FOLDER / name)
    assert told.returncode == 0, told.stdout
    assert os.access(FOLDER / name, os.X_OK)


@pytest.mark.parametrize("unit", sorted(FOLDER.glob("*.service")), ids=lambda unit: unit.name)
def test_units_start_what_is_installed(unit: Path) -> None:
    """Every script that a unit starts is one that the installer puts there."""
    started = re.findall(r"/opt/newsstand/kiosk/([\w-]+)", unit.read_text("utf-8"))
    assert set(started) <= set(SCRIPTS)


def test_each_flag_is_explained() -> None:
    """Whoever looks after the machine finds why the browser is started so."""
    flags = set(re.findall(r"--[a-z-]+", (FOLDER / "session").read_text("utf-8")))
    explained = set(re.findall(r"--[a-z-]+", (FOLDER / "README.md").read_text("utf-8")))
    assert flags and flags <= explained


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None and os.environ.get("CI") != "true", reason="systemd is not here"
)
def test_units_are_valid(tmp_path: Path) -> None:
    """As systemd reads them."""
    units = [shutil.copy(unit, tmp_path) for unit in (*FOLDER.glob("*.service"), *FOLDER.glob("*.timer"))]
    told = run("systemd-analyze", "verify", "--man=no", *units)
    wrong = [line for line in told.stderr.splitlines() if "newsstand" in line and "not executable" not in line]
    assert wrong == []


def installed(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_install_is_idempotent(tmp_path: Path) -> None:
    """A second run changes nothing, and keeps documents and settings that were added."""
    wheel, root, seeds = tmp_path / "newsstand-1.whl", tmp_path / "root", tmp_path / "seeds"
    wheel.touch()
    seeds.mkdir()
    (seeds / "a.txt").write_text("A thing happened.")
    assert run(FOLDER / "install", wheel, seeds, DESTDIR=str(root)).returncode == 0
    (root / "etc/newsstand/kiosk.env").write_text("NEWSSTAND_TITLE=Museum\n")
    (root / "srv/newsstand/seeds/b.txt").write_text("Another thing happened.")
    before = installed(root)
    assert {"srv/newsstand/seeds/a.txt", "etc/systemd/system/newsstand-kiosk.service"} <= set(before)
    assert run(FOLDER / "install", wheel, seeds, DESTDIR=str(root)).returncode == 0
    assert installed(root) == before


@pytest.mark.parametrize("arguments", [[], ["none.whl"]])
def test_install_says_what_it_needs(arguments: list[str], tmp_path: Path) -> None:
    """Without a wheel nothing is touched."""
    told = run(FOLDER / "install", *arguments, DESTDIR=str(tmp_path))
    assert told.returncode == 2 and "Say which wheel" in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("a", "b", "restarts"), [(5, 900, False), (181, 900, True), (0.5, 0.5, False), (None, None, True)]
)
def test_watchdog(tmp_path: Path, a: float | None, b: float | None, restarts: bool) -> None:
    """It starts the browser again when no page was heard of, and leaves it alone otherwise."""
    metrics = tmp_path / "metrics"
    metrics.write_text("" if a is None else METRICS.format(a=a, b=b))
    told = run(FOLDER / "watchdog", METRICS=metrics.as_uri(), RESTART="echo restarted")
    assert told.returncode == 0, told.stderr
    assert ("restarted" in told.stdout) is restarts


def test_watchdog_leaves_a_silent_server_to_systemd(tmp_path: Path) -> None:
    """Restarting the browser would not bring the server back."""
    told = run(FOLDER / "watchdog", METRICS=(tmp_path / "none").as_uri(), RESTART="echo restarted")
    assert (told.returncode, told.stdout) == (0, "")


def test_wait_for_server(tmp_path: Path) -> None:
    """It ends when the server answers."""
    (tmp_path / "healthz").write_text("ok")
    assert run(FOLDER / "wait-for-server", KIOSK_ALIVE=(tmp_path / "healthz").as_uri()).returncode == 0
