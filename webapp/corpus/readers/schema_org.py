"""What a saved page says of itself in JSON-LD: articles and questions as https://schema.org has them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.corpus.model import Severity
from webapp.corpus.readers.fields import value_text
from webapp.corpus.readers.markup import Rich, html_rich, html_text
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.readers.writing import Exchange

Node = dict[str, Any]

NODES_MAX = 100_000
SHOWN_CHARS = 80
NO_ANSWER = (
    "question-without-answer",
    "A question of this page has no answer.",
    "Write its answer, or remove the question.",
)
"""Code, message and advice. Pages have questions of other kinds too, so nothing need be lost."""
_ARTICLE_ENDINGS = ("Article", "NewsArticle", "BlogPosting", "Report")


@dataclass(frozen=True, slots=True)
class Script:
    """One block of JSON-LD and the line it stands on."""

    text: str
    line: int | None


def nodes_of(scripts: Sequence[Script], file: SourceFile) -> list[Node]:
    """Return every object with a type; a block that is no JSON is told and passed over."""
    nodes: list[Node] = []
    for script in scripts:
        try:
            nodes += _typed(json.loads(script.text))
        except (ValueError, RecursionError):
            file.report(
                script.line,
                "bad-json-ld",
                "This block of JSON-LD is no JSON that can be read.",
                "Mend it; until then it is passed over.",
                Severity.WARNING,
            )
    return nodes


def article_of(nodes: Sequence[Node]) -> Node:
    """Return the first article among the nodes, or an empty node."""
    return next((node for node in nodes if any(kind.endswith(_ARTICLE_ENDINGS) for kind in _kinds(node))), {})


def exchanges_of(nodes: Sequence[Node], base_url: str | None, file: SourceFile) -> list[Exchange]:
    """Return the questions that have an accepted (or else a suggested) answer; the others are told."""
    found = []
    for node in nodes:
        if "Question" not in _kinds(node):
            continue
        question = html_text(_first_text(node.get("name")) or _first_text(node.get("text")))
        answer = _answer(node.get("acceptedAnswer"), base_url) or _answer(node.get("suggestedAnswer"), base_url)
        if question and answer is not None:
            found.append(Exchange((question,), answer))
        elif question:
            code, message, advice = NO_ANSWER
            shown = question if len(question) <= SHOWN_CHARS else f"{question[:SHOWN_CHARS]}…"
            file.report(None, code, f"{message} It is “{shown}”.", advice, Severity.WARNING)
    return found


def _answer(value: Any, base_url: str | None) -> Rich | None:
    first = value[0] if isinstance(value, list) and value else value
    text = _first_text(first.get("text")) if isinstance(first, dict) else _first_text(first)
    answer = html_rich(text, base_url)
    return answer if answer.text else None


def _first_text(value: Any) -> str:
    return value_text(value[0] if isinstance(value, list) and value else value).strip()


def _kinds(node: Node) -> list[str]:
    kinds = node.get("@type")
    return [str(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])]


def _typed(root: Any) -> Iterator[Node]:
    """Yield every object with a type, in the order of the text."""
    waiting = [root]
    for _ in range(NODES_MAX):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            if "@type" in value:
                yield value
            waiting += reversed(list(value.values()))
