"""A table of what a whole answer takes, compiled and not, beside bare retrieval over the same passages.

    python -m benchmarks.answers [PASSAGES ...] [--profile] [--output FILE]

Articles are generated (`benchmarks.large.generate`), about eight passages each, indexed and saved. Their own questions
are then asked in turn of: the rows of the same index alone (words read, the ten best rows out), scikit-learn's
`TfidfVectorizer` and `linear_kernel` over the same texts, and the answerer, with the compiled kernel and with NumPy and
SciPy in its place. Times are those of the processor, as the asking thread used it. With ``--profile`` the functions in
which an answer spends its time are listed, compiled and not.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.large.generate import write
from benchmarks.machine import machine
from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import answering_from
from webapp.answering.saved import open_index, save_index
from webapp.corpus.file_records import Library
from webapp.corpus.library import read_folder
from webapp.retrieval import foremost, index, kernel, weighting

PACKAGES = "numpy", "scipy", "scikit-learn"
PASSAGES = 1000, 10_000, 100_000
PASSAGES_AN_ARTICLE = 8
ASKED = 200
WARMING = 20
BEST = 10
SEED = 1
FUNCTIONS = 20
BARE, PLAIN, COMPILED, NUMPY = (
    "bare retrieval",
    "scikit-learn, transform and cosine",
    "a whole answer",
    "without the kernel",
)


@contextmanager
def without_kernel() -> Iterator[None]:
    """Have NumPy and SciPy do what is compiled; what is opened meanwhile stays that way."""
    users: list[Any] = [weighting, foremost, index]
    before = [user.library for user in users]
    for user in users:
        user.library = lambda: None
    try:
        yield
    finally:
        for user, library in zip(users, before, strict=True):
            user.library = library


def ways(library: Library, folder: Path) -> dict[str, Callable[[str], object]]:
    """Return what is asked, by name."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import linear_kernel

    answerer, plain = opened(folder), opened(folder)
    rows, language = answerer.index.row_words, answerer.index.language
    corpus = library.corpus
    texts = [document.text(passage) for document in corpus.documents for passage in document.passages]
    vectorizer = TfidfVectorizer(sublinear_tf=True)
    matrix = vectorizer.fit_transform(texts)

    def bare(question: str) -> object:
        return rows.foremost([word.term for word in language.words(question)], BEST)

    def cosine(question: str) -> object:
        scores = linear_kernel(vectorizer.transform([question]), matrix).ravel()
        best = np.argpartition(-scores, BEST)[:BEST]
        return best[np.argsort(-scores[best], kind="stable")]

    def numpy(question: str) -> object:
        with without_kernel():
            return plain.ask(question)

    return {BARE: bare, PLAIN: cosine, COMPILED: answerer.ask, NUMPY: numpy}


def opened(folder: Path) -> Answerer:
    """Open the saved index."""
    answerer = open_index(folder, target_precision=0.9).answerer
    assert isinstance(answerer, Answerer)
    return answerer


def own_questions(library: Library) -> list[str]:
    """Return questions that the documents ask themselves, spread over all of them."""
    documents = library.corpus.documents
    found = []
    for number in range(0, len(documents), max(1, len(documents) // ASKED)):
        document = documents[number]
        found.append(next(question for p in document.passages if (question := document.question(p)) is not None))
    return found[:ASKED]


def measure(count: int, folder: Path) -> Iterator[tuple[str, list[float]]]:
    """Yield the milliseconds of each way over about `count` passages."""
    write(max(1, count // PASSAGES_AN_ARTICLE), folder / "documents")
    library = read_folder(folder / "documents")
    save_index(folder / "index", answering_from(library.corpus), library)
    asked, known = own_questions(library), ways(library, folder / "index")
    took: dict[str, list[float]] = {name: [] for name in known}
    chance = np.random.default_rng(SEED)
    for place, question in enumerate([*asked[:WARMING], *asked]):
        # In another order each time: each finds in the processor's caches what the one before it has left there.
        for name in chance.permutation(list(known)).tolist():
            began = time.thread_time_ns()
            known[name](question)
            if place >= WARMING:
                took[name].append((time.thread_time_ns() - began) / 1e6)
    yield from took.items()


def profile(folder: Path) -> str:
    """Return where an answer spends its time, compiled and not, as Markdown."""
    questions = own_questions(open_index(folder, target_precision=0.9).library)
    lines = []
    for name in (NUMPY, COMPILED):
        with without_kernel() if name == NUMPY else _as_it_is():
            answerer = opened(folder)
            for question in questions[:WARMING]:
                answerer.ask(question)
            watched = cProfile.Profile()
            watched.enable()
            for question in questions:
                answerer.ask(question)
            watched.disable()
        stats: Any = pstats.Stats(watched)
        whole = sum(own for _, _, own, _, _ in stats.stats.values())
        lines += [
            "",
            f"**{name}**, {len(questions)} questions",
            "",
            "| function | calls a question | own share |",
            "|---|---:|---:|",
        ]
        first = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:FUNCTIONS]
        for (file, _, function), (_, calls, own, _, _) in first:
            where = "" if file == "~" else f"{Path(file).stem}."
            lines.append(f"| `{where}{function.strip('<>')}` | {calls / len(questions):.1f} | {own / whole:.1%} |")
    return "\n".join(lines)


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description="A whole answer.")
    parser.add_argument("counts", type=int, nargs="*", metavar="PASSAGES", default=PASSAGES)
    parser.add_argument("--profile", action="store_true", help="tell where the time goes at the last size")
    parser.add_argument("--output", type=Path, default=Path("benchmarks/results/answers.md"))
    called = parser.parse_args()
    assert kernel.library() is not None, "nothing was compiled: install a C compiler, then `touch pyproject.toml; make`"
    lines = [
        "# A whole answer",
        "",
        f"{', '.join(f'{name} {one}' for name, one in machine(PACKAGES).items())}.",
        f"{ASKED} questions, all asked in turn; milliseconds of a processor.",
        "",
        "| passages | | p50 | p99 | p50, of bare retrieval's |",
        "|---:|---|---:|---:|---:|",
    ]
    print("\n".join(lines), flush=True)
    for count in called.counts:
        with TemporaryDirectory() as temporary:
            folder, bare = Path(temporary), 0.0
            for name, milliseconds in measure(count, folder):
                median, slow = np.median(milliseconds), np.percentile(milliseconds, 99)
                bare = bare or float(median)
                lines.append(f"| {count:,} | {name} | {median:.3f} | {slow:.3f} | {median / bare:.1f} |")
                print(lines[-1], flush=True)
            if called.profile and count == called.counts[-1]:
                lines += ["", f"## Where the time goes at {count:,} passages", profile(folder / "index")]
                print("\n".join(lines[-2:]))
        called.output.parent.mkdir(parents=True, exist_ok=True)
        called.output.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
