"""Typing errors are corrected against the documents' own words, and never a word that exists."""

import pytest

from webapp.retrieval.analysis import words
from webapp.retrieval.language import ENGLISH
from webapp.retrieval.spelling import Spelling, corrected

TEXT = "The ministers discussed cooperation on the Jhelum footbridge, bilateral trade and the Zorvatt reactor."


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    """The words of one sentence."""
    return Spelling.build([word.folded for word in words(TEXT)], ENGLISH)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("coperation", "cooperation"),
        ("footbrigde", "footbridge"),
        ("bilatral", "bilateral"),
        ("Zorvat", "zorvatt"),
        ("shuold", "should"),
    ],
)
def test_errors_are_corrected(spelling: Spelling, typed: str, meant: str) -> None:
    """One or two letters left out, doubled, swapped or wrong."""
    assert spelling.corrections(f"is the {typed} good?") == [(typed, meant)]
    assert corrected(f"is the {typed} good?", [(typed, meant)]) == f"is the {meant} good?"


@pytest.mark.parametrize(
    "typed", ["corporation", "minsters", "trace", "jam", "2024", "minister's", "qqqqqqqq", "abc", "зорват"]
)
def test_words_that_exist_are_left_alone(spelling: Spelling, typed: str) -> None:
    """English words, numbers, short words and words near nothing stay as they are."""
    assert spelling.corrections(typed) == []


def test_text_without_errors_is_unchanged() -> None:
    """Nothing but the misspelt word changes, not even spaces."""
    assert corrected("  Is  the\tfootbrigde open ?", [("footbrigde", "footbridge")]) == "  Is  the\tfootbridge open ?"
    assert corrected("as it was", []) == "as it was"
