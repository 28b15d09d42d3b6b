"""Work that pauses goes on when all others of its round have come as far."""

from __future__ import annotations

import threading
from functools import partial

from webapp.pausing import Round, pause


def in_a_thread(work: object) -> None:
    """Rounds belong to threads: none is left in that of the tests."""
    thread = threading.Thread(target=work)  # type: ignore[arg-type]
    thread.start()
    thread.join()


def test_work_pauses_for_others() -> None:
    """Each as often as it likes; nothing is lost, and everything comes to its end."""
    said: list[str] = []

    def work(name: str, pauses: int) -> None:
        for number in range(pauses):
            said.append(f"{name}{number}")
            pause()
        said.append(f"{name} ends")

    def run() -> None:
        one = Round()
        for name, pauses in (("a", 2), ("b", 0), ("c", 1)):
            one.begin(partial(work, name, pauses))
        assert not one.is_over
        said.append("finish")
        one.finish()
        assert one.is_over

    in_a_thread(run)
    assert said == ["a0", "b ends", "c0", "finish", "a1", "c ends", "a ends"]


def test_rounds_follow_each_other() -> None:
    """What did one piece of work does the next."""
    done: list[int] = []

    def run() -> None:
        one = Round()
        for number in range(100):
            one.begin(partial(work, number))
            if number % 3 == 0:
                one.finish()
        one.finish()

    def work(number: int) -> None:
        pause()
        done.append(number)

    in_a_thread(run)
    assert sorted(done) == list(range(100))


def test_without_a_round_nobody_pauses() -> None:
    """Not in a thread that has none, nor in one that has, outside the work."""
    pause()

    def run() -> None:
        Round()
        pause()

    in_a_thread(run)
