"""The docs speak of what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the project."""
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_architecture_names_what_exists() -> None:
    """Every module named on the page is there."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    names = set(re.findall(r"\b[a-z_]+\.py\b", page))
    assert names
    assert names <= {path.name for path in (ROOT / "webapp").rglob("*.py")}


def test_make_help_lists_every_target_of_the_readme() -> None:
    """A reader who types what the README says finds it listed."""
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S607
    for target in re.findall(r"^    make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE):
        assert f"make {target} " in shown
