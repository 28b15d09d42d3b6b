"""Asks from the terminal: one question, a batch of them, or once more what a receipt names."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.answering.receipt import ReceiptError, digest, read_receipt
from webapp.answering.reply import Context
from webapp.answering.saved import open_index
from webapp.answering.wire import to_wire
from webapp.cli import CONTENT_LOST, OK, USAGE
from webapp.cli.questions import BadLine, lines_of, read_row, unaskable
from webapp.cli.showing import dumps, reply_lines, tell_problems
from webapp.settings import Settings


@dataclass(frozen=True, slots=True)
class Source:
    """Which documents to answer from: a folder of them, or a saved index; the usual folder when neither is given."""

    seeds: str | None = None
    index: Path | None = None


def ask(
    settings: Settings, source: Source, question: str, previous: Sequence[str], *, as_json: bool, explain: bool
) -> int:
    """Print the reply to one question."""
    if problem := unaskable(question, settings):
        print(f"newsstand ask: {problem}", file=sys.stderr)
        return USAGE
    reply = _answerer(settings, source).ask(question, Context(previous=tuple(previous)))
    print(dumps(to_wire(reply, explain=explain), indent=2) if as_json else reply_lines(reply))
    return OK


def ask_batch(settings: Settings, source: Source, name: str, *, explain: bool) -> int:
    """Print a reply a line, in the order of the questions in the file `name`; a bad line gets an error in its place."""
    code = OK
    try:
        with lines_of(name) as lines:
            answerer = _answerer(settings, source)
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = read_row(line, number, settings)
                except BadLine as error:
                    wire = {"error": {"code": "bad-line", "message": f"Line {number}: {error}", "field": None}}
                    row_id, code = error.row_id, CONTENT_LOST
                else:
                    wire = to_wire(answerer.ask(row.question, row.context), explain=explain)
                    row_id = row.id
                print(dumps({"id": row_id, **wire}), flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"newsstand ask: {name} cannot be read ({error.strerror}).", file=sys.stderr)
        return USAGE
    return code


def replay(settings: Settings, source: Source, text: str) -> int:
    """Ask again what a receipt names and tell whether the reply is the same."""
    try:
        receipt = read_receipt(text)
    except ReceiptError as error:
        print(f"newsstand replay: {error}", file=sys.stderr)
        return USAGE
    answerer = _answerer(replace(settings, target_precision=receipt.target_precision), source)
    if answerer.corpus.fingerprint[:16] != receipt.fingerprint:
        print(
            "The documents are not the ones the reply was given from: replay with those (--seeds, --index).",
            file=sys.stderr,
        )
        return CONTENT_LOST
    reply = answerer.ask(receipt.question, receipt.context)
    same = digest(reply) == receipt.digest
    print(f"{'The same reply' if same else 'Another reply'} to “{receipt.question}”:")
    print(reply_lines(reply))
    return OK if same else CONTENT_LOST


def _answerer(settings: Settings, source: Source) -> Answerer | ManyLanguages:
    if source.index is not None:
        saved = open_index(source.index, target_precision=settings.target_precision)
        tell_problems(saved.library.problems)
        return saved.answerer
    from webapp.corpus.library import read_folder

    folder = replace(settings, seeds=source.seeds or settings.seeds).seeds_path
    library = read_folder(folder, max_bytes=settings.document_max_bytes)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    return answering_from(library.corpus, target_precision=settings.target_precision)
