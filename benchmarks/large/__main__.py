"""A table of time, memory and disk for 1,000, 10,000 and 100,000 documents.

    python -m benchmarks.large [COUNT ...] [--work FOLDER] [--output FILE]

Articles are generated (`benchmarks.large.generate`), indexed with ``newsstand index``, opened, and asked their own
questions; each in a process of its own, so that its peak of memory is its own. Then ``newsstand serve`` serves them
with two workers, which answer questions, and what memory each of them has to itself is looked at.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.http import servers
from benchmarks.large.generate import write

COUNTS = 1000, 10_000, 100_000
QUESTIONS = 200
JSON = {"Content-Type": "application/json"}
SERVED = 1000
CONNECTIONS = 16
REST_SECONDS = 3
"""After which workers have given back what they needed for questions alone."""

OPENING = """
import json, sys, time
from pathlib import Path
from statistics import median
from webapp.answering.saved import open_index
from webapp.retrieval.language import ENGLISH
ENGLISH.lexicon
began = time.perf_counter()
answerer = open_index(Path(sys.argv[1]), target_precision=0.9).answerer
opened = time.perf_counter() - began
documents = answerer.corpus.documents
step = max(1, len(documents) // int(sys.argv[2]))
asked = []
for number in range(0, len(documents), step):
    document = documents[number]
    asked.append(next(document.question(p) for p in document.passages if p.questions))
if len(sys.argv) > 3:
    print(json.dumps(asked))
    sys.exit()
took = []
for question in asked:
    began = time.perf_counter()
    reply = answerer.ask(question)
    took.append(time.perf_counter() - began)
    assert reply.answer is not None, question
kilobytes = {}
for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]:
    kilobytes[line.split(":")[0]] = int(line.split()[1])
took.sort()
print(json.dumps({
    "documents": len(documents), "passages": len(answerer.index.document_of), "open_seconds": opened,
    "ask_ms": 1000 * median(took), "ask_95_ms": 1000 * took[int(0.95 * len(took))],
    "anonymous_mb": kilobytes["Anonymous"] / 1000,
}))
"""

COLUMNS = (
    ("documents", "documents", ",.0f"),
    ("passages", "passages", ",.0f"),
    ("index_seconds", "build, s", ",.0f"),
    ("index_cpu_seconds", "of a processor, s", ",.0f"),
    ("peak_mb", "peak memory, MB", ",.0f"),
    ("disk_mb", "on disk, MB", ",.0f"),
    ("open_seconds", "open, s", ".3f"),
    ("anonymous_mb", "own memory of a process, MB", ",.0f"),
    ("written_mb", "of a worker, MB", ",.1f"),
    ("read_mb", "read by it alone, MB", ",.0f"),
    ("ask_ms", "a question, ms", ".1f"),
    ("ask_95_ms", "95 of 100 within, ms", ".1f"),
)


def measure(count: int, folder: Path) -> dict[str, Any]:
    """Return the figures of so many documents."""
    documents, index = folder / f"documents-{count}", folder / f"index-{count}"
    write(count, documents)
    began = time.perf_counter()
    command = [sys.executable, "-m", "webapp", "index", str(documents), "--output", str(index)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "the index could not be built"
    built = time.perf_counter() - began
    disk = sum(file.stat().st_size for file in index.iterdir())
    asking = [sys.executable, "-c", OPENING, str(index), str(QUESTIONS)]
    asked = subprocess.run(asking, check=True, capture_output=True, text=True)  # noqa: S603
    figures = json.loads(asked.stdout)
    assert figures["documents"] == count
    used = usage.ru_utime + usage.ru_stime
    own = json.loads(subprocess.run([*asking[:-1], str(SERVED), "only"], check=True, capture_output=True).stdout)  # noqa: S603
    # What of the index is not on the disk yet would count as written by the workers that read it.
    os.sync()
    with tempfile.TemporaryDirectory() as data, servers.indexed(index, Path(data)) as served:
        ask(served.url, own[:SERVED])
        time.sleep(REST_SECONDS)
        workers = served.workers()
    return {
        **figures,
        "written_mb": max(worker.written for worker in workers),
        "read_mb": max(worker.read for worker in workers),
        "index_seconds": built,
        "index_cpu_seconds": used,
        "peak_mb": usage.ru_maxrss / 1000,
        "disk_mb": disk / 1e6,
    }


def ask(url: str, questions: list[str]) -> None:
    """Ask all questions over several connections at once, so that every worker gets its share."""

    def ask_some(some: list[str]) -> None:
        connection = http.client.HTTPConnection(url.partition("//")[2], timeout=60)
        for question in some:
            connection.request("POST", "/api/v1/ask", json.dumps({"question": question}), JSON)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, question
        connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        list(threads.map(ask_some, [questions[first::CONNECTIONS] for first in range(CONNECTIONS)]))


def table(rows: list[dict[str, Any]]) -> str:
    """Return the figures as Markdown."""
    lines = [f"| {' | '.join(head for _, head, _ in COLUMNS)} |", f"|{'---:|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(format(row[name], form) for name, _, form in COLUMNS)} |" for row in rows]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.large", description="Time, memory and disk of an index."
    )
    parser.add_argument("counts", type=int, nargs="*", metavar="COUNT", default=COUNTS)
    parser.add_argument("--work", type=Path, help="where documents and indexes are kept; default: nowhere")
    parser.add_argument("--output", type=Path, help="write the table there, too")
    called = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        for count in called.counts or COUNTS:
            rows.append(measure(count, called.work or Path(temporary)))
            print(table(rows[-1:]), flush=True)
    if called.output:
        called.output.write_text(table(rows) + "\n", "utf-8")


if __name__ == "__main__":
    main()
