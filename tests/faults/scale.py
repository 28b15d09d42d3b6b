"""How much of each fault is tried: a few in every test run, all that is promised with ``FAULTS=full``."""

from __future__ import annotations

import os
from typing import Any

import pytest

IS_FULL = os.environ.get("FAULTS") == "full"


def of(quick: int, full: int) -> int:
    """Return how many there are to be: `quick` in every run, `full` with ``make test-faults``."""
    return full if IS_FULL else quick


only_in_full: Any = pytest.mark.skipif(not IS_FULL, reason="takes long: make test-faults tries it")


def missing(what: str) -> None:
    """Skip a test that needs what is not there; where everything has to be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"tests of faults must run here: {what}")
    pytest.skip(what)
