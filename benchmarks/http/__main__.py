"""Requests a second of Newsstand and of a view that returns a constant, under gunicorn in the same run.

    python -m benchmarks.http [FOLDER ...] [--rounds N] [--seconds N] [--output FILE]

Each FOLDER holds documents; by default those that ship. The constant view is served by gunicorn alone, with its
threaded worker and as many processes and threads, which is what shares are of; and by the worker that serves
Newsstand. All servers run at once and are asked in turn, round after round, so that what else the machine does falls
on all; ratios are medians over the rounds. At times one of gunicorn's processes takes all connections, and serves less
than half as much alone as two do: the bare view is asked before and after the others, and its better time counts.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.http import load, parts, questions, servers

CONNECTIONS = 1, 16, 64
DISTINCT = 20_000
TURNS = 4
PARTS = 1000
SETTLE_SECONDS = 1
REST_SECONDS = 3
"""After which workers have given back what they needed for questions alone."""
BARE = "bare view"
BARE_OURS = "bare view, by Newsstand's worker"
WHERE = {"api": "/api/v1/ask", "chat": "/chat", "bare": "/"}


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked, by whom."""

    name: str
    kind: str
    turns: int
    file: Path


def targets(documents: Path, folder: Path) -> list[Target]:
    """Return the bare views and what is compared with the first."""
    asked = questions.bases(documents)
    pools = (
        ("each question another, four a visitor", TURNS, questions.distinct(asked, DISTINCT)),
        ("eight suggested questions, one a visitor", 1, questions.popular(documents)),
    )
    asked_of_bare = load.write(pools[0][2], folder, "bare")
    found = [Target(name, "bare", 1, asked_of_bare) for name in (BARE, BARE_OURS)]
    for said, turns, pool in pools:
        for kind in ("api", "chat"):
            found.append(Target(f"`POST {WHERE[kind]}`, {said}", kind, turns, load.write(pool, folder, kind)))
    return found


def compare(documents: Path, folder: Path, rounds: int, seconds: int) -> Iterator[str]:
    """Yield the lines of the tables of one folder of documents."""
    known = targets(documents, folder)
    with (
        servers.bare(folder / "bare", "benchmarks.start.bare") as constant,
        servers.bare(folder / "bare") as ours,
        servers.newsstand(documents, folder / "data") as whole,
    ):
        asks = {BARE: constant, BARE_OURS: ours}
        yield from (
            "| | connections | requests a second | of the bare view's | p50, ms | p99, ms |",
            "|---|---:|---:|---:|---:|---:|",
        )
        for connections in CONNECTIONS:
            seen: dict[str, list[load.Round]] = {target.name: [] for target in known}
            for _ in range(rounds):
                for one in (*known, known[0]):
                    url = asks.get(one.name, whole).url + WHERE[one.kind]
                    seen[one.name].append(load.fire(url, connections, seconds, one.kind, one.turns, one.file))
                    # What was asked last is still being answered when nobody waits for it any more.
                    time.sleep(SETTLE_SECONDS)
                seen[BARE].append(max(seen[BARE].pop(), seen[BARE].pop(), key=lambda came: came.per_second))
            for name, came in seen.items():
                ratio = median(a.per_second / b.per_second for a, b in zip(came, seen[BARE], strict=True))
                figures = [
                    median(r.per_second for r in came),
                    ratio,
                    median(r.p50_ms for r in came),
                    median(r.p99_ms for r in came),
                ]
                yield "| {} | {} | {:,.0f} | {:.2f} | {:.1f} | {:.1f} |".format(name, connections, *figures)
        time.sleep(REST_SECONDS)
        asks["Newsstand"] = whole
        memory = {name: one.workers() for name, one in asks.items()}
        starts = {name: one.seconds for name, one in asks.items()}
    yield from (
        "",
        "| | start to first answer, s | each worker after all of this, MB (PSS) | of it its own, MB |",
        "|---|---:|---:|---:|",
    )
    for name, held in memory.items():
        shared = ", ".join(f"{worker.pss:.1f}" for worker in held)
        own = ", ".join(f"{worker.written:.1f}" for worker in held)
        yield f"| {name} | {starts[name]:.2f} | {shared} | {own} |"
    yield ""
    yield parts.table(parts.parts(documents, PARTS))


def named(documents: Path) -> str:
    """Return what a folder of documents is called: a set keeps its own in ``seeds``, and so does the project."""
    return documents.parent.name if documents.name == "seeds" and documents.parent.name else documents.name


def machine() -> str:
    """Return what this ran on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    packages = ", ".join(f"{name} {version(name)}" for name in ("Flask", "gunicorn", "SQLAlchemy", "Jinja2"))
    return (
        f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, {packages}, "
        f"SQLite {sqlite3.sqlite_version}; load from {load.CLIENT}; seed {questions.SEED}."
    )


def main() -> None:
    """Measure, and print as it comes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.http", description="Requests a second, over HTTP.")
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER", default=[Path("seeds")])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of one round (default: 3)")
    parser.add_argument("--output", type=Path, help="write the tables there, too")
    called = parser.parse_args()
    lines = [machine(), f"Medians of {called.rounds} interleaved rounds of {called.seconds} s."]
    print(*lines, sep="\n", flush=True)
    for documents in called.folders:
        with TemporaryDirectory() as folder:
            lines += ["", f"### {named(documents)}", ""]
            for line in compare(documents, Path(folder), called.rounds, called.seconds):
                print(line, flush=True)
                lines.append(line)
    if called.output:
        called.output.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
