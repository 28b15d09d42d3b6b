"""From the start of a process to its answer, against what importing a library takes.

    python -m benchmarks.start [FOLDER] [--rounds N] [--servers N] [--output benchmarks/results/start.md]

Whole processes, from outside: one of each in turn, round after round, so that what else the machine does falls on all.
FOLDER holds documents, by default those that ship; they are indexed once, before. A round that is not counted comes
first: it leaves the files in memory and the bytecode on disk, as an installed package has it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.http import servers
from benchmarks.http.questions import popular
from benchmarks.machine import machine

PACKAGES = "numpy", "scipy", "scikit-learn", "bm25s", "tantivy", "Flask", "gunicorn", "SQLAlchemy"
YARDSTICK = "import of TfidfVectorizer"
OURS = "`newsstand ask --index`"
BARE = "bare view, gunicorn alone"
LIMIT = 0.5
"""Of the yardstick's time, at most this is aimed at."""


def programs(index: Path, question: str) -> dict[str, list[str]]:
    """Return what is started, by the name of its row."""
    return {
        "`python -c pass`": ["-c", "pass"],
        "import of NumPy": ["-c", "import numpy"],
        OURS: ["-m", "webapp", "ask", "--index", str(index), question],
        YARDSTICK: ["-c", "from sklearn.feature_extraction.text import TfidfVectorizer"],
        "import of bm25s": ["-c", "import bm25s"],
        "import of tantivy": ["-c", "import tantivy"],
    }


def took(arguments: list[str]) -> tuple[float, float]:
    """Return how long a process takes, and how much of a processor, in milliseconds."""
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    began = time.perf_counter()
    process = os.posix_spawn(sys.executable, [sys.executable, *arguments], os.environ, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    elapsed = time.perf_counter() - began
    assert status == 0, arguments
    return elapsed * 1000, (used.ru_utime + used.ru_stime) * 1000


def processes(index: Path, question: str, rounds: int) -> dict[str, dict[str, float]]:
    """Return the figures of every program; ratios are medians over the rounds."""
    known = programs(index, question)
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in known}
    for number in range(rounds + 1):
        for name, arguments in known.items():
            figures = took(arguments)
            if number:
                seen[name].append(figures)
    return {
        name: {
            "ms": median(wall for wall, _ in came),
            "ratio": median(one[0] / other[0] for one, other in zip(came, seen[YARDSTICK], strict=True)),
            "cpu_ms": median(cpu for _, cpu in came),
            "cpu_ratio": median(one[1] / other[1] for one, other in zip(came, seen[YARDSTICK], strict=True)),
        }
        for name, came in seen.items()
    }


def serving(index: Path, folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Return how long each server takes to its first answer; its data folder is there from the round before."""
    known: dict[str, Callable[[], AbstractContextManager[servers.Served]]] = {
        BARE: lambda: servers.bare(folder / "bare", "benchmarks.start.bare"),
        "bare view, gunicorn as Newsstand has it": lambda: servers.bare(folder / "bare"),
        "`newsstand serve --index`": lambda: servers.indexed(index, folder / "data"),
    }
    seen: dict[str, list[float]] = {name: [] for name in known}
    for number in range(rounds + 1):
        for name, started in known.items():
            with started() as served:
                if number:
                    seen[name].append(served.seconds * 1000)
    return {
        name: {
            "ms": median(came),
            "ratio": median(one / other for one, other in zip(came, seen[BARE], strict=True)),
        }
        for name, came in seen.items()
    }


def table(heads: tuple[str, ...], forms: tuple[str, ...], figures: dict[str, dict[str, float]]) -> list[str]:
    """Return figures as Markdown."""
    lines = [f"| | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    for name, row in figures.items():
        lines.append(f"| {name} | {' | '.join(map(format, row.values(), forms))} |")
    return [*lines, ""]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description="From start to answer.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("seeds"), metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=25, help="of processes (default: 25)")
    parser.add_argument("--servers", type=int, default=9, help="rounds of servers (default: 9)")
    parser.add_argument("--output", type=Path, default=Path("benchmarks/results/start.md"))
    called = parser.parse_args()
    with TemporaryDirectory() as temporary:
        work = Path(temporary)
        # Whoever forbids bytecode to be kept would measure the compiler.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(work / "bytecode")
        index = work / "index"
        command = [sys.executable, "-m", "webapp", "index", str(called.folder), "--output", str(index)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        asked = processes(index, popular(called.folder)[0], called.rounds)
        served = serving(index, work, called.servers)
    where = machine(PACKAGES)
    within = "within" if asked[OURS]["ratio"] <= LIMIT else "beyond"
    lines = [
        "# Start",
        "",
        f"{', '.join(f'{name} {one}' for name, one in where.items())}.",
        f"Medians of {called.rounds} and {called.servers} interleaved rounds of whole processes.",
        "",
        *table(
            ("start to end, ms", f"of the {YARDSTICK}", "processor, ms", f"of the {YARDSTICK}"),
            (".0f", ".2f", ".0f", ".2f"),
            asked,
        ),
        f"At most {LIMIT} is aimed at for {OURS}: this is {within} it.",
        "",
        *table(("start to first answer, ms", f"of the {BARE}"), (".0f", ".2f"), served),
    ]
    print("\n".join(lines))
    called.output.parent.mkdir(parents=True, exist_ok=True)
    called.output.write_text("\n".join(lines), "utf-8")
    rounds = {"processes": called.rounds, "servers": called.servers}
    figures = {"machine": where, "rounds": rounds, "processes": asked, "servers": served}
    called.output.with_suffix(".json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
