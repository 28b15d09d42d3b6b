"""How good, against whom: Newsstand and its peers on the same question sets in the same run.

    python -m benchmarks.quality.run SET ... [--minilm] [--model FILE] [--output benchmarks/results/quality.md]

Peers never abstain by themselves, so their right-outcome rate is the one at the threshold that serves them best,
chosen with hindsight; Newsstand's is what it really did.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.quality.peers import OPTIONAL_PEERS, PEERS, Peer
from webapp.answering.answerer import Answerer
from webapp.answering.model import read_model
from webapp.evaluation.report import strangers_from, write_plot
from webapp.evaluation.runner import Asker, SetFigures, evaluate
from webapp.evaluation.sets import QuestionSet, read_set

COLUMNS = (
    ("hit@1", "hit@1"),
    ("hit@3", "hit@3"),
    ("AUROC against out of scope", "out of scope"),
    ("AUROC against strangers", "strangers"),
    ("AUROC against near misses", "near misses"),
    ("coverage at precision 0.9, half strangers", "coverage at 0.9"),
)
SPEED_QUESTIONS = 200
SPEED_ROUNDS = 3
NEWSSTAND = "Newsstand"


def main() -> None:
    """Measure and write the tables."""
    parser = argparse.ArgumentParser(description="Newsstand and its peers on question sets.")
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--minilm", action="store_true", help="include all-MiniLM-L6-v2 (needs its packages)")
    parser.add_argument("--model", type=Path, help="another model file, such as one trained without the dev sets")
    parser.add_argument("--output", type=Path, default=Path("benchmarks/results/quality.md"))
    arguments = parser.parse_args()
    peers = PEERS | (OPTIONAL_PEERS if arguments.minilm else {})
    model = read_model(arguments.model) if arguments.model else None
    sets = [read_set(path) for path in arguments.sets]
    lines = ["# Quality", "", "Value and bootstrap 95 % interval.", ""]
    ours: list[SetFigures] = []
    for question_set in sets:
        strangers = strangers_from(other for other in sets if other is not question_set)
        askers: dict[str, Asker] = {NEWSSTAND: Answerer.build(question_set.corpus, model=model)}
        askers |= {name: Peer(question_set.corpus, build) for name, build in peers.items()}
        measured = {name: list(evaluate(question_set, asker, strangers=strangers)) for name, asker in askers.items()}
        ours += measured[NEWSSTAND]
        for scope in range(len(measured[NEWSSTAND])):
            lines += table({name: figures[scope] for name, figures in measured.items()})
            print("\n".join(lines[-len(askers) - 6 :]), flush=True)
        lines += [speed(question_set, askers), ""]
        print(lines[-2], flush=True)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text("\n".join(lines), encoding="utf-8")
    write_plot(ours, arguments.output.with_suffix(".svg"))


def table(measured: dict[str, SetFigures]) -> list[str]:
    """Return one set's figures as a Markdown table, a row for each that was measured."""
    first = next(iter(measured.values()))
    columns = [(name, shown) for name, shown in COLUMNS if name in first.figures]
    lines = [f"## {first.name}, {first.scope}", ""]
    lines.append("| | " + " | ".join(shown for _, shown in columns) + " | right outcome |")
    lines.append("|---|" + "---|" * (len(columns) + 1))
    for name, figures in measured.items():
        cells = [
            f"{figure.value:.3f} [{figure.low:.2f}, {figure.high:.2f}]"
            for column, _ in columns
            for figure in [figures.figures[column]]
        ]
        outcome = "right outcome" if name == NEWSSTAND else "right outcome at the best threshold"
        cells.append(f"{figures.figures[outcome].value:.3f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return [*lines, ""]


def speed(question_set: QuestionSet, askers: dict[str, Asker]) -> str:
    """Return how long one question takes as a multiple of plain scikit-learn's, interleaved, medians."""
    questions = [question.text for question in question_set.questions][:SPEED_QUESTIONS]
    took: dict[str, list[float]] = {name: [] for name in askers}
    for asker in askers.values():
        ask(asker, questions)
    for _ in range(SPEED_ROUNDS):
        for question in questions:
            for name, asker in askers.items():
                began = time.perf_counter()
                asker.ask(question)
                took[name].append(time.perf_counter() - began)
    plain = median(took["scikit-learn TF-IDF"])
    ratios = ", ".join(f"{name} {median(times) / plain:.2f}" for name, times in took.items())
    passages = sum(len(document.passages) for document in question_set.corpus.documents)
    return f"One question over {passages:,} passages, as a multiple of plain scikit-learn: {ratios}."


def ask(asker: Asker, questions: Sequence[str]) -> None:
    """Ask each question once, to warm caches."""
    for question in questions:
        asker.ask(question)


if __name__ == "__main__":
    main()
