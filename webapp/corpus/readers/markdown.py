"""Markdown with front matter: headings, paragraphs, and FAQs by heading or by ``Q:`` and ``A:``.

The headline is the front matter's ``title`` or else the first heading of the first level. Below a heading such as “FAQ”
or “Frequently asked questions”, each deeper heading is a question and what follows it the answer; headings that follow
each other directly are wordings of one question when they are of one level, and a group with its first question when
they go deeper. Anywhere, a line that begins with ``Q:`` is a question, and one with ``A:`` begins its answer, which
goes on to the next question or heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.corpus.model import Document, Severity
from webapp.corpus.readers.fields import facts_of, plain_name, value_text
from webapp.corpus.readers.front_matter import Value, front_matter_of
from webapp.corpus.readers.markup import (
    MARKDOWN_BLOCK_MAX_CHARS,
    html_lines,
    html_rich,
    html_text,
    long_block,
    markdown_parser,
)
from webapp.corpus.readers.source_file import SourceFile
from webapp.corpus.readers.writing import Draft, Exchange, Paragraph, documents_of

_FAQ_HEADING = re.compile(
    r"(?:the\s+)?(?:faqs?|q\s*&\s*as?|q\s*and\s*a|frequently asked questions(?:\s*\(faqs?\))?"
    r"|(?:common\s+)?questions(?:\s+and|\s*&)\s+answers)\s*:?",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"(?P<open><(?:strong|em)>)?\s*(?P<letter>[QA])\s*(?::\s*(?P<close></(?:strong|em)>)?|(?P<end></(?:strong|em)>)\s*:)",
    re.IGNORECASE,
)
_LINE_END = re.compile(r"(?:<br />)?\n")


@dataclass(frozen=True, slots=True)
class _Block:
    """A block of the top level, as HTML; a heading has a level."""

    html: str
    line: int
    level: int = 0


@dataclass
class _Asked:
    """Questions that wait for their answer, and the blocks of it so far."""

    line: int
    questions: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """That of each question."""
    answer: list[str] = field(default_factory=list)
    level: int = 0
    """That of the heading which asks; 0 when ``Q:`` does."""


def read_markdown(file: SourceFile) -> list[Document]:
    """Return the document of a Markdown file."""
    if not file.text.strip():
        file.report(None, "empty", "The file is empty.", "Write an article in it, or remove it.")
        return []
    if (long := long_block(file.text)) is not None:
        raise file.unreadable(
            file.text.count("\n", 0, long) + 1,
            "too-long-paragraph",
            f"This paragraph has more than {MARKDOWN_BLOCK_MAX_CHARS:,} characters.",
            "Part it by blank lines.",
        )
    front = front_matter_of(file)
    reading = _Reading(file)
    for block in _blocks(file.text[front.end :], front.lines):
        for part in _parts(block):
            reading.take(part)
    reading.finish()
    draft = Draft(
        headline=_title(front.values) or reading.headline,
        facts=_facts(file, front.values),
        paragraphs=reading.paragraphs,
        exchanges=reading.exchanges,
    )
    return documents_of([draft], file)


def _title(values: Sequence[Value]) -> str | None:
    return next((value_text(each.value) for each in values if plain_name(each.name) in {"title", "headline"}), None)


def _facts(file: SourceFile, values: Sequence[Value]) -> Any:
    return facts_of([(each.name, each.value, each.line) for each in values], file.report)


def _blocks(text: str, lines_before: int) -> Iterator[_Block]:
    """Yield the blocks of the top level in order."""
    parser = markdown_parser()
    tokens = parser.parse(text)
    start = 0
    depth = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth:
            continue
        opening = tokens[start]
        html = parser.renderer.render(tokens[start : index + 1], parser.options, {})
        line = lines_before + (opening.map[0] if opening.map else 0) + 1
        yield _Block(html, line, int(opening.tag[1:]) if opening.type == "heading_open" else 0)
        start = index + 1


class _Reading:
    """What was read of a file so far, block by block."""

    def __init__(self, file: SourceFile) -> None:
        self.headline: str | None = None
        self.paragraphs: list[Paragraph] = []
        self.exchanges: list[Exchange] = []
        self._file = file
        self._faq_level = 0
        """That of the heading that opened the FAQ; 0 outside of one."""
        self._asked: _Asked | None = None

    def take(self, block: _Block) -> None:
        """Read the next block."""
        if block.level:
            self._heading(block, html_text(block.html))
        elif (found := _field(block.html)) is not None:
            self._field(block, *found)
        elif self._asked is not None:
            self._asked.answer.append(block.html)
        else:
            self._body(block)

    def finish(self) -> None:
        """Close the last question."""
        asked, self._asked = self._asked, None
        if asked is None:
            return
        answer = html_rich("\n".join(asked.answer))
        if answer.text and asked.questions:
            self.exchanges.append(Exchange(tuple(asked.questions), answer, tuple(asked.lines)))
        elif answer.text:
            self._file.report(
                asked.line, "answer-without-question", "This answer has no question.", "Write a “Q:” line above it."
            )
        else:
            self._file.report(
                asked.line,
                "question-without-answer",
                "This question has no answer.",
                "Write its answer below it, or remove the question.",
            )

    def _heading(self, block: _Block, text: str) -> None:
        if _FAQ_HEADING.fullmatch(text) and (not self._faq_level or block.level <= self._faq_level):
            self.finish()
            self._faq_level = block.level
            return
        if self._faq_level and block.level <= self._faq_level:
            self._faq_level = 0
        if self._faq_level:
            self._question_heading(block, text)
            return
        self.finish()
        if block.level == 1 and self.headline is None:
            self.headline = text
        else:
            self.paragraphs.append(Paragraph(text, is_heading=True, line=block.line))

    def _question_heading(self, block: _Block, text: str) -> None:
        asked = self._asked
        waiting = asked is not None and asked.level and not asked.answer
        if asked is not None and waiting and asked.level == block.level:
            asked.questions.append(text)
            asked.lines.append(block.line)
            return
        if waiting and asked is not None and asked.level < block.level:
            self._asked = None
        self.finish()
        self._asked = _Asked(block.line, [text], [block.line], level=block.level)

    def _field(self, block: _Block, letter: str, html: str) -> None:
        asked = self._asked
        if letter == "A":
            if asked is None or asked.answer:
                self.finish()
                asked = self._asked = _Asked(block.line)
            asked.answer.append(html)
            return
        if asked is None or asked.answer or asked.level:
            if asked is not None and asked.level and not asked.answer:
                # The heading of a group of questions.
                self._asked = None
            self.finish()
            asked = self._asked = _Asked(block.line)
        questions = html_lines(html)
        asked.questions += questions
        asked.lines += [block.line] * len(questions)

    def _body(self, block: _Block) -> None:
        texts = html_lines(block.html)
        if self._faq_level and texts:
            self._file.report(
                block.line,
                "stray-faq-text",
                "This text stands in the FAQ but belongs to no question.",
                "Write a heading with its question above it; until then it is read as part of the article.",
                Severity.WARNING,
            )
        self.paragraphs += [Paragraph(text, line=block.line) for text in texts]


def _parts(block: _Block) -> Iterator[_Block]:
    """Yield a paragraph in parts where a line of it begins with ``Q:`` or ``A:``; other blocks whole."""
    if not block.html.startswith("<p>"):
        yield block
        return
    inner = block.html[3:]
    start, line = 0, block.line
    for end in _LINE_END.finditer(inner):
        if _FIELD.match(inner, end.end()):
            yield _Block(f"<p>{inner[start : end.start()]}", line)
            line += inner.count("\n", start, end.end())
            start = end.end()
    yield _Block(f"<p>{inner[start:]}", line)


def _field(html: str) -> tuple[str, str] | None:
    """Return the letter and the rest of a paragraph that begins with ``Q:`` or ``A:``, in bold or not."""
    match = _FIELD.match(html, 3) if html.startswith("<p>") else None
    if match is None:
        return None
    # What was opened before the letter and not closed after it goes on.
    opened = match["open"] if match["open"] and not (match["close"] or match["end"]) else ""
    return match["letter"].upper(), f"<p>{opened}{html[match.end() :]}"
