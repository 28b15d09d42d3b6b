"""Documents without a date, in every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from webapp.corpus.model import Document, Problem, Severity


def missing_dates(documents: Sequence[Document], read: Sequence[Problem]) -> Iterator[Problem]:
    """Yield a problem for each file with documents that have no date, unless its reader has said so.

    Args:
        documents: all that were read.
        read: the problems that their readers found.
    """
    told = {problem.path for problem in read if problem.code in ("no-date", "bad-date")}
    undated: dict[str, list[Document]] = {}
    counts: dict[str, int] = {}
    for document in documents:
        counts[document.path] = counts.get(document.path, 0) + 1
        if document.published is None and document.path not in told:
            undated.setdefault(document.path, []).append(document)
    for path, without in undated.items():
        message = "The document has no date."
        if counts[path] > 1:
            message = f"{len(without):,} of the {counts[path]:,} documents in this file have no date."
        line = min((document.lines[0][1] for document in without if document.lines), default=None)
        yield Problem(
            path,
            line,
            "no-date",
            message,
            "Write the day of publication as YYYY-MM-DD, so that visitors see how old it is.",
            Severity.WARNING,
        )
