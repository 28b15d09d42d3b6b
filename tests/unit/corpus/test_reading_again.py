"""A folder that is read again: only what changed is opened, and what broke keeps serving what it held."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.corpus.library import Library, read_folder
from webapp.corpus.model import Severity
from webapp.corpus.walking import walk

FERRY = "date 2024-01-02 The ferry runs all night from June.\n"
BUS = "date 2024-01-02 The bus runs all day from June.\n"
TODAY = date(2024, 5, 31)
moments = count(1_500_000_000)


def write(file: Path, content: str | bytes) -> None:
    """Write a file as if that was long ago, at a moment of its own."""
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    age(file)


def age(file: Path) -> None:
    moment = next(moments)
    os.utime(file, (moment, moment))


@contextmanager
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of files that are opened meanwhile."""
    names: list[str] = []
    real = os.open

    def noting(path: Path, *args: int) -> int:
        names.append(Path(path).name)
        return real(path, *args)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", noting)
        yield names


def codes(library: Library) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in library.problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two good documents."""
    write(tmp_path / "a.txt", FERRY)
    write(tmp_path / "b.txt", BUS)
    return tmp_path


def test_only_what_changed_is_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed and an added file are read, a removed one goes, the others are taken over."""
    before = read_folder(folder)
    write(folder / "b.txt", BUS.replace("day", "year"))
    write(folder / "c.txt", FERRY)
    with opened(monkeypatch) as names:
        after = read_folder(folder, before=before)
    assert names == ["b.txt", "c.txt"]
    assert after == read_folder(folder)
    assert after.corpus.documents[0] is before.corpus.documents[0]
    (folder / "a.txt").unlink()
    with opened(monkeypatch) as names:
        last = read_folder(folder, before=after)
    assert names == []
    assert [document.id for document in last.corpus.documents] == ["b", "c"]


def test_the_same_size_and_time_do_not_hide_a_change(folder: Path) -> None:
    """As after a copy that keeps the times of its original."""
    status = (folder / "a.txt").stat()
    before = read_folder(folder)
    (folder / "a.txt").write_text(FERRY.replace("June", "July"))
    os.utime(folder / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert (folder / "a.txt").stat().st_size == status.st_size
    assert "July" in read_folder(folder, before=before).corpus.by_id["a"].source


def test_a_file_read_as_it_was_written_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within one tick of the clock that notes changes, a second one would leave no trace."""
    (folder / "a.txt").write_text(FERRY)
    before = read_folder(folder)
    with opened(monkeypatch) as names:
        read_folder(folder, before=before)
    assert names == ["a.txt"]


@pytest.mark.parametrize("broken", [b"\xff\xfe\xff", b"", b"The ferry \x00\x00"])
def test_a_broken_version_leaves_the_good_one_serving(
    folder: Path, broken: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told with the time of what is served, read once, and over when the file is mended or removed."""
    os.utime(folder / "a.txt", (1_500_000_000, 1_500_000_000))
    before = read_folder(folder)
    write(folder / "a.txt", broken)
    after = read_folder(folder, before=before)
    assert after.corpus == before.corpus
    assert [problem.path for problem in after.problems] == ["a.txt", "a.txt"]
    assert after.problems[0].severity is Severity.ERROR
    assert after.problems[1].code == "earlier-version"
    assert "2017-07-1" in after.problems[1].message
    with opened(monkeypatch) as names:
        assert read_folder(folder, before=after) == after
    assert names == []
    write(folder / "a.txt", broken + b"\xff")
    again = read_folder(folder, before=after)
    assert again.corpus == before.corpus
    assert again.problems[1] == after.problems[1]
    write(folder / "a.txt", FERRY.replace("June", "July"))
    mended = read_folder(folder, before=again)
    assert mended == read_folder(folder)
    assert mended.problems == ()
    write(folder / "a.txt", broken)
    kept = read_folder(folder, before=mended)
    assert "July" in kept.corpus.by_id["a"].source
    (folder / "a.txt").unlink()
    gone = read_folder(folder, before=kept)
    assert [document.id for document in gone.corpus.documents] == ["b"]
    assert gone.problems == ()


def test_a_reader_that_fails_leaves_the_good_version_serving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours costs a file no more than a fault of its author."""
    before = read_folder(folder)
    write(folder / "a.txt", BUS)

    def failing(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("webapp.corpus.library.READERS", {".txt": failing})
    after = read_folder(folder, before=before)
    assert after.corpus == before.corpus
    assert codes(after) == [("a.txt", "reader-failed"), ("a.txt", "earlier-version")]


def test_a_version_that_loses_a_part_is_taken_up(folder: Path) -> None:
    """What can be served of the new version is what its author wants to be served."""
    before = read_folder(folder)
    write(folder / "a.txt", f"{BUS}\nFAQ:\n\nQ: Is it free?\n")
    after = read_folder(folder, before=before)
    assert after == read_folder(folder)
    assert any(problem.severity is Severity.ERROR for problem in after.problems)
    assert "bus" in after.corpus.by_id["a"].source


def test_a_folder_that_goes_missing_leaves_all_serving(folder: Path) -> None:
    """As when a disk is not there for a while; what is back is taken up."""
    before = read_folder(folder)
    away = folder.rename(folder.with_name("away"))
    gone = read_folder(folder, before=before)
    assert gone.corpus == before.corpus
    assert codes(gone) == [(str(folder), "no-folder"), (str(folder), "earlier-version")]
    assert read_folder(folder, before=gone) == gone
    away.rename(folder)
    assert read_folder(folder, before=gone) == before


def test_a_folder_below_that_closes_leaves_its_files_serving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows what is in it now; the rest is read as ever."""
    write(folder / "aa" / "deep.txt", FERRY)
    before = read_folder(folder)
    (folder / "b.txt").unlink()
    real = os.scandir

    def refusing(path: str) -> object:
        if os.fspath(path).endswith("aa"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refusing)
        after = read_folder(folder, before=before)
    assert [document.id for document in after.corpus.documents] == ["a", "aa-deep"]
    assert codes(after) == [("aa", "unreadable"), ("aa", "earlier-version")]
    shutil.rmtree(folder / "aa")
    assert [document.id for document in read_folder(folder, before=after).corpus.documents] == ["a"]


def test_a_file_that_is_being_written_waits(folder: Path) -> None:
    """It is left as it was, or out when it is new, until it looks as it did before; the same when it goes away."""
    before = read_folder(folder)
    settled = {file.shown: file.signature for file in walk(folder)}
    write(folder / "a.txt", FERRY[:20])
    write(folder / "c.txt", FERRY[:20])
    (folder / "b.txt").unlink()
    during = read_folder(folder, before=before, settled=settled)
    assert during == before
    settled = {file.shown: file.signature for file in walk(folder)}
    assert read_folder(folder, before=during, settled=settled) == read_folder(folder)


def test_validity_is_looked_at_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents come and go with the days, without being parsed again."""
    write(folder / "fair.txt", "date 2024-01-02\nvalid from: 2024-06-01\nvalid until: 2024-06-02\n\nThe fair is open.")
    library = read_folder(folder, today=TODAY)
    served = []
    with opened(monkeypatch) as names:
        for day in (1, 2, 3):
            library = read_folder(folder, today=date(2024, 6, day), before=library)
            served.append("fair" in library.corpus.by_id)
    assert served == [True, True, False]
    assert names == []


CONTENTS = [
    FERRY,
    BUS,
    f"{FERRY}\n---\n{BUS}",
    f"{BUS}\n---\ndate 2024-01-02\nvalid until: 2024-05-30\n\nThe fair is open.\n\n---\n{FERRY}",
    "date 2024-01-02\nvalid from: 2024-06-01\n\nThe fair is open.",
    f"{FERRY}\nFAQ:\n\nQ: Is it free?\n",
]
NAMES = ["news.txt", "news-2.txt", "sub/news.txt", "sub-news.txt", "été.txt", "letter.docx", "News.txt"]
EDITS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(CONTENTS)),
    st.tuples(st.just("break"), st.just("bad.txt"), st.sampled_from([b"\xff", b"", b"a\0"])),
    st.tuples(st.just("remove"), st.sampled_from([*NAMES, "bad.txt"]), st.none()),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.none()),
    st.tuples(st.just("day"), st.just(""), st.sampled_from([date(2024, 5, 30), TODAY, date(2024, 6, 1)])),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(EDITS, min_size=1, max_size=3), max_size=6))
def test_reading_again_is_reading(readings: list[list[tuple[str, str, object]]]) -> None:
    """Whatever was edited, documents, ids, their order and problems are those of a folder read for the first time."""
    with TemporaryDirectory() as name:
        folder, today, library = Path(name), TODAY, None
        for edits in readings:
            for edit, first, second in edits:
                file = folder / first
                if edit in {"write", "break"}:
                    assert isinstance(second, str | bytes)
                    write(file, second)
                elif edit == "day":
                    assert isinstance(second, date)
                    today = second
                elif file.exists():
                    if edit == "remove":
                        file.unlink()
                    elif edit == "touch":
                        age(file)
                    else:
                        (folder / str(second)).parent.mkdir(exist_ok=True)
                        file.replace(folder / str(second))
            library = read_folder(folder, today=today, before=library)
            assert library == read_folder(folder, today=today)
