"""FAQ entries, as tables and JSON have them, to documents: one document for all entries whose facts are the same.

Names are those of a column or a JSON key; case, spaces, hyphens and underscores do not matter. The layouts that Azure's
custom question answering and QnABot export are read as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.corpus.model import Severity
from webapp.corpus.readers.fields import Facts, facts_of, is_web_address, plain_name, value_text
from webapp.corpus.readers.markup import Rich, rich_of
from webapp.corpus.readers.source_file import Report, SourceFile
from webapp.corpus.readers.writing import Draft, Exchange

_QUESTION = re.compile(r"(?:question|q)s?\d*|query|utterances?")
_WORDINGS = frozenset(
    {"alternatequestions", "alternativequestions", "alternatives", "wordings", "otherquestions", "variants"}
)
_ANSWERS = {
    "answermarkdown": "markdown",
    "markdown": "markdown",
    "answerhtml": "html",
    "html": "html",
    "answer": "",
    "answers": "",
    "a": "",
    "response": "",
    "reply": "",
    "acceptedanswer": "",
}
"""Names of an answer, best first, with the form it is written in."""
_TITLES = ("title", "headline", "topic", "t")
_AZURE = frozenset({"qnaid", "iscontextonly", "suggestedquestions", "prompts"})
_YES = frozenset({"true", "1", "yes"})

Cell = tuple[str, Any]
"""A name as `plain_name` makes it, and a value."""


@dataclass(frozen=True, slots=True)
class Row:
    """One FAQ entry."""

    exchange: Exchange
    facts: Facts
    title: str


def is_question(name: str) -> bool:
    """Return whether a plain name is that of a question."""
    return _QUESTION.fullmatch(name) is not None or name in _WORDINGS


def is_answer(name: str) -> bool:
    """Return whether a plain name is that of an answer."""
    return name in _ANSWERS


def cells_of(record: dict[str, Any]) -> list[Cell]:
    """Return a JSON object's values; what QnABot keeps under ``alt`` stands beside the rest."""
    cells = [(plain_name(name), value) for name, value in record.items()]
    for name, value in list(cells):
        if name in {"alt", "acceptedanswer"} and isinstance(value, dict):
            cells += [("answer" if inner == "text" else plain_name(inner), each) for inner, each in value.items()]
    return cells


def row_of(cells: Sequence[Cell], report: Report, line: int | None) -> Row | None:
    """Return the entry that named values make; None when they make none, which is told."""
    names = {name for name, _ in cells}
    if any(name == "iscontextonly" and value_text(value).strip().lower() in _YES for name, value in cells):
        report(
            line,
            "context-only",
            "This answer is meant for follow-up prompts only.",
            "It is not served; clear IsContextOnly to have it answered.",
            Severity.WARNING,
        )
        return None
    facts = facts_of([(name, value, line) for name, value in _facts_cells(cells)], report)
    questions = tuple(wording for name, value in cells if is_question(name) for wording in _wordings(name, value))
    answer = _answer(cells, "markdown" if names & _AZURE else "")
    if not questions and not answer.text:
        return None
    if not questions:
        report(line, "empty-question", "This answer has no question.", "Write the question beside it.")
        return None
    if not answer.text:
        report(line, "empty-answer", "This question has no answer.", "Write the answer beside it, or remove both.")
        return None
    title = next((text for wanted in _TITLES if (text := _text(cells, wanted))), "")
    return Row(Exchange(questions, answer, (line,) * len(questions)), facts, title)


def drafts_of(rows: Sequence[Row], file: SourceFile, title: str = "") -> list[Draft]:
    """Return a document for each set of facts; entries with the same answer are wordings of one.

    Args:
        rows: in the order of the file.
        file: whose name is the headline of entries without title.
        title: what tells this table from others of the file.
    """
    groups: dict[tuple[str, Facts], dict[Rich, list[Exchange]]] = {}
    for row in rows:
        answers = groups.setdefault((row.title, row.facts), {})
        answers.setdefault(row.exchange.answer, []).append(row.exchange)
    return [
        Draft(
            headline=topic or title or file.title,
            facts=facts,
            exchanges=[_joined(same) for same in answers.values()],
            key=" ".join([title, *_key(topic, facts)]).strip(),
        )
        for (topic, facts), answers in groups.items()
    ]


def _joined(same: Sequence[Exchange]) -> Exchange:
    """Return entries with the same answer as one."""
    questions = tuple(question for exchange in same for question in exchange.questions)
    return Exchange(questions, same[0].answer, tuple(line for exchange in same for line in exchange.lines))


def _key(topic: str, facts: Facts) -> list[str]:
    days = [str(day) for day in (facts.published, facts.valid_from, facts.valid_until) if day]
    return [part for part in (topic, facts.language, *days, *facts.tags, facts.source_url or "") if part]


def _facts_cells(cells: Sequence[Cell]) -> list[Cell]:
    """Leave out what is no fact here: sources that are names of files, as Azure has them."""
    return [
        (name, _tags(value) if name == "metadata" else value)
        for name, value in cells
        if not (name == "source" and not is_web_address(value_text(value).strip()) and "/" not in value_text(value))
    ]


def _tags(value: Any) -> Any:
    """Return tags of metadata: ``name:value|name:value``, or a list of such objects."""
    if isinstance(value, dict):
        return [f"{name}:{value_text(each)}" for name, each in value.items()]
    if isinstance(value, list):
        return [
            f"{value_text(each.get('name'))}:{value_text(each.get('value'))}" if isinstance(each, dict) else each
            for each in value
        ]
    return value


def _wordings(name: str, value: Any) -> list[str]:
    """Return the wordings a value holds: those of a list, or, of a field for several, each line."""
    if isinstance(value, list):
        texts = [value_text(each) for each in value]
    elif name in _WORDINGS or name.rstrip("0123456789").endswith("s"):
        texts = re.split(r"[\n|]", value_text(value))
    else:
        texts = [value_text(value)]
    return [text.strip() for text in texts if text.strip()]


def _answer(cells: Sequence[Cell], default_form: str) -> Rich:
    form = plain_name(_text(cells, "format")) or default_form
    for name, own_form in _ANSWERS.items():
        if text := _text(cells, name):
            answer = rich_of(text, own_form or form)
            return replace(answer, text=answer.text.strip())
    return Rich("")


def _text(cells: Sequence[Cell], wanted: str) -> str:
    return next((text for name, value in cells if name == wanted and (text := value_text(value).strip())), "")
