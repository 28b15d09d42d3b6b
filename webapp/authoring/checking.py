"""A folder to everything that its authors should mend or look at, in the order of files and lines."""

from __future__ import annotations

from pathlib import Path

from webapp.answering.polyglot import answering_from
from webapp.authoring.article import article_of
from webapp.authoring.own_answers import stolen_answers
from webapp.authoring.twin_questions import twin_questions
from webapp.authoring.unknown_names import common_words, unknown_names
from webapp.authoring.unknown_numbers import added_numbers, unknown_numbers
from webapp.corpus.file_records import Library
from webapp.corpus.library import DOCUMENT_MAX_BYTES, read_folder
from webapp.corpus.lint.characters import suspicious_characters
from webapp.corpus.lint.dates import missing_dates
from webapp.corpus.lint.sentences import long_sentences
from webapp.corpus.lint.twins import near_duplicates, twins_of
from webapp.corpus.model import Problem


def checked(folder: Path, *, max_bytes: int = DOCUMENT_MAX_BYTES, target_precision: float = 0.9) -> Library:
    """Read a folder, and return what it holds with every problem: of reading first, then of what is written.

    Args:
        folder: where the documents are.
        max_bytes: larger files are refused unread.
        target_precision: wished-for share of outright answers that are right, in [0.5, 1).
    """
    library = read_folder(folder, max_bytes=max_bytes)
    found = [*library.problems, *problems_of(library, target_precision=target_precision)]
    found.sort(key=lambda problem: (problem.path, problem.line or 0))
    return Library(library.corpus, tuple(found))


def problems_of(library: Library, *, target_precision: float = 0.9) -> list[Problem]:
    """Return what is wrong with documents that can be read."""
    corpus = library.corpus
    twins = twins_of(corpus.documents)
    common = common_words(corpus.documents)
    problems = [*missing_dates(corpus.documents, library.problems), *near_duplicates(corpus.documents, twins)]
    for document in corpus.documents:
        problems += suspicious_characters(document)
        problems += long_sentences(document)
        if (article := article_of(document)) is not None:
            problems += unknown_numbers(article)
            problems += added_numbers(article)
            problems += unknown_names(article, common)
    alike, pairs = twin_questions(corpus, twins)
    problems += alike
    problems += stolen_answers(answering_from(corpus, target_precision=target_precision), pairs)
    return problems
