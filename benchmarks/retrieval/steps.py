"""The steps of one engine, each in a process of its own so that its memory is its own; figures are printed as JSON.

python -m benchmarks.retrieval.steps build|open ENGINE COUNT FOLDER SEED
python -m benchmarks.retrieval.steps ask ENGINE,... COUNT FOLDER SEED
"""

from __future__ import annotations

import json
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.retrieval.engines import ENGINES, Engine
from benchmarks.retrieval.texts import passages, questions

ASKED = 200
"""Questions of each kind; every engine is asked each of them, one engine after the other."""
WARMING = 20
KINDS = {"typical": False, "heavy": True}


def build(engine: Engine, count: int, folder: Path, seed: int) -> dict[str, Any]:
    """Return what building and saving take; memory without that of the texts."""
    texts = passages(count, seed)
    for module in engine.modules:
        import_module(module)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    folder.mkdir(parents=True)
    began, began_cpu = time.perf_counter(), time.process_time()
    built = engine.build(texts)
    built_cpu = time.process_time()
    engine.save(built, folder)
    seconds, used = time.perf_counter() - began, time.process_time() - began_cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {
        "build_seconds": seconds,
        "build_cpu_seconds": used,
        "in_memory_cpu_seconds": built_cpu - began_cpu,
        "build_peak_mb": peak / 1000,
        "disk_mb": disk / 1e6,
    }


def kilobytes() -> dict[str, int]:
    """Return what the kernel counts as this process's memory."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return {line.split(":")[0]: int(line.split()[1]) for line in lines}


def open_and_ask(engine: Engine, count: int, folder: Path, seed: int) -> dict[str, Any]:
    """Return what a process pays: until it is open, for the first question, and in memory after 200 more."""
    first, *others = questions(count, 200, seed, heavy=False)
    before = kilobytes()
    for module in engine.modules:
        import_module(module)
    imported = kilobytes()
    began = time.perf_counter()
    engine.open(folder)
    opened = time.perf_counter()
    engine.ask(first)
    answered = time.perf_counter()
    for question in others:
        engine.ask(question)
    after = kilobytes()
    return {
        "open_ms": 1000 * (opened - began),
        "first_ms": 1000 * (answered - opened),
        "program_mb": (imported["Anonymous"] - before["Anonymous"]) / 1000,
        "private_mb": (after["Anonymous"] - imported["Anonymous"]) / 1000,
        "resident_mb": (after["Rss"] - imported["Rss"]) / 1000,
    }


def ask(engines: dict[str, Engine], count: int, folder: Path, seed: int) -> dict[str, Any]:
    """Return the milliseconds of every question, all engines asked in turn.

    They are those of the processor, as the thread that asks used it: what else the machine does is not counted, nor is
    what an engine's server does aside before.
    """
    for name, engine in engines.items():
        engine.open(folder / name)
        engine.prepare()
    took: dict[str, Any] = {kind: {name: [] for name in engines} for kind in KINDS}
    for kind, heavy in KINDS.items():
        asked = questions(count, ASKED, seed, heavy=heavy)
        for place, question in enumerate([*asked[:WARMING], *asked]):
            found = {}
            for name, engine in engines.items():
                began = time.thread_time_ns()
                found[name] = engine.ask(question)
                if place >= WARMING:
                    took[kind][name].append((time.thread_time_ns() - began) / 1e6)
            _same_rows(engines, found, question)
    return took


def _same_rows(engines: dict[str, Engine], found: dict[str, list[int]], question: str) -> None:
    """Make sure that Newsstand's rows are scikit-learn's: those of the same cosines, the largest first."""
    import numpy as np

    if "scikit-learn" not in found:
        return
    plain: Any = engines["scikit-learn"]
    asked = plain.vectorizer.transform([question])

    def cosines(rows: list[int]) -> Any:
        return (plain.matrix[rows] @ asked.T).toarray().ravel()

    ours, theirs = cosines(found["Newsstand"]), cosines(found["scikit-learn"])
    theirs = theirs[theirs > 0]
    if len(ours) != len(theirs) or not np.allclose(ours, theirs, atol=1e-6, rtol=0):
        raise AssertionError(f"{question!r}: {ours} are not the best cosines, {theirs}")


def main() -> None:
    """Take one step."""
    step, names, count, folder, seed = sys.argv[1:]
    if step == "ask":
        engines = {name: ENGINES[name]() for name in names.split(";")}
        figures = ask(engines, int(count), Path(folder), int(seed))
    else:
        taken = {"build": build, "open": open_and_ask}[step]
        figures = taken(ENGINES[names](), int(count), Path(folder) / names, int(seed))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
