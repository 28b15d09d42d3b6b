"""Looks for inputs that break something, guided by the lines they reach: ``python -m tests.fuzz [INPUTS] [TARGET ..]``.

Each target runs in a process of its own (atheris, libFuzzer). What breaks is kept in the folder that is told; the count
of inputs of each target is printed, and the exit code is 1 when anything broke.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HANGS_SECONDS = 25
LONGEST_BYTES = 4096
MEMORY_MB = 4000


def run_one(name: str, inputs: int, folder: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    with atheris.instrument_imports(include=["webapp"], enable_loader_override=False):
        from tests.fuzz import targets

        target, seeds = targets.made(name)
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)
    flags = [f"-runs={inputs}", f"-timeout={HANGS_SECONDS}", f"-max_len={LONGEST_BYTES}", f"-rss_limit_mb={MEMORY_MB}"]
    atheris.Setup(["fuzz", *flags, "-print_final_stats=1", f"-artifact_prefix={folder}/", str(corpus)], target)
    atheris.Fuzz()


def main() -> int:
    """Run every target, one after the other."""
    from tests.fuzz import targets

    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("inputs", type=int, nargs="?", default=1_000_000, help="of all targets together")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all of them")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    called = parser.parse_args()
    if called.here is not None:
        run_one(called.targets[0], called.inputs, called.here)
    names = called.targets or targets.named()
    total, broken = 0, 0
    for name in names:
        inputs = targets.share(name, names, called.inputs) if not called.targets else called.inputs // len(names)
        folder = Path(tempfile.mkdtemp(prefix=f"newsstand-{name}-"))
        command = [sys.executable, "-W", "ignore", "-m", "tests.fuzz", str(inputs), name, "--here", str(folder)]
        began = time.monotonic()
        ended = subprocess.run(command, capture_output=True, text=True, errors="replace")
        executed = re.search(r"number_of_executed_units: (\d+)", ended.stderr)
        count = int(executed[1]) if executed else 0
        total += count
        print(f"{name:14} {count:9,} inputs, {time.monotonic() - began:6.0f} s", flush=True)
        if ended.returncode != 0 or count < inputs:
            broken += 1
            print(f"broken: {folder}\n{ended.stdout[-2000:]}\n{ended.stderr[-6000:]}", flush=True)
    print(f"{total:,} inputs, {broken} of {len(names)} targets broken")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
