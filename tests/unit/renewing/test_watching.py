"""The watcher: what it takes for a change, and what it needs for it."""

from __future__ import annotations

import subprocess
import sys

from webapp.renewing.watching import Rest

READ = {"a": "1", "b": "1"}


def test_nothing_changed() -> None:
    """The outcome is what was read."""
    rest = Rest(READ)
    assert rest.look(READ) == READ
    assert rest.look(READ) == READ
    assert rest.waiting == []


def test_a_change_counts_when_it_has_come_to_rest() -> None:
    """A file that grows from look to look waits, and holds up no other."""
    rest = Rest(READ)
    assert rest.look({"a": "2", "b": "1", "c": "1"}) == READ
    assert rest.waiting == ["a", "c"]
    assert rest.look({"a": "3", "b": "1", "c": "1"}) == {"a": "1", "b": "1", "c": "1"}
    assert rest.waiting == ["a"]
    rest.read = {"a": "1", "b": "1", "c": "1"}
    assert rest.look({"a": "3", "b": "1", "c": "1"}) == {"a": "3", "b": "1", "c": "1"}


def test_a_file_that_is_gone_for_a_moment_is_not_removed() -> None:
    """Some editors remove a file and write it again; one that stays away has gone."""
    rest = Rest(READ)
    assert rest.look({"a": "1"}) == READ
    assert rest.look({"a": "1", "b": "2"}) == READ
    assert rest.look({"a": "1"}) == READ
    assert rest.look({"a": "1"}) == {"a": "1"}


def test_links_that_lead_nowhere_rest_too() -> None:
    """They have no signature, and are reported once."""
    rest = Rest(READ)
    rest.look({**READ, "c": None})
    assert rest.look({**READ, "c": None}) == {**READ, "c": None}


def test_the_watcher_is_light() -> None:
    """It loads nothing that reads or calculates."""
    program = "import sys, webapp.renewing.watching; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert loaded.isdisjoint({"numpy", "scipy", "sklearn", "flask", "lxml", "sqlalchemy", "webapp.corpus.library"})
