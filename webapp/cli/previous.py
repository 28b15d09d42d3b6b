"""Tells QUESTION from the questions before it, whichever comes first on the command line."""

from __future__ import annotations

WITH_VALUE = frozenset({"--seeds"})
"""Options of ``ask`` that take one value."""


def question_first(arguments: list[str]) -> list[str]:
    """Return the arguments such that ``ask --previous A QUESTION`` asks QUESTION.

    ``--previous`` takes several values, so argparse would count a question after it among them. When a call of ``ask``
    has no question elsewhere, the last value after the last ``--previous`` is it, provided that one stays before it.
    """
    if arguments[:1] != ["ask"] or any(word == "--batch" or word.startswith("--batch=") for word in arguments):
        return arguments
    runs: list[list[int]] = []
    at = 1
    while at < len(arguments):
        word = arguments[at]
        at += 1
        if word == "--previous":
            runs.append([])
            while at < len(arguments) and not arguments[at].startswith("--"):
                runs[-1].append(at)
                at += 1
        elif word in WITH_VALUE:
            at += 1
        elif not word.startswith("--"):
            return arguments
    if not runs or len(runs[-1]) < 2:
        return arguments
    question = runs[-1][-1]
    return ["ask", arguments[question], *arguments[1:question], *arguments[question + 1 :]]
