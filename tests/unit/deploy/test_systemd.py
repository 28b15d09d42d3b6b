"""The unit for a site: valid, confined, and starting what there is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from webapp.cli import _parser

UNIT = Path(__file__).parents[3] / "deploy" / "systemd" / "newsstand.service"
MOST_EXPOSED = 1.5
"""Of 10; systemd calls up to 2 safe."""


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze; where tests must be complete it has to be there."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        assert os.environ.get("CI") != "true", "systemd-analyze is missing"
        pytest.skip("systemd-analyze is not here")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=False)


def test_the_unit_is_valid() -> None:
    """As systemd reads it; only the program need not be installed here."""
    told = analyze("verify", "--man=no", UNIT).stderr.splitlines()
    assert [line for line in told if "newsstand" in line and "not executable" not in line] == []


def test_the_unit_is_confined() -> None:
    """By systemd's own measure."""
    told = analyze("security", "--offline=true", "--no-pager", UNIT).stdout
    found = re.search(r"Overall exposure level for newsstand.service: ([0-9.]+)", told)
    assert found and float(found[1]) < MOST_EXPOSED, told


def test_the_unit_calls_commands_that_there_are() -> None:
    """To start and to reload."""
    called = dict(re.findall(r"^(Exec\w+)=/opt/newsstand/bin/newsstand (\w+)$", UNIT.read_text("utf-8"), re.MULTILINE))
    assert called == {"ExecStart": "serve", "ExecReload": "reload"}
    for command in called.values():
        _parser().parse_args([command])
