"""Counts what every request came to, and how long its stages took."""

from __future__ import annotations

from flask import Flask, Response, before_render_template, template_rendered

from webapp import stages
from webapp.tally import RATE_LIMITED, RESPONSES, STAGE_SECONDS, STORAGE_ERRORS, Tally
from webapp.web import here

TOO_MANY = 429
SECONDS = 1e-9


class Measured:
    """Hears of the stages of one request; a stage that it goes through several times counts once, with the sum."""

    __slots__ = ("_tally", "rendering", "spent")

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.spent: dict[str, int] = {}
        self.rendering: stages.stage | None = None

    def __call__(self, name: str, began: int, ended: int, error: BaseException | None) -> None:
        """Note that a stage has ended."""
        self.spent[name] = self.spent.get(name, 0) + ended - began
        if name == stages.STORAGE and getattr(type(error), "is_for_operators", False):
            self._tally.count(STORAGE_ERRORS)


def register(app: Flask, tally: Tally) -> None:
    """Measure every request of `app`."""

    @app.before_request
    def begin() -> None:
        measured = here.g().measured = Measured(tally)
        stages.listener.set(measured)

    @app.after_request
    def count(response: Response) -> Response:
        tally.count(RESPONSES, f"{response.status_code // 100}xx")
        if response.status_code == TOO_MANY:
            tally.count(RATE_LIMITED)
        measured: Measured | None = here.g().get("measured")
        if measured is not None:
            for name, spent in measured.spent.items():
                tally.observe(STAGE_SECONDS, SECONDS * spent, name)
        return response

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        stages.listener.set(None)

    before_render_template.connect(_rendering, app)
    template_rendered.connect(_rendered, app)


def _rendering(_: Flask, **__: object) -> None:
    measured: Measured | None = here.g().get("measured")
    if measured is not None:
        measured.rendering = stages.stage(stages.RENDER)
        measured.rendering.__enter__()


def _rendered(_: Flask, **__: object) -> None:
    measured: Measured | None = here.g().get("measured")
    if measured is not None and measured.rendering is not None:
        measured.rendering.__exit__(None, None, None)
        measured.rendering = None
