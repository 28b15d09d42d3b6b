"""Says how long the stages of the work take, to whoever listens; with no listener it costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from time import perf_counter_ns

ANALYSIS, RETRIEVAL, RANKING, STORAGE, RENDER = "analysis", "retrieval", "ranking", "storage", "render"
STAGES = (ANALYSIS, RETRIEVAL, RANKING, STORAGE, RENDER)

Listener = Callable[[str, int, int, BaseException | None], None]
"""Takes the name of a stage, when it began and when it ended on the clock of `perf_counter_ns`, and what ended it."""

listener: ContextVar[Listener | None] = ContextVar("listener", default=None)
"""Who hears of the stages that this thread goes through."""


class stage:  # noqa: N801 - it reads as a statement
    """A stage, from the beginning of its block to the end: ``with stage(RETRIEVAL): ...``."""

    __slots__ = ("_began", "_name")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._began = perf_counter_ns()

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        heard = listener.get()
        if heard is not None:
            heard(self._name, self._began, perf_counter_ns(), error)
