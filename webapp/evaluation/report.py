"""Figures as a table, as JSON and as a plot: what ``newsstand evaluate`` prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from webapp.answering.model import ModelError, read_model
from webapp.answering.polyglot import answering_from
from webapp.evaluation.figures import Figure
from webapp.evaluation.runner import SetFigures, evaluate
from webapp.evaluation.sets import QuestionSet, SetError, read_set

STRANGERS_PER_SET = 300
"""Questions borrowed from each other set as strangers, spread evenly over it."""


def main(
    paths: Sequence[str],
    *,
    as_json: bool = False,
    plot: str | None = None,
    target_precision: float = 0.9,
    model_file: Path | None = None,
    out: TextIO | None = None,
) -> int:
    """Evaluate the sets at `paths` and print the figures; return the exit code (2 when a set cannot be read).

    Args:
        paths: folders of newsroom or retrieval sets.
        as_json: print one JSON object instead of tables.
        plot: file (``.svg`` or ``.png``) for the curves of precision against coverage; needs matplotlib.
        target_precision: the operator's setting.
        model_file: learned coefficients to use instead of the shipped ones.
        out: where to print; standard output by default.
    """
    out = out or sys.stdout
    try:
        sets = [read_set(Path(path)) for path in paths]
        model = None if model_file is None else read_model(model_file)
    except (SetError, ModelError, OSError) as error:
        print(f"newsstand evaluate: {error}", file=sys.stderr)
        return 2
    measured: list[SetFigures] = []
    for question_set in sets:
        answerer = answering_from(question_set.corpus, target_precision=target_precision, model=model)
        others = [other for other in sets if other is not question_set]
        for figures in evaluate(
            question_set, answerer, strangers=strangers_from(others), progress=_progress(question_set.name)
        ):
            measured.append(figures)
            if not as_json:
                print(table(figures), file=out)
    if as_json:
        print(json.dumps({"sets": [as_dict(figures) for figures in measured]}, indent=2, ensure_ascii=False), file=out)
    if plot is not None:
        write_plot(measured, Path(plot))
    return 0


def table(figures: SetFigures) -> str:
    """Return the figures of a set as lines for people."""
    lines = [f"{figures.name} ({figures.scope})"]
    lines += [_line(name, figure) for name, figure in figures.figures.items()]
    if len(figures.by_kind) > 1:
        lines.append("  by kind of question")
        for kind, of_kind in figures.by_kind.items():
            shown = ", ".join(f"{name} {figure.value:.3f}" for name, figure in of_kind.items())
            n = of_kind["right outcome"].n
            lines.append(f"    {kind:<12} n={n:<5} {shown}")
    return "\n".join(lines) + "\n"


def as_dict(figures: SetFigures) -> dict[str, Any]:
    """Return the figures of a set as plain JSON types."""
    return {
        "name": figures.name,
        "scope": figures.scope,
        "figures": {name: _rounded(figure) for name, figure in figures.figures.items()},
        "by_kind": {
            kind: {name: _rounded(figure) for name, figure in of_kind.items()}
            for kind, of_kind in figures.by_kind.items()
        },
    }


def write_plot(measured: Iterable[SetFigures], file: Path) -> None:
    """Draw precision against coverage, a line a set.

    Raises:
        ModuleNotFoundError: matplotlib is not installed; the message says how to get it.
    """
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("The plot needs matplotlib: pip install 'newsstand[plots]'.") from error

    figure, axes = pyplot.subplots(figsize=(7, 5), layout="constrained")
    for figures in measured:
        precision, coverage = figures.curve
        if len(precision):
            axes.plot(coverage, precision, label=f"{figures.name}, {figures.scope}", linewidth=1.5)
    axes.axhline(0.9, color="grey", linewidth=0.8, linestyle=":")
    axes.set(
        xlim=(0, 1), ylim=(0, 1.02), xlabel="coverage: share of the answerable answered rightly", ylabel="precision"
    )
    axes.set_title("Answers given rightly, strangers' questions mixed in half and half")
    axes.legend(loc="lower left", fontsize="small")
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
    pyplot.close(figure)


def strangers_from(others: Iterable[QuestionSet]) -> list[str]:
    """Return some answerable questions of other sets, spread evenly over each."""
    chosen = []
    for other in others:
        texts = [question.text for question in other.questions if question.answerable and not question.previous]
        step = max(1, len(texts) // STRANGERS_PER_SET)
        chosen += texts[::step][:STRANGERS_PER_SET]
    return chosen


def _progress(name: str) -> Any:
    if not sys.stderr.isatty():
        return None

    def show(done: int, of: int) -> None:
        if done % 50 == 0 or done == of:
            print(f"\r{name}: {done} of {of} questions", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return show


def _line(name: str, figure: Figure) -> str:
    return f"  {name:<42} {figure.value:.3f}  [{figure.low:.3f}, {figure.high:.3f}]  n={figure.n}"


def _rounded(figure: Figure) -> dict[str, float | int]:
    return {key: round(value, 4) for key, value in asdict(figure).items()}
