"""Questions as many visitors type them: no two the same, or the few that everybody asks."""

from __future__ import annotations

import json
import random
from pathlib import Path

from webapp.corpus.library import read_folder

SEED = 1
OPENINGS = ("", "", "", "please, ", "do you know ", "tell me: ", "i would like to know ", "hi! ", "quick question: ")
CLOSINGS = ("?", "", " please?", "??", " thanks", "?", " then?")
POPULAR = 8


def bases(documents: Path) -> list[str]:
    """Return what is asked of a folder of documents: the questions beside it, or else the documents' own."""
    beside = documents.parent / "questions.jsonl"
    if documents.name == "seeds" and beside.is_file():
        return [json.loads(line)["q"] for line in beside.read_text("utf-8").splitlines()]
    return own(documents)


def own(documents: Path) -> list[str]:
    """Return the questions that documents ask themselves: pages suggest them."""
    corpus = read_folder(documents).corpus
    return [span.of(d.source) for d in corpus.documents for passage in d.passages for span in passage.questions]


def distinct(asked: list[str], count: int) -> list[str]:
    """Return so many questions, each typed otherwise: words dropped, swapped and added from other questions."""
    chance = random.Random(SEED)  # noqa: S311 - the same questions each time
    words = sorted({word.strip("?,.!") for question in asked for word in question.split()})
    found: dict[str, None] = {}
    while len(found) < count:
        typed = chance.choice(asked).rstrip("?!. ").split()
        change = chance.randrange(4)
        place = chance.randrange(len(typed))
        if change == 1 and len(typed) > 4:
            del typed[place]
        elif change == 2:
            typed.insert(place, chance.choice(words))
        elif change == 3 and place:
            typed[place - 1], typed[place] = typed[place], typed[place - 1]
        text = f"{chance.choice(OPENINGS)}{' '.join(typed)}{chance.choice(CLOSINGS)}"
        found[text if chance.random() < 0.5 else text.lower()] = None
    return list(found)


def popular(documents: Path) -> list[str]:
    """Return a few of the documents' own questions, which visitors ask with a click on a suggestion."""
    chance, asked = random.Random(SEED), own(documents)  # noqa: S311 - the same questions each time
    return chance.sample(asked, min(POPULAR, len(asked)))
