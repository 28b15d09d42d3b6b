"""Settings: read from the environment, told when they cannot be used, and listed in the docs."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from webapp.settings import Settings, SettingsError

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_nothing_needs_to_be_set() -> None:
    """Every default works; an empty variable counts as not set."""
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"NEWSSTAND_WORKERS": ""}) == Settings()


def test_values_are_read_by_type() -> None:
    """Text, whole numbers, shares, yes and no."""
    settings = Settings.from_environment(
        {
            "NEWSSTAND_TITLE": "The Gazette",
            "NEWSSTAND_WORKERS": "3",
            "NEWSSTAND_TARGET_PRECISION": "0.95",
            "NEWSSTAND_COOKIE_SECURE": "Yes",
        }
    )
    assert settings == Settings(title="The Gazette", workers=3, target_precision=0.95, cookie_secure=True)


def test_every_mistake_is_told_at_once() -> None:
    """One start shows all there is to mend."""
    with pytest.raises(SettingsError) as told:
        Settings.from_environment(
            {
                "NEWSSTAND_WORKERS": "many",
                "NEWSSTAND_THREADS": "0",
                "NEWSSTAND_TARGET_PRECISION": "nan",
                "NEWSSTAND_COOKIE_SECURE": "perhaps",
                "NEWSSTAND_CONVERSATION_DAYS": "99999999999999",
                "NEWSSTAND_INDEX_URL": "elsewhere://",
            }
        )
    names = re.findall(r"NEWSSTAND_\w+", str(told.value))
    assert sorted(names) == [
        "NEWSSTAND_CONVERSATION_DAYS",
        "NEWSSTAND_COOKIE_SECURE",
        "NEWSSTAND_INDEX_URL",
        "NEWSSTAND_TARGET_PRECISION",
        "NEWSSTAND_THREADS",
        "NEWSSTAND_WORKERS",
    ]


def test_the_docs_list_every_setting_as_it_is() -> None:
    """Name, default, unit and help, a row each, and none that is not there."""
    rows = re.findall(r"^\| `NEWSSTAND_(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    expected = [
        (
            row.name.upper(),
            "empty" if row.default == "" else f"`{str(row.default).lower() if row.type == 'bool' else row.default}`",
            row.metadata["unit"],
            row.metadata["help"],
        )
        for row in fields(Settings)
    ]
    assert rows == expected


def test_seeds_come_from_the_setting_then_from_here_then_from_newsstand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of one's own goes before the documents that ship."""
    monkeypatch.chdir(tmp_path)
    shipped = Settings().seeds_path
    assert any(shipped.glob("*.txt"))
    (tmp_path / "seeds").mkdir()
    assert Settings().seeds_path.resolve() == tmp_path / "seeds"
    assert Settings(seeds="other").seeds_path == Path("other")


def test_the_database_is_a_file_in_the_data_folder_unless_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its path is absolute: a process that changes its folder keeps its database."""
    monkeypatch.chdir(tmp_path)
    assert Settings().database_location == f"sqlite:///{tmp_path / 'var' / 'newsstand.sqlite3'}"
    assert Settings(database_url="sqlite://").database_location == "sqlite://"
