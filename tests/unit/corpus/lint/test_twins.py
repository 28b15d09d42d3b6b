"""Documents that are nearly the same: told with both places, quickly."""

from __future__ import annotations

import random
import time
from typing import Any

from webapp.corpus.lint.twins import near_duplicates, twins_of
from webapp.corpus.model import Document

ARTICLE = """The lighthouse of Skarvan was lit again on Friday after two years. Mayor Ilse Brandt pressed the switch
while the harbour orchestra played. The repair cost 2.4 million crowns, most of which the harbour board paid.

Visitors may climb the tower on Sundays from noon until the last ferry leaves. The keeper’s house is a museum now."""


def problems(documents: list[Document]) -> list[Any]:
    return list(near_duplicates(documents, twins_of(documents)))


def test_a_copy_is_told(document: Any) -> None:
    """With the place of the first one."""
    (problem,) = problems([document(f"\n{ARTICLE}", "a.txt"), document(ARTICLE, "b.txt")])
    assert (problem.path, problem.line, problem.code) == ("b.txt", 1, "near-duplicate")
    assert "the same text as" in problem.message
    assert "(a.txt:2)" in problem.message


def test_a_changed_copy_is_told_with_how_much_is_common(document: Any) -> None:
    """A few words, a sentence more."""
    changed = ARTICLE.replace("Friday", "Monday").replace("Sundays", "Saturdays") + " Come early."
    (problem,) = problems([document(ARTICLE, "a.txt"), document(changed, "b.txt")])
    assert "% of its text in common with" in problem.message


def test_documents_of_one_topic_are_not_copies(document: Any) -> None:
    """The same words in other sentences."""
    other = "Ilse Brandt, mayor of Skarvan, lit the lighthouse on Friday. Its repair had cost 2.4 million crowns."
    assert problems([document(ARTICLE, "a.txt"), document(other, "b.txt")]) == []


def test_scripts_without_spaces(document: Any) -> None:
    """Characters are compared there."""
    chinese = "市政府星期五宣布，新的渡轮将从六月起整夜运行。单程需要四十分钟，票价为十元。"
    twins = [document(chinese, "a.txt"), document(chinese.replace("十元", "九元"), "b.txt")]
    assert [problem.path for problem in problems(twins)] == ["b.txt"]


def test_short_documents(document: Any) -> None:
    """One sentence is enough to be a copy, one word in common is not."""
    texts = ["Open.", "Open.", "Open daily from ten."]
    assert [p.path for p in problems([document(text, f"{at}.txt") for at, text in enumerate(texts)])] == ["1.txt"]


def test_a_thousand_copies_take_no_longer_than_a_thousand_documents(document: Any) -> None:
    """Each is compared with the first only."""
    copies = [document(f"{ARTICLE} Number {number}.", f"{number}.txt") for number in range(1000)]
    began = time.process_time()
    found = problems(copies)
    assert time.process_time() - began < 10
    assert [problem.path for problem in found] == [f"{number}.txt" for number in range(1, 1000)]


def test_no_pair_is_missed(document: Any) -> None:
    """What the rarest shingles choose is what comparing all pairs would find."""
    chance = random.Random(7)  # noqa: S311 - nothing secret
    vocabulary = [f"w{number}" for number in range(40)]
    base = [chance.choice(vocabulary) for _ in range(60)]
    documents = []
    for number in range(60):
        words = [word if chance.random() > number / 300 else chance.choice(vocabulary) for word in base]
        documents.append(document(" ".join(words) + ".", f"{number:02}.txt"))

    def shingles(text: str) -> set[tuple[str, ...]]:
        words = text.rstrip(".").split()
        return {tuple(words[at : at + 3]) for at in range(len(words) - 2)}

    firsts: list[Document] = []
    expected = {}
    for one in documents:
        likeness = [
            len(shingles(one.source) & shingles(other.source)) / len(shingles(one.source) | shingles(other.source))
            for other in firsts
        ]
        if max(likeness, default=0) >= 0.7:
            expected[one.id] = max(likeness)
        else:
            firsts.append(one)
    assert 5 < len(expected) < 55
    assert {key: likeness for key, (_, likeness) in twins_of(documents).items()} == expected
