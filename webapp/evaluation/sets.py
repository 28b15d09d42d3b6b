"""Question sets from files: newsroom sets and retrieval sets.

A *newsroom set* is a folder with ``seeds/`` (documents as a publisher drops them) and ``questions.jsonl``. A *retrieval
set* is a folder with ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv``. Both become the same thing: a corpus and a
list of `Question`, so that the product is measured by the code that answers visitors.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.corpus.library import read_folder
from webapp.corpus.model import Corpus, Document, Passage, PassageKind, Span

Place = tuple[str, int]
"""Document id and passage number."""


class SetError(ValueError):
    """A set cannot be read; the message names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a set and what a right reply is."""

    id: str
    text: str
    kind: str
    """Such as ``faq``, ``near``, ``oos``; in retrieval sets ``answerable``, ``near`` or ``oos``."""
    previous: str | None = None
    document_id: str | None = None
    """The document that the question is about, for scoring and for restricting the search; never evidence."""
    expect: tuple[str, ...] = ()
    """A right answer's text holds one of these (newsroom sets)."""
    relevant: Mapping[Place, int] | None = None
    """Relevance of passages (retrieval sets)."""

    @property
    def answerable(self) -> bool:
        """Whether the documents answer it."""
        return bool(self.expect or self.relevant)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A corpus and the questions to ask it."""

    name: str
    newsroom: bool
    corpus: Corpus
    questions: tuple[Question, ...]

    @property
    def by_article(self) -> bool:
        """Whether each question belongs to one article (and may be asked within it)."""
        return not self.newsroom and any(question.document_id for question in self.questions)


def read_set(folder: Path) -> QuestionSet:
    """Read a set of either kind.

    Raises:
        SetError: the folder is no set, or one of its files cannot be read.
    """
    if (folder / "questions.jsonl").is_file():
        return _newsroom(folder)
    if (folder / "queries.jsonl").is_file():
        return _retrieval(folder)
    raise SetError(f"{folder} holds neither questions.jsonl (newsroom set) nor queries.jsonl (retrieval set).")


def _newsroom(folder: Path) -> QuestionSet:
    corpus = read_folder(folder / "seeds").corpus
    by_path = {document.path: document.id for document in corpus.documents}
    questions = [
        Question(
            id=str(row["id"]),
            text=row["q"],
            kind=row["kind"],
            previous=row.get("previous"),
            document_id=by_path.get(row.get("doc") or ""),
            expect=tuple(row.get("expect") or ()),
        )
        for row in _rows(folder / "questions.jsonl", "id", "q", "kind")
    ]
    return QuestionSet(folder.name, True, corpus, tuple(questions))


def _retrieval(folder: Path) -> QuestionSet:
    entries = list(_rows(folder / "corpus.jsonl", "id", "kind"))
    sentences = [entry for entry in entries if entry["kind"] == "sentence"]
    documents, places = _articles(sentences)
    bank, bank_places = _bank([entry for entry in entries if entry["kind"] == "faq"])
    places |= bank_places
    relevant: dict[str, dict[Place, int]] = defaultdict(dict)
    for number, line in enumerate((folder / "qrels.tsv").read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != 3 or fields[1] not in places:
            raise SetError(f"{folder / 'qrels.tsv'}:{number}: not “query, corpus id, relevance”: {line!r}")
        relevant[fields[0]][places[fields[1]]] = int(fields[2])
    questions = []
    for row in _rows(folder / "queries.jsonl", "id", "text", "answerable"):
        answerable = bool(row["answerable"])
        document = row.get("document")
        questions.append(
            Question(
                id=str(row["id"]),
                text=row["text"],
                kind="answerable" if answerable else "near" if document else "oos",
                document_id=None if document is None else f"article-{document}",
                relevant=relevant.get(str(row["id"])) if answerable else None,
            )
        )
    return QuestionSet(folder.name, False, Corpus((*documents, *bank)), tuple(questions))


def _articles(sentences: Iterable[Mapping[str, Any]]) -> tuple[list[Document], dict[str, Place]]:
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in sentences:
        grouped[str(entry["document"])].append(entry)
    documents: list[Document] = []
    places: dict[str, Place] = {}
    for name, members in grouped.items():
        source = ""
        starts = [0]
        passages: list[Passage] = []
        last = members[0]["paragraph"]
        for number, entry in enumerate(members):
            if entry["paragraph"] != last:
                last = entry["paragraph"]
                source += "\n\n"
                starts.append(len(source))
            elif number:
                source += " "
            span = Span(len(source), len(source) + len(entry["text"]))
            source += entry["text"]
            passages.append(Passage(number, PassageKind.SENTENCE, span, len(starts) - 1))
            places[str(entry["id"])] = (f"article-{name}", number)
        ends = [*(start - 2 for start in starts[1:]), len(source)]
        documents.append(
            _document(
                f"article-{name}",
                source,
                str(members[0].get("headline") or name),
                passages,
                [Span(start, end) for start, end in zip(starts, ends, strict=True)],
            )
        )
    return documents, places


def _bank(entries: Sequence[Mapping[str, Any]]) -> tuple[list[Document], dict[str, Place]]:
    if not entries:
        return [], {}
    grouped: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in entries:
        grouped[str(entry.get("group") or f"\0{entry['id']}")].append(entry)
    source = ""
    passages: list[Passage] = []
    places: dict[str, Place] = {}
    for number, members in enumerate(grouped.values()):
        wordings = []
        for entry in members:
            source += "Q: "
            wordings.append(Span(len(source), len(source) + len(entry["question"])))
            source += entry["question"] + "\n"
            places[str(entry["id"])] = ("bank", number)
        answer = next((entry["answer"] for entry in members if entry.get("answer")), None)
        # A bank without answers quotes the first wording: there is no other text somebody wrote.
        span = wordings[0]
        if answer is not None:
            source += "A: "
            span = Span(len(source), len(source) + len(answer))
            source += answer + "\n"
        passages.append(Passage(number, PassageKind.FAQ, span, -1, tuple(wordings)))
    return [_document("bank", source, "Questions and answers", passages, [])], places


def _document(
    name: str, source: str, headline: str, passages: Sequence[Passage], paragraphs: Sequence[Span]
) -> Document:
    return Document(
        id=name,
        path=name,
        source=source,
        headline=headline,
        headline_derived=False,
        published=None,
        published_span=None,
        language="en",
        paragraphs=tuple(paragraphs),
        passages=tuple(passages),
    )


def _rows(file: Path, *required: str) -> Iterable[dict[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SetError(f"{file} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise SetError(f"{file}:{number}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise SetError(f"{file}:{number}: not a JSON object.")
        if missing := [name for name in required if name not in row]:
            raise SetError(f"{file}:{number}: lacks {', '.join(missing)}.")
        yield row
