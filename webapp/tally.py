"""What a server counts, in memory that its processes share: sums are exact, and outlive the worker that counted.

Each worker has a row of its own, so that processes never wait for each other; the sum of the rows is what is told. The
row of a worker that ended goes to the next one, which counts on from there.
"""

from __future__ import annotations

import mmap
import threading
from bisect import bisect_left
from dataclasses import dataclass

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds."""

_CELL_BYTES = 8
_ROWS_AT_ONCE = 2
"""An old worker may still be there when the one in its place begins."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that is counted; `labels` are the values its one label may have."""

    name: str
    """As Prometheus shows it, without the ending that its kind adds."""
    help: str
    label: str = ""
    labels: tuple[str, ...] = ("",)

    cells = 1
    """How many numbers are kept for each label."""


class Counter(Metric):
    """Counts up."""


class Gauge(Metric):
    """Goes up and down; what a worker that ended has set is forgotten."""


class Histogram(Metric):
    """Durations in seconds: how many in each of `BUCKETS` and beyond, and their sum."""

    cells = len(BUCKETS) + 2


QUESTIONS = Counter(
    "newsstand_questions",
    "Questions, by what came of them; a repeated one was answered before, with the same turn id.",
    "outcome",
    ("answered", "hedged", "abstained", "smalltalk", "repeated", "failed"),
)
QUESTION_SECONDS = Histogram("newsstand_question_seconds", "Seconds from a question to its answer, kept and all.")
STAGE_SECONDS = Histogram(
    "newsstand_stage_seconds",
    "Seconds that a request spends in a stage.",
    "stage",
    ("analysis", "retrieval", "ranking", "storage", "render"),
)
RESPONSES = Counter("newsstand_responses", "Responses, by class.", "status", ("1xx", "2xx", "3xx", "4xx", "5xx"))
RATE_LIMITED = Counter("newsstand_rate_limited", "Requests that were refused because there were too many.")
STORAGE_ERRORS = Counter("newsstand_storage_errors", "Times that the database did not do what was asked.")
BUSY_THREADS = Gauge("newsstand_busy_threads", "Threads that work on requests.")
QUEUED_REQUESTS = Gauge("newsstand_queued_requests", "Requests that have come whole and wait for their turn.")
CONNECTIONS = Gauge("newsstand_connections", "Connections that are open.")
WAITING_CONNECTIONS = Gauge("newsstand_waiting_connections", "Connections whose request has not come whole yet.")
WORKERS = Gauge("newsstand_workers", "Workers that run.")
WORKERS_BEHIND = Gauge("newsstand_workers_behind", "Workers that could not open the newest documents.")
WATCHERS = Gauge("newsstand_watchers", "Watchers of the documents that run; one is as it should be.")
WATCHERS_WANTED = Gauge("newsstand_watchers_wanted", "Watchers of the documents that should run.")
READING_FAILED = Gauge("newsstand_reading_failed", "1 when the documents could not be read again.")

METRICS: tuple[Metric, ...] = (
    QUESTIONS,
    QUESTION_SECONDS,
    STAGE_SECONDS,
    RESPONSES,
    RATE_LIMITED,
    STORAGE_ERRORS,
    BUSY_THREADS,
    QUEUED_REQUESTS,
    CONNECTIONS,
    WAITING_CONNECTIONS,
    WORKERS,
    WORKERS_BEHIND,
    WATCHERS,
    WATCHERS_WANTED,
    READING_FAILED,
)


def _places() -> tuple[dict[tuple[str, str], int], int]:
    """Return where in a row the cells of each metric and label begin, and how many there are."""
    places, place = {}, 0
    for metric in METRICS:
        for label in metric.labels:
            places[metric.name, label] = place
            place += metric.cells
    return places, place


_PLACES, _WIDTH = _places()


class Tally:
    """The counts of a server and its workers. Make it before workers fork; safe for threads.

    Args:
        workers: how many processes count at a time, beside the one that made it.
    """

    def __init__(self, workers: int = 0) -> None:
        self._rows = 1 + _ROWS_AT_ONCE * workers
        self._cells = memoryview(mmap.mmap(-1, self._rows * _WIDTH * _CELL_BYTES)).cast("d")
        self._free = set(range(1, self._rows))
        self._begin = 0
        self._lock = threading.Lock()

    def claim(self) -> int:
        """Return a row for the next worker; the process that made the tally calls this.

        With more workers than were foreseen the last row is shared, and a count in a thousand may get lost.
        """
        row = min(self._free, default=self._rows - 1)
        self._free.discard(row)
        return row

    def work_in(self, row: int) -> None:
        """Count in a row from now on; the worker calls this."""
        self._begin = row * _WIDTH
        self._lock = threading.Lock()
        self.set(WORKERS, 1)

    def release(self, row: int) -> None:
        """Take the row of a worker that has ended: what it counted stays, what it was doing is over."""
        for metric in METRICS:
            if isinstance(metric, Gauge):
                for label in metric.labels:
                    self._cells[row * _WIDTH + _PLACES[metric.name, label]] = 0.0
        self._free.add(row)

    def count(self, counter: Counter, label: str = "") -> None:
        """Count one more."""
        self._add(self._begin + _PLACES[counter.name, label], 1.0)

    def observe(self, histogram: Histogram, seconds: float, label: str = "") -> None:
        """Count a duration."""
        place = self._begin + _PLACES[histogram.name, label]
        bucket = place + bisect_left(BUCKETS, seconds)
        with self._lock:
            self._cells[bucket] += 1.0
            self._cells[place + Histogram.cells - 1] += seconds

    def set(self, gauge: Gauge, value: float) -> None:
        """Set a gauge of this process."""
        self._cells[self._begin + _PLACES[gauge.name, ""]] = value

    def move(self, gauge: Gauge, by: float) -> None:
        """Move a gauge of this process up or down."""
        self._add(self._begin + _PLACES[gauge.name, ""], by)

    def total(self, metric: Counter | Gauge, label: str = "") -> float:
        """Return the sum over all processes."""
        return self._sum(_PLACES[metric.name, label])

    def least(self, gauge: Gauge) -> float:
        """Return the least that a worker has set it to; 0 when there is none."""
        work, values = self._of_each(_PLACES[WORKERS.name, ""]), self._of_each(_PLACES[gauge.name, ""])
        return min((value for value, works in zip(values, work, strict=True) if works), default=0.0)

    def buckets(self, histogram: Histogram, label: str = "") -> tuple[list[float], float]:
        """Return how many durations are at most as long as each bound, and all; and their sum in seconds."""
        place = _PLACES[histogram.name, label]
        counts, so_far = [], 0.0
        for bucket in range(len(BUCKETS) + 1):
            so_far += self._sum(place + bucket)
            counts.append(so_far)
        return counts, self._sum(place + Histogram.cells - 1)

    def _add(self, place: int, amount: float) -> None:
        with self._lock:
            self._cells[place] += amount

    def _sum(self, place: int) -> float:
        return sum(self._of_each(place))

    def _of_each(self, place: int) -> memoryview[float]:
        """Return a cell of every row."""
        return self._cells[place::_WIDTH]
