"""The command line: ``newsstand``, also ``python -m webapp``.

What a command needs is imported when it runs: ``newsstand --version`` loads nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from webapp.settings import Settings, SettingsError, told_together

OK, CONTENT_LOST, USAGE = 0, 1, 2
STOPPED = 130
"""What a shell expects of a program that Ctrl-C ended."""
_CHECK_CODES = """exit codes:
  0  nothing is lost; there may be warnings
  1  content is lost: a file, or a part of it, is not served; with --strict: there is a warning or an error
  2  wrongly called: no such folder, or an option that is none"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 done, 1 found or lost something, 2 wrongly called."""
    from webapp.cli.previous import question_first

    parser = _parser()
    called = parser.parse_args(question_first(list(sys.argv[1:] if arguments is None else arguments)))
    try:
        settings, mistakes = Settings.read()
        if called.run is _serve:
            mistakes += _mistakes_before_start(called, settings)
        if mistakes:
            raise SettingsError(told_together(mistakes))
        code: int = called.run(called, settings)
        sys.stdout.flush()
        return code
    except SettingsError as error:
        if called.run is _doctor:
            from webapp.cli.doctoring import tell_mistakes

            return tell_mistakes(str(error), as_json=called.json)
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
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the pages and the API")
    serve.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="default: $HOST or 127.0.0.1")
    serve.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000", help="default: $PORT or 8000")
    _add_documents(serve)
    serve.set_defaults(run=_serve)

    reload = commands.add_parser("reload", help="have a running server read its documents again, and wait for it")
    reload.set_defaults(run=_reload)

    doctor = commands.add_parser(
        "doctor", help="check the installation and say what to do; exit 1 when something is bad"
    )
    doctor.add_argument("--index", type=Path, metavar="DIR", help="also an index that “newsstand index” saved")
    doctor.add_argument("--json", action="store_true", help="print one JSON object")
    doctor.set_defaults(run=_doctor)

    backup = commands.add_parser("backup", help="write conversations and key into one file, while a server runs too")
    backup.add_argument("file", type=Path, metavar="FILE")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put back what a backup holds, where nothing is in its way")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.set_defaults(run=_restore)

    ask = commands.add_parser("ask", help="answer one question, or a batch of them")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument(
        "--previous", nargs="+", action="extend", default=[], metavar="Q", help="questions before, oldest first"
    )
    ask.add_argument("--batch", metavar="FILE", help="JSON Lines of {id, q, previous}; - is standard input")
    ask.add_argument("--json", action="store_true", help="print the reply as the API gives it")
    ask.add_argument("--explain", action="store_true", help="with --json or --batch: why this answer")
    _add_documents(ask)
    ask.set_defaults(run=_ask)

    check = commands.add_parser(
        "check",
        help="tell authors what to mend; exit 1 when content is lost",
        description="Tells authors what to mend in a folder of documents.",
        epilog=_CHECK_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="for people (the default), for programs, or as GitHub workflow commands",
    )
    check.add_argument("--strict", action="store_true", help="exit 1 for warnings too")
    check.set_defaults(run=_check)

    diff = commands.add_parser("diff", help="which answers two versions of the documents win, lose or change")
    diff.add_argument("old", type=Path, metavar="OLD", help="folder of the documents before")
    diff.add_argument("new", type=Path, metavar="NEW", help="folder of the documents after")
    diff.add_argument(
        "--questions",
        required=True,
        metavar="FILE",
        help="JSON Lines of {q, previous}, or one question a line; - is standard input",
    )
    diff.add_argument("--format", choices=("text", "json", "github", "markdown"), default="text", help="default: text")
    diff.set_defaults(run=_diff)
    index = commands.add_parser("index", help="build and save an index of many documents, to start from")
    index.add_argument("folder", type=Path, metavar="DIR", help="folder of documents")
    index.add_argument("--output", type=Path, metavar="DIR", help="folder of the index; default: DIR.index")
    index.add_argument("--verify", action="store_true", help="DIR is an index: compare every byte with its checksum")
    index.set_defaults(run=_index)

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
    _add_documents(replay)
    replay.set_defaults(run=_replay)
    return parser


def _add_documents(parser: argparse.ArgumentParser) -> None:
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--seeds", metavar="DIR", help="folder of documents; default: $NEWSSTAND_SEEDS or ./seeds")
    chosen.add_argument("--index", type=Path, metavar="DIR", help="start from an index that “newsstand index” saved")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: write a number from 1 to 65535")
    return int(text)


class _Version(argparse.Action):
    """Prints the version, which is looked up only when somebody asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"newsstand {_version()}")
        parser.exit()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("newsstand")
    except PackageNotFoundError:
        return "(not installed)"


def _mistakes_before_start(called: argparse.Namespace, settings: Settings) -> list[str]:
    from dataclasses import replace

    from webapp.allocating import take_from_one_place
    from webapp.preflight import mistakes_before_start

    # Rate limits, when they are looked at, start the first thread.
    take_from_one_place()
    settings = replace(settings, seeds=called.seeds or settings.seeds)
    return mistakes_before_start(settings, called.host, int(called.port), called.index)


def _serve(called: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import replace

    from webapp.serving import ServingError, serve

    settings = replace(settings, seeds=called.seeds or settings.seeds)
    try:
        return serve(settings, called.host, int(called.port), index=called.index)
    except ServingError as error:
        print(f"newsstand serve: {error}", file=sys.stderr)
        return USAGE


def _reload(_: argparse.Namespace, settings: Settings) -> int:
    from webapp.cli.reloading import reload

    return reload(settings.data_path)


def _doctor(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.cli.doctoring import doctor

    return doctor(settings, called.index, as_json=called.json)


def _backup(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.cli.backing_up import backup

    return backup(settings, called.file)


def _restore(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.cli.backing_up import restore

    return restore(settings, called.file)


def _ask(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.answering.saved import SavedIndexError
    from webapp.cli.asking import Source, ask, ask_batch

    if (called.question is None) == (called.batch is None):
        print("newsstand ask: give a question, or --batch FILE.", file=sys.stderr)
        return USAGE
    source = Source(called.seeds, called.index)
    try:
        if called.batch is not None:
            return ask_batch(settings, source, called.batch, explain=called.explain)
        return ask(settings, source, called.question, called.previous, as_json=called.json, explain=called.explain)
    except SavedIndexError as error:
        print(f"newsstand ask: {error}", file=sys.stderr)
        return USAGE


def _replay(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.answering.saved import SavedIndexError
    from webapp.cli.asking import Source, replay

    try:
        return replay(settings, Source(called.seeds, called.index), called.receipt)
    except SavedIndexError as error:
        print(f"newsstand replay: {error}", file=sys.stderr)
        return USAGE


def _check(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.cli.checking import check

    return check(called.folder, settings, form=called.format, strict=called.strict)


def _diff(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.cli.comparing import diff

    return diff(settings, called.old, called.new, called.questions, form=called.format)


def _index(called: argparse.Namespace, settings: Settings) -> int:
    from webapp.cli.indexing import index, verify

    if called.verify:
        return verify(called.folder)
    return index(settings, called.folder, called.output)


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
    from webapp.cli.showing import dumps
    from webapp.corpus.library import read_folder
    from webapp.evaluation.calibration import calibrate, report

    corpus = read_folder(called.folder, max_bytes=settings.document_max_bytes).corpus
    found = calibrate(corpus, target_precision=settings.target_precision)
    if found is None:
        print("newsstand calibrate: no document in this folder has an FAQ question to hold out.", file=sys.stderr)
        return CONTENT_LOST
    print(dumps(found.as_dict(), indent=2) if called.json else report(found))
    return OK
