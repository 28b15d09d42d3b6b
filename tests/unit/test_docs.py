"""The docs speak of what is there."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.corpus.lint import sentences, twins

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


CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLACES = {"Problem": 2, "Unreadable": 2, "report": 1, "unreadable": 1, "Kind": 0}
"""Which argument of a call is a problem's code."""


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Yield the codes of problems in a module: of calls, of ``code, message = ...``, of (code, message, advice)."""
    for node in ast.walk(tree):
        found: ast.expr | None = None
        if isinstance(node, ast.Call):
            place = PLACES.get(getattr(node.func, "attr", getattr(node.func, "id", "")))
            found = node.args[place] if place is not None and place < len(node.args) else None
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            first = node.targets[0].elts[0]
            if isinstance(first, ast.Name) and first.id == "code" and isinstance(node.value, ast.Tuple):
                found = node.value.elts[0]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
            message = node.elts[1].values[-1] if isinstance(node.elts[1], ast.JoinedStr) else node.elts[1]
            if isinstance(message, ast.Constant) and str(message.value).endswith("."):
                found = node.elts[0]
        assert not isinstance(found, ast.IfExp), ast.unparse(found)
        if isinstance(found, ast.Constant):
            assert CODE.fullmatch(found.value), found.value
            yield found.value


def test_the_page_on_checking_explains_every_code() -> None:
    """Each that the source has, once, and none that it has not."""
    stages = [ROOT / "webapp" / "corpus", ROOT / "webapp" / "authoring"]
    modules = [module for stage in stages for module in stage.rglob("*.py")]
    codes = {code for module in modules for code in codes_in(ast.parse(module.read_text("utf-8")))}
    # Each way of writing a code is found.
    assert {"not-utf8", "empty-answer", "bidi-control", "expired", "bad-language", "question-twice"} <= codes
    page = (ROOT / "docs" / "checking.md").read_text("utf-8")
    explained = re.findall(r"^\| `([a-z0-9-]+)` \| \S.* \| \S.* \|$", page, re.MULTILINE)
    assert sorted(explained) == sorted(codes)


def test_the_page_on_checking_gives_the_limits_of_the_source() -> None:
    """Of sentences and of copies."""
    page = (ROOT / "docs" / "checking.md").read_text("utf-8")
    assert f"more than {sentences.MAX_WORDS} words or {sentences.MAX_CHARS} characters" in page
    assert f"more than {sentences.MAX_UNSPACED_CHARS} characters" in page
    assert f"has {twins.ALIKE_FROM:.0%} or more of its text" in page
