"""No regular expression takes long, whatever it is given."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
REPEATED = 400
"""How often a part is repeated at most. At this, what backtracks over one part takes a thousandth of a second, over two
nested ones a second, and over every way to divide it longer than anybody waits."""
SLOW_SECONDS = 0.15
ENDINGS = ("", "\x00", "!", "\n", " ", "a", "0", ">")


def samples(parsed: Any) -> Iterator[str]:
    """Yield texts that the parts of a pattern match, those within others too: what can be repeated to mislead it."""
    for _, argument in parsed:
        for part in parts_of(argument):
            yield example(part)
            yield from samples(part)
    yield example(parsed)


def parts_of(argument: Any) -> Iterator[Any]:
    """Yield the patterns within what a parsed item says."""
    if isinstance(argument, re._parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for one in argument:
            yield from parts_of(one)


def example(parsed: Any) -> str:
    """Return a text that a pattern matches, or nearly."""
    text = ""
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL":
            text += chr(argument)
        elif name == "NOT_LITERAL":
            text += "b" if argument == ord("a") else "a"
        elif name == "IN":
            text += member(argument)
        elif name == "ANY":
            text += "a"
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            text += example(argument[2]) * max(1, min(argument[0], 3))
        elif name == "BRANCH":
            text += example(argument[1][0])
        elif name == "SUBPATTERN":
            text += example(argument[-1])
        elif name == "ATOMIC_GROUP":
            text += example(argument)
    return text


def member(choices: Any) -> str:
    """Return a character that a class holds."""
    classes = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}
    if str(choices[0][0]) == "NEGATE":
        return next(one for one in "a0 !é\u4e00" if not any(holds(choice, one) for choice in choices[1:]))
    for operation, argument in choices:
        if str(operation) == "LITERAL":
            return chr(argument)
        if str(operation) == "RANGE":
            return chr(argument[0])
        return classes.get(str(argument), "!")
    return ""


def holds(choice: Any, character: str) -> bool:
    """Tell whether one choice of a class is for a character."""
    operation, argument = str(choice[0]), choice[1]
    if operation == "LITERAL":
        return bool(chr(argument) == character)
    if operation == "RANGE":
        return bool(argument[0] <= ord(character) <= argument[1])
    tests = {"CATEGORY_DIGIT": str.isdigit, "CATEGORY_SPACE": str.isspace, "CATEGORY_WORD": str.isalnum}
    return tests[str(argument)](character) if str(argument) in tests else False


def slowest(pattern: str, flags: int) -> tuple[float, str]:
    """Return how long a pattern takes on the worst text that is tried, seconds, and what is repeated in that text."""
    ready = re.compile(pattern, flags)
    worst = (0.0, "")
    for sample in sorted(set(samples(re._parser.parse(pattern, flags))) - {""}, key=len)[:60]:
        for ending in ENDINGS:
            # A little more each time: what doubles with each is found before it takes for ever.
            for count in (*range(8, 40, 2), 100, 200, REPEATED):
                text = sample * count + ending
                took = min(_seconds(ready, text) for _ in range(2))
                worst = max(worst, (took, sample))
                if took > SLOW_SECONDS:
                    return worst
    return worst


def _seconds(ready: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    ready.search(text)
    return time.process_time() - began


@pytest.fixture(scope="module")
def every() -> list[tuple[str, str, int]]:
    """File, pattern and flags of each, found in a process of its own, where nothing is imported yet."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.patterns"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [tuple(one) for one in json.loads(said.stdout)]


def test_what_is_catastrophic_is_found() -> None:
    """The proof can fail: on patterns that are known for it, in three forms."""
    for pattern in (r"(a+)+$", r"(?:[a-z]+\s?)*!", r"(\w|\w\d?)+$", r"^(a|aa)+$", r"(.*)*x"):
        took, _ = slowest(pattern, 0)
        assert took > SLOW_SECONDS, pattern


def test_no_pattern_takes_long(every: list[tuple[str, str, int]]) -> None:
    """Not one of the product's, in Python or in the browser's scripts."""
    assert len(every) > 80
    slow = {}
    for file, pattern, flags in every:
        took, repeated = slowest(pattern, flags)
        if took > SLOW_SECONDS:
            slow[file, pattern] = (took, repeated)
    assert slow == {}
