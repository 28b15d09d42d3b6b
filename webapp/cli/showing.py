"""Writes replies for people and for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from webapp.answering.reply import Answer, Outcome, Reply
from webapp.answering.wire import document_url
from webapp.corpus.model import Problem

PROBLEMS_TOLD = 20


def reply_lines(reply: Reply) -> str:
    """Return a reply as people read it: its words, where they stand, how sure it is; or why there is none."""
    lines = [f"Showing answers for “{used}” (you typed “{typed}”)." for typed, used in reply.corrections]
    if reply.message:
        lines.append(reply.message)
    if reply.answer is not None and reply.outcome is not Outcome.ABSTAINED:
        lines += _answer_lines(reply.answer)
        if reply.answer.citation is not None:
            lines.append(f"  confidence {reply.confidence:.2f}")
        for older in reply.alternatives[: reply.versions]:
            lines += ["An older document says:", *_answer_lines(older)]
    elif reply.suggestions:
        lines += ["Questions these documents answer:", *(f"  {question}" for question in reply.suggestions)]
    return printable("\n".join(lines))


def dumps(value: Any, indent: int | None = None) -> str:
    """Return JSON that can be written as UTF-8, readable where it can be."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Half of a character pair has no UTF-8; in escapes it passes through unchanged.
        return json.dumps(value, indent=indent)
    return text


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def printable(text: str) -> str:
    """Return the text without what a terminal would obey: a document may hold anything."""
    shown = "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)
    return shown.encode("utf-8", "replace").decode("utf-8")


def tell_problems(problems: Sequence[Problem]) -> None:
    """Write the first problems of many documents to standard error, and how many more there are."""
    for problem in problems[:PROBLEMS_TOLD]:
        print(problem, file=sys.stderr)
    if len(problems) > PROBLEMS_TOLD:
        more = count(len(problems) - PROBLEMS_TOLD, "more problem")
        print(f"... and {more}: “newsstand check” lists them all.", file=sys.stderr)


def _answer_lines(answer: Answer) -> list[str]:
    citation = answer.citation
    if citation is None:
        return [answer.text]
    dated = f", {citation.date}" if citation.date else ""
    return [answer.text, f"  {citation.headline}{dated}", f"  {document_url(citation.document_id)}#p{citation.passage}"]
