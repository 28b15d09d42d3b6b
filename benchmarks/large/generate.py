"""Writes any number of articles that look like the seed: a date, two paragraphs, an FAQ.

    python -m benchmarks.large.generate COUNT FOLDER [--seed N]

Words come from the shipped lexicon, the r-th most frequent of them with a probability in proportion to 1/r (Zipf's
law); function words stand between them, and names that few other articles know. Document n of a seed is always the
same, however many are written.
"""

from __future__ import annotations

import argparse
import random
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path

import numpy as np

import webapp.retrieval.lexicon as shipped
from webapp.retrieval.function_words import FUNCTION_WORDS

FOLDER_DOCUMENTS = 1000
FUNCTION_SHARE = 0.4
NAME_SHARE = 0.03
FIRST_DAY = date(2015, 1, 1)
DAYS = 4000
SYLLABLES = "ka lo mi ra ve ton sel bar dun hol ner pia qui sto tre vau wes yor zan mar".split()
ASKING = (
    "What is the",
    "Who made the",
    "When did the",
    "Where was the",
    "Why did the",
    "How many of the",
    "Which was the",
)


@cache
def vocabulary() -> tuple[list[str], list[float]]:
    """Return the lexicon's words, the most frequent first, and their weights one on top of the other."""
    folder = Path(shipped.__file__).parent
    rarity = np.load(folder / "rarity.npy")
    stems = (folder / "terms.txt").read_text("utf-8").split("\n")[: len(rarity)]
    order = np.argsort(rarity, kind="stable")
    words = [stems[number] for number in order if stems[number].isalpha() and len(stems[number]) > 2]
    return words, list(accumulate(1 / rank for rank in range(1, len(words) + 1)))


@cache
def function_words() -> list[str]:
    return sorted(word for word in FUNCTION_WORDS if word.isalpha())


def article(number: int, seed: int) -> str:
    """Return one article with 6 to 10 passages."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - the same articles each time
    names = ["".join(chance.choices(SYLLABLES, k=3)).capitalize() for _ in range(3)]
    sentences = [_sentence(chance, names, chance.randint(14, 26)) for _ in range(chance.randint(3, 5))]
    half = len(sentences) // 2
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    lines = [f"date {day} {' '.join(sentences[:half])}", "", " ".join(sentences[half:]), "", "FAQ:", ""]
    for _ in range(chance.randint(3, 5)):
        asked = f"{chance.choice(ASKING)} {' '.join(_words(chance, names, chance.randint(5, 9)))}?"
        lines += [f"Q: {asked}", "", f"A: {_sentence(chance, names, chance.randint(14, 26))}", ""]
    return "\n".join(lines)


def write(count: int, folder: Path, seed: int = 1) -> None:
    """Write `count` articles below `folder`."""
    for number in range(count):
        place = folder / f"{number // FOLDER_DOCUMENTS:04}"
        if number % FOLDER_DOCUMENTS == 0:
            place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:07}.txt").write_text(article(number, seed), "utf-8")


def _sentence(chance: random.Random, names: list[str], length: int) -> str:
    text = " ".join(_words(chance, names, length))
    return f"{text[0].upper()}{text[1:]}."


def _words(chance: random.Random, names: list[str], length: int) -> list[str]:
    content, weights = vocabulary()
    drawn = chance.choices(content, cum_weights=weights, k=length)
    for place in range(length):
        kind = chance.random()
        if kind < FUNCTION_SHARE:
            drawn[place] = chance.choice(function_words())
        elif kind < FUNCTION_SHARE + NAME_SHARE:
            drawn[place] = chance.choice(names)
    return drawn


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write articles that look like the seed.")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    called = parser.parse_args()
    write(called.count, called.folder, called.seed)
