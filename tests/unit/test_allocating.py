"""What a process keeps of memory that is free again, and when it gives it back."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from webapp.allocating import REST_SECONDS, Rest

_SCRATCH = """
import threading
from pathlib import Path
import numpy as np
from webapp.allocating import give_back, keep_scratch, take_from_one_place

def private_mb():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1000

def places():
    # What threads take memory from begins at multiples of 64 MB.
    begins = [int(line.partition("-")[0], 16) for line in Path("/proc/self/maps").read_text().splitlines()]
    return sum(begin % (64 * 1024 * 1024) == 0 for begin in begins)

def work():
    for _ in range(20):
        pieces = [np.ones(100_000) for _ in range(10)]
        # What is kept longer stands behind what is free again.
        kept.append(bytes(1000))
        del pieces

kept = []
work()
take_from_one_place()
keep_scratch()
before, had = private_mb(), places()
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
worked = private_mb()
give_back()
print(worked - before, private_mb() - before, places() - had)
"""


def test_a_worker_comes_to_rest_once() -> None:
    """A second after the last request, and again only when there have been others."""
    rest = Rest()
    assert not rest.begins(0, 100.0)
    assert not rest.begins(3, 101.0)
    assert not rest.begins(4, 101.0 + REST_SECONDS)
    assert not rest.begins(4, 101.0 + 1.5 * REST_SECONDS)
    assert rest.begins(4, 101.0 + 2 * REST_SECONDS)
    assert not rest.begins(4, 101.0 + 3 * REST_SECONDS)
    assert not rest.begins(5, 101.0 + 4 * REST_SECONDS)
    assert rest.begins(5, 101.0 + 5 * REST_SECONDS)


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="glibc keeps and gives back"
)
def test_threads_leave_nothing_behind() -> None:
    """What they needed for a moment came from one place, and is the system's again when the process comes to rest."""
    said = subprocess.run([sys.executable, "-c", _SCRATCH], check=True, capture_output=True, text=True)
    while_it_worked, at_rest, places = map(float, said.stdout.split())
    assert at_rest < min(2.5, while_it_worked / 2), said.stdout
    assert places == 0
