"""Tables and a plot of looking one question up: build, disk, memory, opening, asking.

    python -m benchmarks.retrieval [COUNT ...] [--seed N] [--work FOLDER] [--output benchmarks/results/retrieval.md]

Every engine builds, opens and is measured in processes of its own; then one process opens all of them and asks each the
same questions in turn, so that whatever else the machine does meets all alike.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import machine
from benchmarks.retrieval.engines import ENGINES
from benchmarks.retrieval.steps import ASKED, KINDS

COUNTS = 1000, 10_000, 100_000, 1_000_000
PACKAGES = "numpy", "scipy", "scikit-learn", "bm25s", "numba", "rank-bm25", "tantivy"
COLUMNS = (
    ("build_seconds", "build and save, s", ".2f"),
    ("in_memory_cpu_seconds", "build, s of a processor", ".2f"),
    ("build_peak_mb", "peak memory, MB", ".0f"),
    ("disk_mb", "disk, MB", ".1f"),
    ("open_ms", "open, ms", ".1f"),
    ("first_ms", "first question, ms", ".2f"),
    ("private_mb", "own memory, MB", ".1f"),
    ("typical p50", "typical: p50, ms", ".3f"),
    ("typical p99", "p99", ".3f"),
    ("heavy p50", "heavy: p50, ms", ".3f"),
    ("heavy p99", "p99", ".3f"),
)
OURS = "Newsstand"


def step(*words: str) -> dict[str, Any]:
    """Return the figures of a step taken in another process."""
    command = [sys.executable, "-m", "benchmarks.retrieval.steps", *words]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure(count: int, work: Path, seed: int) -> dict[str, dict[str, float]]:
    """Return the figures of every engine that bears so many passages."""
    folder = work / str(count)
    names = [name for name, engine in ENGINES.items() if count <= engine.most]
    found = {}
    for name in names:
        found[name] = step("build", name, str(count), str(folder), str(seed))
        found[name] |= step("open", name, str(count), str(folder), str(seed))
    took = step("ask", ";".join(names), str(count), str(folder), str(seed))
    for kind in KINDS:
        for name, milliseconds in took[kind].items():
            found[name][f"{kind} p50"] = float(np.median(milliseconds))
            found[name][f"{kind} p99"] = float(np.percentile(milliseconds, 99))
    return found


def table(count: int, figures: dict[str, dict[str, float]]) -> list[str]:
    """Return one size's figures as Markdown."""
    lines = [f"## {count:,} passages", "", f"| | {' | '.join(head for _, head, _ in COLUMNS)} |"]
    lines.append(f"|---|{'---:|' * len(COLUMNS)}")
    for name, row in figures.items():
        lines.append(f"| {name} | {' | '.join(format(row[key], form) for key, _, form in COLUMNS)} |")
    return [*lines, ""]


def plot(sizes: dict[int, dict[str, dict[str, float]]], file: Path) -> None:
    """Draw the median of a question over the number of passages."""
    import matplotlib as mpl

    mpl.use("svg")
    # The same figures give the same file.
    mpl.rcParams["svg.hashsalt"] = "newsstand"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(KINDS), figsize=(10, 4), sharey=True)
    for axis, kind in zip(axes, KINDS, strict=True):
        for name in ENGINES:
            there = [count for count in sizes if name in sizes[count]]
            medians = [sizes[count][name][f"{kind} p50"] for count in there]
            axis.plot(there, medians, marker="o", label=name, linewidth=2.5 if name == OURS else 1)
        axis.set(xscale="log", yscale="log", xlabel="passages", title=f"{kind} questions")
    axes[0].set_ylabel("ms of a processor, median")
    axes[0].legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description="Looking one question up.")
    parser.add_argument("counts", type=int, nargs="*", metavar="COUNT", default=COUNTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help="where indexes are kept; default: nowhere")
    parser.add_argument("--output", type=Path, default=Path("benchmarks/results/retrieval.md"))
    called = parser.parse_args()
    where = machine(PACKAGES)
    lines = [
        "# Retrieval",
        "",
        f"{', '.join(f'{name} {one}' for name, one in where.items())}.",
        f"Seed {called.seed}; {ASKED} questions of each kind.",
        "Times of questions are those of the processor as the asking thread used it.",
        "",
    ]
    sizes: dict[int, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for count in called.counts:
            sizes[count] = measure(count, called.work or Path(temporary), called.seed)
            lines += table(count, sizes[count])
            print("\n".join(lines[-len(sizes[count]) - 5 :]), flush=True)
            called.output.parent.mkdir(parents=True, exist_ok=True)
            called.output.write_text("\n".join(lines), "utf-8")
            figures = {"machine": where, "seed": called.seed, "sizes": sizes}
            called.output.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    plot(sizes, called.output.with_suffix(".svg"))


if __name__ == "__main__":
    main()
