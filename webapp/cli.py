"""The command line: ``newsstand``, also ``python -m webapp``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from webapp.settings import Settings, SettingsError

if TYPE_CHECKING:
    from webapp.answering.answerer import Answerer
    from webapp.answering.reply import Reply

OK, CONTENT_LOST, USAGE = 0, 1, 2
STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 done, 1 found or lost something, 2 wrongly called."""
    parser = _parser()
    called = parser.parse_args(_with_question_first(list(sys.argv[1:] if arguments is None else arguments)))
    try:
        settings = Settings.from_environment()
        code: int = called.run(called, settings)
        return code
    except SettingsError as error:
        print(error, file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newsstand", description="Answers questions from articles and their FAQs, word for word."
    )
    parser.add_argument("--version", action="version", version=f"newsstand {version('newsstand')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the pages and the API with gunicorn")
    serve.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="default: $HOST or 127.0.0.1")
    serve.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000", help="default: $PORT or 8000")
    _add_seeds(serve)
    serve.set_defaults(run=_serve)

    ask = commands.add_parser("ask", help="answer one question, or a batch of them")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--previous", nargs="+", action="extend", default=[], metavar="Q", help="questions before, oldest first"
    )
    ask.add_argument("--batch", metavar="FILE", help="JSON Lines of {id, q, previous}; - is standard input")
    ask.add_argument("--json", action="store_true", help="print the reply as the API gives it")
    ask.add_argument("--explain", action="store_true", help="with --json: why this answer")
    _add_seeds(ask)
    ask.set_defaults(run=_ask)

    check = commands.add_parser("check", help="tell authors what to mend; exit 1 when content is lost")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.set_defaults(run=_check)

    evaluate = commands.add_parser("evaluate", help="figures for one or more question sets")
    evaluate.add_argument("sets", nargs="+", metavar="SET")
    evaluate.add_argument("--json", action="store_true", help="print one JSON object")
    evaluate.add_argument("--plot", metavar="FILE", help="draw precision against coverage (.svg or .png)")
    evaluate.add_argument("--model", type=Path, metavar="FILE", help="another model file, to compare")
    evaluate.set_defaults(run=_evaluate)

    calibrate = commands.add_parser("calibrate", help="what the precision setting means for your documents")
    calibrate.add_argument("folder", type=Path, metavar="DIR")
    calibrate.add_argument("--json", action="store_true", help="print one JSON object")
    calibrate.set_defaults(run=_calibrate)

    replay = commands.add_parser("replay", help="prove a reply: ask again what its receipt names")
    replay.add_argument("receipt", metavar="RECEIPT")
    _add_seeds(replay)
    replay.set_defaults(run=_replay)
    return parser


def _add_seeds(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seeds", metavar="DIR", help="folder of documents; default: $NEWSSTAND_SEEDS or ./seeds")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 1 to 65535")
    return int(text)


def _with_question_first(arguments: list[str]) -> list[str]:
    """Keep ``ask --previous A QUESTION`` from taking QUESTION as another earlier question.

    ``--previous`` takes several values, so a question after it would be swallowed: when a call of ``ask`` has no other
    question, the last value of the last ``--previous`` is it.
    """
    if arguments[:1] != ["ask"] or "--batch" in arguments or any(a.startswith("--batch=") for a in arguments):
        return arguments
    options = {"--seeds"}
    free, runs, at = [], [], 1
    while at < len(arguments):
        word = arguments[at]
        if word == "--previous":
            values = []
            at += 1
            while at < len(arguments) and not arguments[at].startswith("--"):
                values.append(at)
                at += 1
            runs.append(values)
            continue
        if word in options:
            at += 2
            continue
        if not word.startswith("--"):
            free.append(at)
        at += 1
    if free or not runs or len(runs[-1]) < 2:
        return arguments
    question = arguments[runs[-1][-1]]
    rest = [word for place, word in enumerate(arguments) if place != runs[-1][-1]]
    return ["ask", question, *rest[1:]]


def _serve(called: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace

    from webapp.serving import ServingError, serve

    try:
        return serve(replace(settings, seeds=called.seeds or settings.seeds), called.host, int(called.port))
    except ServingError as error:
        print(f"newsstand serve: {error}", file=sys.stderr)
        return USAGE


def _ask(called: argparse.Namespace, settings: Settings) -> int:
    if (called.question is None) == (called.batch is None):
        print("newsstand ask: give a question, or --batch FILE.", file=sys.stderr)
        return USAGE
    answerer = _answerer(called.seeds, settings)
    if called.batch is not None:
        return _ask_batch(answerer, called.batch, explain=called.explain)
    from webapp.answering.reply import Context

    reply = answerer.ask(called.question, Context(previous=tuple(called.previous)))
    if called.json:
        print(_dumps(_wire(reply, called.explain), indent=2))
    else:
        _print_reply(reply)
    return OK


def _ask_batch(answerer: Answerer, name: str, *, explain: bool) -> int:
    from webapp.answering.reply import Context

    code = OK
    try:
        with open(sys.stdin.fileno() if name == "-" else name, encoding="utf-8", errors="surrogateescape") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = _batch_row(line)
                except ValueError as error:
                    print(_dumps({"id": None, "error": {"code": "bad-line", "message": f"line {number}: {error}"}}))
                    code = CONTENT_LOST
                    continue
                context = Context(previous=(row["previous"],) if row.get("previous") else ())
                print(_dumps({"id": row.get("id"), **_wire(answerer.ask(row["q"], context), explain)}), flush=True)
    except OSError as error:
        print(f"newsstand ask: {name} cannot be read ({error.strerror}).", file=sys.stderr)
        return USAGE
    return code


def _batch_row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(row, dict) or not isinstance(row.get("q"), str):
        raise ValueError('write {"id": ..., "q": "the question", "previous": "the question before" or null}')
    if not isinstance(row.get("previous"), str | None):
        raise ValueError("“previous” is a text or null")
    return row


def _check(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.corpus.library import read_folder
    from webapp.corpus.model import Severity

    library = read_folder(called.folder, max_bytes=settings.document_max_bytes)
    for problem in library.problems:
        print(problem)
    errors = sum(problem.severity is Severity.ERROR for problem in library.problems)
    warnings = len(library.problems) - errors
    documents = library.corpus.documents
    passages = sum(len(document.passages) for document in documents)
    print(
        f"{_count(len(documents), 'document')} with {_count(passages, 'passage')} can be served; "
        f"{_count(errors, 'error')}, {_count(warnings, 'warning')}."
    )
    return CONTENT_LOST if errors else OK


def _evaluate(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.evaluation.report import main as evaluate

    return evaluate(
        called.sets,
        as_json=called.json,
        plot=called.plot,
        target_precision=settings.target_precision,
        model_file=called.model,
    )


def _calibrate(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.corpus.library import read_folder
    from webapp.evaluation.calibration import calibrate, report

    corpus = read_folder(called.folder, max_bytes=settings.document_max_bytes).corpus
    found = calibrate(corpus, target_precision=settings.target_precision)
    if found is None:
        print("newsstand calibrate: no document in this folder has an FAQ question to hold out.", file=sys.stderr)
        return CONTENT_LOST
    print(_dumps(found.as_dict(), indent=2) if called.json else report(found))
    return OK


def _replay(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.answering.receipt import ReceiptError, digest, read_receipt

    try:
        receipt = read_receipt(called.receipt)
    except ReceiptError as error:
        print(f"newsstand replay: {error}", file=sys.stderr)
        return USAGE
    answerer = _answerer(called.seeds, settings, target_precision=receipt.target_precision)
    if answerer.corpus.fingerprint[:16] != receipt.fingerprint:
        print("The documents are not the ones the reply was given from: replay with those (--seeds).", file=sys.stderr)
        return CONTENT_LOST
    reply = answerer.ask(receipt.question, receipt.context)
    same = digest(reply) == receipt.digest
    print(f"{'The same reply' if same else 'Another reply'} to “{receipt.question}”:")
    _print_reply(reply)
    return OK if same else CONTENT_LOST


def _answerer(seeds: str | None, settings: Settings, target_precision: float | None = None) -> Answerer:
    from dataclasses import replace

    from webapp.answering.answerer import Answerer
    from webapp.corpus.library import read_folder
    from webapp.serving import seeds_folder

    folder = seeds_folder(replace(settings, seeds=seeds or settings.seeds))
    library = read_folder(folder, max_bytes=settings.document_max_bytes)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    return Answerer.build(library.corpus, target_precision=target_precision or settings.target_precision)


def _wire(reply: Reply, explain: bool) -> dict[str, Any]:
    from webapp.answering.wire import to_wire

    return to_wire(reply, explain=explain)


def _print_reply(reply: Reply, out: TextIO | None = None) -> None:
    out = out or sys.stdout
    lines: list[str] = [
        f"Showing answers for “{used}” (you typed “{typed}”)." for typed, used in reply.corrections
    ]
    if reply.message:
        lines.append(reply.message)
    if reply.answer is not None:
        lines.append(reply.answer.text)
        if reply.answer.citation is not None:
            citation = reply.answer.citation
            dated = f", {citation.date}" if citation.date else ""
            lines.append(f"  {citation.headline}{dated} (/documents/{citation.document_id}#p{citation.passage})")
            lines.append(f"  confidence {reply.confidence:.2f}")
    elif reply.suggestions:
        lines += ["Questions these documents answer:", *(f"  {question}" for question in reply.suggestions)]
    print("\n".join(_printable(lines)), file=out)


def _printable(lines: Iterable[str]) -> Iterable[str]:
    """Yield lines without what a terminal would obey: a document may hold anything."""
    for line in lines:
        shown = "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in line)
        yield shown.encode("utf-8", "replace").decode("utf-8")


def _dumps(value: Any, indent: int | None = None) -> str:
    # Lone surrogates cannot be written as UTF-8: such a reply is written in escapes.
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
