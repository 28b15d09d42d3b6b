"""What every earlier version wrote, as it wrote it: databases open and go on, indexes open or are refused in words.

`tests/released` has a database for each version of the tables and an index for each version of its format. Whoever
changes either adds one, written by the version that is released.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from webapp.answering.manifest import FORMAT_VERSION
from webapp.answering.reply import Outcome, Reply
from webapp.answering.saved import SavedIndexError, open_index
from webapp.conversations.copying import examine_file, known_revisions
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore

RELEASED = Path(__file__).parents[1] / "released"
DATABASES = sorted((RELEASED / "databases").iterdir())
INDEXES = sorted((RELEASED / "indexes").iterdir())


def test_every_version_is_there() -> None:
    """None is forgotten when the tables or the format change."""
    assert [file.stem for file in DATABASES] == sorted(known_revisions())
    assert [int(folder.name) for folder in INDEXES] == list(range(1, FORMAT_VERSION + 1))


@pytest.mark.parametrize("released", DATABASES, ids=lambda file: file.stem)
def test_a_database_opens_and_goes_on(released: Path, tmp_path: Path, make_reply: Callable[..., Reply]) -> None:
    """Its turns are read, the conversation continues, nothing is broken afterwards."""
    file = tmp_path / "newsstand.sqlite3"
    shutil.copy(released, file)
    assert examine_file(file).revision == released.stem
    upgrade(f"sqlite:///{file}")
    store = ConversationStore(f"sqlite:///{file}", conversation_days=36500)
    first, second = store.turns("conversation-1", 10)
    assert first.reply.question == "When did the library open?"
    assert first.reply.answer is not None and first.reply.answer.citation is not None
    assert first.reply.answer.citation.quote == "It opened on Monday."
    assert second.reply.question == "Who built the harbour?" and second.reply.outcome is Outcome.ABSTAINED
    assert store.append("conversation-1", "turn-00003", make_reply()).number == 3
    store.close()
    found = examine_file(file)
    assert found.is_current and found.conversations == 1


@pytest.mark.parametrize("released", INDEXES, ids=lambda folder: folder.name)
def test_an_index_opens_or_is_refused(released: Path, tmp_path: Path) -> None:
    """One of another format, or that reads words in another way, names the command that builds it again."""
    folder = tmp_path / "index"
    shutil.copytree(released, folder)
    assert json.loads((folder / "manifest.json").read_bytes())["format_version"] == int(released.name)
    try:
        opened = open_index(folder, target_precision=0.9)
    except SavedIndexError as error:
        # Words may be read in another way without a new format.
        refused = str(error)
    else:
        refused = ""
        assert int(released.name) == FORMAT_VERSION
        answer = opened.answerer.ask("When did the library open?").answer
        assert answer is not None and answer.text == "It opened on Monday."
    assert not refused or "Build it again with “newsstand index”" in refused
