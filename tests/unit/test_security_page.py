"""The page on security claims what can be seen."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| (\S+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
CHAPTERS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}
"""How many requirements of levels 1 and 2 each chapter of ASVS 5.0 has."""
LEVELS = {"1": 70, "2": 183}


def test_every_requirement_is_there_once() -> None:
    """Chapter by chapter and level by level, as many as the standard has."""
    assert [number for number, count in Counter(row[0] for row in ROWS).items() if count > 1] == []
    assert dict(Counter(row[1] for row in ROWS)) == LEVELS
    by_chapter = Counter(int(row[0].partition(".")[0]) for row in ROWS)
    assert {chapter: by_chapter[chapter] for chapter in CHAPTERS} == CHAPTERS
    assert {row[3] for row in ROWS} <= {"yes", "operator", "no", "–"}


def test_every_test_and_file_that_is_named_is_there() -> None:
    """What a row points to can be run or read."""
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 100
    for file, test in named:
        assert f"def {test}(" in (ROOT / "tests" / file).read_text("utf-8"), (file, test)
    for file in re.findall(r"`((?:webapp|static|deploy|templates)/[\w./-]+)`", PAGE):
        assert (ROOT / file).exists(), file


def test_what_holds_is_shown() -> None:
    """No "yes" and no "no" without a word on why."""
    for number, _, _, state, shown in ROWS:
        assert state == "–" or len(shown) > 10, number
