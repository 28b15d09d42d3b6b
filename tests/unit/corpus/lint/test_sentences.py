"""Long sentences: told with their length, in every script."""

from __future__ import annotations

from typing import Any

import pytest

from webapp.corpus.lint.sentences import MAX_CHARS, MAX_UNSPACED_CHARS, MAX_WORDS, long_sentences


def words(number: int) -> str:
    return " ".join(["sea"] * number)


@pytest.mark.parametrize(
    ("sentence", "length"),
    [
        (f"The {words(MAX_WORDS)}.", f"{MAX_WORDS + 1} words, more than {MAX_WORDS}"),
        (f"{'Donaudampfschiff' * 8} {'e' * MAX_CHARS}.", f"characters, more than {MAX_CHARS}"),
        ("東" * MAX_UNSPACED_CHARS + "。", f"{MAX_UNSPACED_CHARS + 1} characters"),
        ("ก" * (MAX_UNSPACED_CHARS + 1), f"{MAX_UNSPACED_CHARS + 1} characters"),
    ],
)
def test_a_long_sentence_is_told(document: Any, sentence: str, length: str) -> None:
    """With its line and its length."""
    (problem,) = long_sentences(document(f"It is short.\n\n{sentence}"))
    assert (problem.code, problem.line) == ("long-sentence", 3)
    assert length in problem.message


@pytest.mark.parametrize(
    "sentence",
    [f"The {words(MAX_WORDS - 1)}.", "東" * (MAX_UNSPACED_CHARS - 1) + "。", "The sea is calm. " * 40],
)
def test_sentences_within_the_limit_pass(document: Any, sentence: str) -> None:
    """A paragraph may have as many as it likes."""
    assert list(long_sentences(document(f"It is short.\n\n{sentence}"))) == []


def test_answers_are_read_sentence_by_sentence(document: Any) -> None:
    """A long answer of short sentences or of list items is fine."""
    items = "\n".join(["- ten euros for grown-ups"] * 20)
    text = f"It is short.\n\nFAQ:\n\nQ: How much?\nA: {items}\n\nQ: Why?\nA: Yes. It is {words(MAX_WORDS)}."
    (problem,) = long_sentences(document(text))
    assert problem.line == 28
