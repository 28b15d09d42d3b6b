"""Writes what became of answers: for a terminal, for programs, for GitHub's annotations, for a comment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from webapp.answering.reply import Outcome, Reply
from webapp.answering.wire import to_wire
from webapp.authoring.comparing import Change, Comparison, given
from webapp.cli.questions import Row
from webapp.cli.showing import count, dumps, printable

LISTED = (Change.LOST, Change.CHANGED, Change.LESS_SURE, Change.SURER, Change.WON)
COMMENT_MAX_CHARS = 60_000
"""GitHub takes comments of 65,536 characters."""
_NAMES = {
    Change.LOST: "lost",
    Change.CHANGED: "changed",
    Change.LESS_SURE: "less sure",
    Change.SURER: "surer",
    Change.WON: "won",
    Change.SAME: "the same",
}
_STYLES = {
    Change.LOST: "bold red",
    Change.CHANGED: "bold yellow",
    Change.LESS_SURE: "bold yellow",
    Change.SURER: "bold green",
    Change.WON: "bold green",
}
_COMMANDS = {Change.LOST: "error", Change.CHANGED: "warning"}
_MARKUP = re.compile(r"([\\`*_\[\]<>|~&$])")
_MENTION = re.compile(r"([@#])(?=\w)")


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the file and what became of its answer."""

    row: Row
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything there is to write."""

    file: str
    """The file of questions; ``-`` is standard input."""
    lines: tuple[Line, ...]
    """In the order of the file."""

    @property
    def counts(self) -> dict[Change, int]:
        """How many questions went which way."""
        counted = Counter(line.comparison.change for line in self.lines)
        return {change: counted[change] for change in Change}

    @property
    def summary(self) -> str:
        """The counts in one line."""
        told = ", ".join(f"{number:,} {_NAMES[change]}" for change, number in self.counts.items())
        return f"{count(len(self.lines), 'question')}: {told}."

    def listed(self) -> Iterator[tuple[Change, list[Line]]]:
        """Yield what is to be looked at, lost answers first."""
        for change in LISTED:
            if lines := [line for line in self.lines if line.comparison.change is change]:
                yield change, lines


def write_text(found: Differences) -> None:
    """Write for people; in colours on a terminal, unless ``NO_COLOR`` is set."""
    console = Console(highlight=False)

    def write(text: str, style: str = "") -> None:
        # The terminal folds long lines; what is copied from it has none of ours.
        console.print(Text(printable(text), style), soft_wrap=True)

    for change, lines in found.listed():
        write(_heading(change, lines), _STYLES[change])
        for line in lines:
            write(f"\n  {_asked(line.row)}", "bold")
            write(f"    before: {_told(line.comparison.old)}")
            write(f"    now:    {_told(line.comparison.new)}")
            if line.comparison.why:
                write(f"    {line.comparison.why}")
        write("")
    write(found.summary)


def write_json(found: Differences) -> None:
    """Write one JSON object; replies have the shape of the API."""
    entries = [
        {
            "change": change.value,
            "line": line.row.line,
            "id": line.row.id,
            "q": line.row.question,
            "previous": list(line.row.context.previous),
            "old": to_wire(line.comparison.old),
            "new": to_wire(line.comparison.new),
            "why": line.comparison.why or None,
        }
        for change, lines in found.listed()
        for line in lines
    ]
    summary = {"questions": len(found.lines), **{change.value: number for change, number in found.counts.items()}}
    print(dumps({"summary": summary, "entries": entries}, indent=2))


def write_github(found: Differences) -> None:
    """Write workflow commands, which GitHub shows at the lines of the file of questions, and the summary.

    https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
    """
    for change, lines in found.listed():
        for line in lines:
            told = [
                _asked(line.row),
                f"before: {_told(line.comparison.old)}",
                f"now: {_told(line.comparison.new)}",
                line.comparison.why,
            ]
            place = "" if found.file == "-" else f"file={_property(found.file)},line={line.row.line},"
            command = f"{_COMMANDS.get(change, 'notice')} {place}title={_property(f'Answer {_NAMES[change]}')}"
            print(f"::{command}::{_message(printable(chr(10).join(filter(None, told))))}")
    print(found.summary)


def write_markdown(found: Differences) -> None:
    """Write a comment on a pull request, no longer than GitHub takes; whatever was written shows as it was written."""
    parts = [f"**{found.summary}**"]
    room = COMMENT_MAX_CHARS
    left_out = 0
    for change, lines in found.listed():
        items = []
        for item in map(_item, lines):
            if len(item) <= room:
                items.append(item)
                room -= len(item)
        left_out += len(lines) - len(items)
        if items:
            parts += [f"### {_heading(change, lines)}", *items]
    if left_out:
        parts.append(f"Not listed, for want of room: {count(left_out, 'question')}.")
    print(printable("\n\n".join(parts)))


FORMATS: Mapping[str, Callable[[Differences], None]] = {
    "text": write_text,
    "json": write_json,
    "github": write_github,
    "markdown": write_markdown,
}


def _heading(change: Change, lines: list[Line]) -> str:
    return f"{_NAMES[change].capitalize()} ({len(lines):,})"


def _asked(row: Row) -> str:
    before = "".join(f"{' '.join(question.split())} → " for question in row.context.previous)
    return f"{before}{' '.join(row.question.split())}"


def _told(reply: Reply) -> str:
    """Return an answer with its document and date, on one line; or that there is none."""
    answer = given(reply)
    if answer is None:
        return "no answer"
    cited = answer.citation
    source = "" if cited is None else f" — {', '.join(filter(None, (cited.headline, cited.date, cited.document_id)))}"
    closest = ", as the closest found" if reply.outcome is Outcome.HEDGED else ""
    return f"“{' '.join(answer.text.split())}”{source}{closest}"


def _item(line: Line) -> str:
    told = [f"- **{_escaped(_asked(line.row))}**"]
    told.append(f"  - before: {_escaped(_told(line.comparison.old))}")
    told.append(f"  - now: {_escaped(_told(line.comparison.new))}")
    if line.comparison.why:
        told.append(f"  - {_escaped(line.comparison.why)}")
    return "\n".join(told)


def _escaped(text: str) -> str:
    """Return Markdown that shows `text`, without calling people or linking issues that it only seems to name."""
    return _MENTION.sub(r"\1<!-- -->", _MARKUP.sub(r"\\\1", text))


def _message(text: str) -> str:
    """Return the message of a workflow command: nothing in it begins another."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
