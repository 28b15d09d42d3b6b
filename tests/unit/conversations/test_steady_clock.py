"""Conversations are not deleted by a clock that has just been set."""

from __future__ import annotations

from webapp.conversations.retention import MEND_SECONDS, SteadyClock


def test_a_jump_stops_deleting_for_a_day() -> None:
    """Forth and back; small corrections are nothing, and a day after the last jump it goes on."""
    wall, steady = [1_000_000.0], [50.0]
    clock = SteadyClock(lambda: wall[0], lambda: steady[0])

    def passed(seconds: float, set_by: float = 0.0) -> bool:
        wall[0] += seconds + set_by
        steady[0] += seconds
        return clock.is_steady()

    assert clock.is_steady()
    assert passed(86_400)
    assert passed(10, set_by=30)
    assert not passed(10, set_by=400 * 86_400)
    assert not passed(MEND_SECONDS / 2)
    assert not passed(10, set_by=-400 * 86_400)
    assert not passed(MEND_SECONDS - 1)
    assert passed(2)
