"""While a database fails nobody waits for it."""

from __future__ import annotations

import logging

import pytest

from webapp.conversations.errors import StorageError
from webapp.conversations.trouble import AGAIN_SECONDS, Trouble


class Clock:
    """Tells the time that a test says."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_one_caller_at_a_time_tries_again() -> None:
    """After a failure everybody is told so at once; a moment later one tries, and the others go on as before."""
    clock = Clock()
    trouble = Trouble("Nothing is kept", clock)
    trouble.check()
    trouble.failed(StorageError("full"))
    with pytest.raises(StorageError, match="full"):
        trouble.check()
    clock.now += AGAIN_SECONDS
    trouble.check()
    with pytest.raises(StorageError):
        trouble.check()
    trouble.worked()
    trouble.check()
    trouble.check()


def test_the_log_tells_it_once(caplog: pytest.LogCaptureFixture) -> None:
    """When it begins and when it is over, however many questions come meanwhile."""
    clock = Clock()
    trouble = Trouble("Nothing is kept", clock)
    with caplog.at_level(logging.INFO):
        for _ in range(50):
            trouble.failed(StorageError("full"))
            clock.now += 1
        for _ in range(50):
            trouble.worked()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "Nothing is kept, until this is mended: full" in caplog.text and "50 s" in caplog.text


def test_it_knows_when_it_worked_last() -> None:
    """Not before it ever did, nor while it fails."""
    clock = Clock()
    trouble = Trouble("Nothing is kept", clock)
    assert not trouble.worked_within(5)
    trouble.worked()
    clock.now += 4
    assert trouble.worked_within(5)
    clock.now += 2
    assert not trouble.worked_within(5)
    trouble.worked()
    trouble.failed(StorageError("full"))
    assert not trouble.worked_within(5)
