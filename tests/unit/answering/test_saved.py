"""Saving and opening an index: nothing but a whole index of this Newsstand is ever answered from."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from webapp.answering import manifest as manifests
from webapp.answering import saved
from webapp.answering.polyglot import answering_from
from webapp.answering.reply import Reply
from webapp.answering.saved import SavedIndexError, open_index, save_index, verify_index
from webapp.corpus.library import Library, read_folder
from webapp.renewing.reading import differs
from webapp.retrieval import saving

ROOT = Path(__file__).parents[3]
DOCUMENTS = ROOT / "tests" / "browser" / "documents"
QUESTIONS = ("When does the library open?", "Where is the market?", "What is the crane for?", "zyzzyva")
AGAIN = "Build it again with “newsstand index”."


@pytest.fixture(scope="module")
def library() -> Library:
    return read_folder(DOCUMENTS)


@pytest.fixture(scope="module")
def replies(library: Library) -> list[Reply]:
    answerer = answering_from(library.corpus)
    return [answerer.ask(question) for question in QUESTIONS]


@pytest.fixture
def folder(library: Library, tmp_path: Path) -> Path:
    save_index(tmp_path / "index", answering_from(library.corpus), library)
    return tmp_path / "index"


def data_of(folder: Path) -> Path:
    (file,) = folder.glob("arrays-*.bin")
    return file


def asked(folder: Path) -> list[Reply]:
    answerer = open_index(folder, target_precision=0.9).answerer
    return [answerer.ask(question) for question in QUESTIONS]


def refused_or_same(folder: Path, replies: list[Reply]) -> bool:
    """Return whether the index is refused; fail when it answers anything else than it should."""
    try:
        found = asked(folder)
    except SavedIndexError:
        return True
    assert found == replies
    return False


@pytest.mark.parametrize("part", ["manifest", "arrays"])
def test_a_flipped_bit_is_never_answered_from(folder: Path, replies: list[Reply], part: str) -> None:
    """Wherever it is, the index is refused, or it was a bit that says nothing."""
    file = folder / "manifest.json" if part == "manifest" else data_of(folder)
    whole = file.read_bytes()
    chance = random.Random(7)  # noqa: S311 - places to try
    refused = 0
    for place in sorted(chance.sample(range(len(whole)), 250)):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        refused += refused_or_same(folder, replies)
    file.write_bytes(whole)
    assert asked(folder) == replies
    # What may be flipped freely is what fills the file up between its parts.
    assert refused >= 230


@pytest.mark.parametrize("part", ["manifest", "arrays"])
def test_a_file_that_is_cut_off_is_refused(folder: Path, part: str) -> None:
    """At any place."""
    file = folder / "manifest.json" if part == "manifest" else data_of(folder)
    whole = file.read_bytes()
    for keep in [*range(0, 200, 13), *range(200, len(whole), len(whole) // 60), len(whole) - 1]:
        file.write_bytes(whole[:keep])
        with pytest.raises(SavedIndexError):
            open_index(folder, target_precision=0.9)
    file.write_bytes(whole + b"more")
    with pytest.raises(SavedIndexError):
        open_index(folder, target_precision=0.9)


def test_a_missing_file_is_told(folder: Path) -> None:
    """Without its arrays an index is damaged; without its manifest it is none."""
    data_of(folder).unlink()
    with pytest.raises(SavedIndexError, match=AGAIN):
        open_index(folder, target_precision=0.9)
    (folder / "manifest.json").unlink()
    with pytest.raises(SavedIndexError, match="There is no index"):
        open_index(folder, target_precision=0.9)
    with pytest.raises(SavedIndexError, match="There is no index"):
        open_index(folder / "no such folder", target_precision=0.9)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("format", "another", "is no manifest of an index"),
        ("format_version", manifests.FORMAT_VERSION + 1, "another version"),
        ("documents", 99, AGAIN),
        ("answerers", [], AGAIN),
        ("data", {}, AGAIN),
    ],
)
def test_another_manifest_is_refused(folder: Path, name: str, value: Any, message: str) -> None:
    """An index of another version, or a manifest that somebody has changed."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps({**manifest, name: value}))
    with pytest.raises(SavedIndexError, match=message):
        open_index(folder, target_precision=0.9)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", "[" * 100_000, "\ud800"])
def test_a_foreign_manifest_is_refused(folder: Path, text: str) -> None:
    """Whatever JSON, or none, stands there."""
    (folder / "manifest.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(SavedIndexError):
        open_index(folder, target_precision=0.9)


@pytest.mark.parametrize("dtype", ["|O", "<f2", "nonsense", ">i4"])
def test_only_plain_numbers_are_mapped(folder: Path, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A manifest that is sealed, but names another type, gives nothing to unpack."""
    monkeypatch.setattr(manifests, "_seal", lambda _: 0)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["data"]["sections"]["0.tokens"][0] = dtype
    (folder / "manifest.json").write_text(json.dumps({**manifest, "crc32": 0}))
    with pytest.raises(SavedIndexError, match="directory"):
        open_index(folder, target_precision=0.9)


def test_an_index_of_another_analyzer_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When words are read differently, other things would be found."""
    monkeypatch.setattr(manifests, "analysis_digest", lambda: "0" * 16)
    with pytest.raises(SavedIndexError, match="reads words differently"):
        open_index(folder, target_precision=0.9)
    assert saving.analysis_digest() != "0" * 16


class TestLargeFiles:
    """A file too large to be read whenever it is opened."""

    @pytest.fixture(autouse=True)
    def any_file_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(manifests, "ALWAYS_CHECKED_BYTES", 0)

    def places(self, folder: Path) -> Iterator[tuple[str, int, bool]]:
        """Yield the first byte of each section, and whether it is one of the large ones."""
        sections = json.loads((folder / "manifest.json").read_bytes())["data"]["sections"]
        for name, (_, shape, offset, _, bulk) in sections.items():
            if all(shape):
                yield name, offset, bulk

    def test_opens_without_reading_it_all(self, folder: Path, replies: list[Reply]) -> None:
        """As it was left, it is answered from."""
        assert asked(folder) == replies

    def test_is_read_when_somebody_touched_it(self, folder: Path) -> None:
        """A file that was written, or copied, is compared with its checksums."""
        file = data_of(folder)
        whole = file.read_bytes()
        for _, place, _ in self.places(folder):
            damaged = bytearray(whole)
            damaged[place] ^= 1
            file.write_bytes(damaged)
            with pytest.raises(SavedIndexError, match=AGAIN):
                open_index(folder, target_precision=0.9)

    def test_rot_is_found_or_harmless(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Bits that change while the file looks untouched: what is looked up by place is always compared."""
        monkeypatch.setattr(manifests, "identity", lambda _: [0])
        manifest = json.loads((folder / "manifest.json").read_bytes())
        manifest["data"]["identity"] = [0]
        manifests.put_manifest(folder, {name: value for name, value in manifest.items() if name != "crc32"})
        file = data_of(folder)
        whole = file.read_bytes()
        bulk_names = set()
        for name, place, bulk in self.places(folder):
            damaged = bytearray(whole)
            damaged[place + (3 if name.endswith("rows") else 0)] ^= 0x40
            file.write_bytes(damaged)
            if not bulk:
                with pytest.raises(SavedIndexError, match=AGAIN):
                    open_index(folder, target_precision=0.9)
                continue
            bulk_names.add(name)
            opened = open_index(folder, target_precision=0.9)
            with pytest.raises(SavedIndexError, match=AGAIN):
                verify_index(folder)
            if name == "documents.data":
                with pytest.raises(SavedIndexError, match=AGAIN):
                    opened.answerer.corpus.documents[0]
            if name.endswith("words.rows"):
                field = getattr(opened.answerer.index, name.split(".")[1])
                with pytest.raises(SavedIndexError, match=AGAIN):
                    field.scores([next(iter(field.vocabulary))])
        assert {"documents.data", "0.tokens", "0.row_words.rows"} <= bulk_names

    def test_a_copy_is_quick_again_when_it_was_verified(self, folder: Path, replies: list[Reply]) -> None:
        """Verifying notes that every byte was right."""
        file = data_of(folder)
        file.write_bytes(file.read_bytes())
        manifest = manifests.read_manifest(folder)
        assert not manifests.untouched(folder, manifest)
        verify_index(folder)
        assert manifests.untouched(folder, manifests.read_manifest(folder))
        assert asked(folder) == replies


def test_the_old_index_stays_open(folder: Path, replies: list[Reply], tmp_path: Path) -> None:
    """Whoever has it open keeps it while a new one takes its place; one file of arrays is left."""
    opened = open_index(folder, target_precision=0.9).answerer
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("Snow fell on the harbour on Monday.")
    other = read_folder(tmp_path / "other")
    save_index(folder, answering_from(other.corpus), other)
    assert [opened.ask(question) for question in QUESTIONS] == replies
    assert len(open_index(folder, target_precision=0.9).answerer.corpus.documents) == 1
    assert sorted(entry.name for entry in folder.iterdir()) == [data_of(folder).name, "manifest.json"]


def test_a_folder_that_is_no_index_is_not_written_to(library: Library, tmp_path: Path) -> None:
    """Nothing of somebody else's is touched, were it called a manifest."""
    (tmp_path / "letter.txt").write_text("Dear reader")
    with pytest.raises(SavedIndexError, match=r"letter\.txt"):
        save_index(tmp_path, answering_from(library.corpus), library)
    (tmp_path / "letter.txt").rename(tmp_path / "manifest.json")
    with pytest.raises(SavedIndexError, match=r"manifest\.json"):
        save_index(tmp_path, answering_from(library.corpus), library)
    assert [entry.name for entry in tmp_path.iterdir()] == ["manifest.json"]
    assert (tmp_path / "manifest.json").read_text() == "Dear reader"


def test_only_one_process_writes(folder: Path, library: Library, replies: list[Reply]) -> None:
    """Another one is told to wait, and harms nothing."""
    with manifests.alone_in(folder), pytest.raises(SavedIndexError, match="Another process"):
        save_index(folder, answering_from(library.corpus), library)
    assert asked(folder) == replies


@pytest.mark.parametrize("step", ["write", "fsync", "replace", "unlink"])
def test_an_error_at_any_step_leaves_a_whole_index(
    folder: Path, library: Library, replies: list[Reply], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The old one, or the new one; and the next attempt clears up."""
    answerer = answering_from(library.corpus)

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        if step == "write":
            patched.setattr(saved, "save_documents", fail)
        elif step == "fsync":
            patched.setattr(os, "fsync", fail)
        else:
            patched.setattr(Path, step, fail)
        with pytest.raises(SavedIndexError, match="No space left on device"):
            save_index(folder, answerer, library)
    assert asked(folder) == replies
    save_index(folder, answerer, library)
    assert asked(folder) == replies
    assert sorted(entry.name for entry in folder.iterdir()) == [data_of(folder).name, "manifest.json"]


KILLED = """
import os, random, signal, sys
from pathlib import Path
from webapp.answering import manifest, saved
from webapp.answering.polyglot import answering_from
from webapp.corpus.library import read_folder
library = read_folder(Path({documents!r}))
answerer = answering_from(library.corpus)
calls = 0
def counted(real):
    def call(*given, **named):
        global calls
        calls += 1
        if calls == {at}:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call
steps = (os, "fsync"), (Path, "replace"), (Path, "unlink"), (saved.SectionWriter, "put"), (manifest, "_sync")
for owner, name in steps:
    setattr(owner, name, counted(getattr(owner, name)))
saved.save_index(Path({folder!r}), answerer, library)
"""


@pytest.mark.parametrize("at", [1, 40, 120, 126, 127, 128, 129, 130, 131, 132, 133, 134])
def test_killed_at_any_moment(folder: Path, library: Library, replies: list[Reply], at: int) -> None:
    """A process that ends in the middle leaves a whole index, and no hold on the folder."""
    code = KILLED.format(documents=str(DOCUMENTS), folder=str(folder), at=at)
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=60)
    assert ended.returncode in (-signal.SIGKILL, 0)
    assert asked(folder) == replies
    save_index(folder, answering_from(library.corpus), library)
    assert sorted(entry.name for entry in folder.iterdir()) == [data_of(folder).name, "manifest.json"]


READER = """
import sys
from pathlib import Path
from webapp.answering.saved import open_index
answerer = open_index(Path(sys.argv[1]), target_precision=0.9).answerer
print(answerer.ask("When does the library open?").receipt, flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="pages are counted as Linux does")
def test_processes_share_the_pages(folder: Path, replies: list[Reply]) -> None:
    """Two processes map the same file, write to none of its pages, and answer alike."""
    file, running = data_of(folder), []
    try:
        for _ in range(2):
            running.append(
                subprocess.Popen(
                    [sys.executable, "-c", READER, str(folder)],
                    cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                )
            )  # fmt: skip
        said = [process.stdout.readline().strip() for process in running if process.stdout]
        assert said == [replies[0].receipt] * 2
        for process in running:
            maps = Path(f"/proc/{process.pid}/smaps").read_text().split(str(file))[1].splitlines()
            kilobytes = {line.split()[0]: int(line.split()[1]) for line in maps[1:20]}
            assert kilobytes["Rss:"] > 0
            assert kilobytes["Private_Dirty:"] == kilobytes["Shared_Dirty:"] == 0
    finally:
        for process in running:
            process.communicate("\n", timeout=30)


def test_a_folder_is_read_again_from_what_was_saved(tmp_path: Path) -> None:
    """Records of files, their problems, and documents whose day has not come, are what they were."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "now.txt").write_text("date 2024-01-01 The ferry runs all night.\n")
    (seeds / "later.txt").write_text("valid from: 2999-01-01\ndate 2024-01-01 The ferry runs all day.\n")
    (seeds / "broken.json").write_text("{")
    library = read_folder(seeds)
    save_index(tmp_path / "index", answering_from(library.corpus), library)
    kept = open_index(tmp_path / "index", target_precision=0.9).library
    assert (tuple(kept.files), kept.problems, kept.out_of_time) == (
        library.files,
        library.problems,
        library.out_of_time,
    )
    assert [document.id for document in kept.out_of_time] == ["later"]
    assert not differs(read_folder(seeds, before=kept), kept)
    (seeds / "broken.json").unlink()
    assert differs(read_folder(seeds, before=kept), kept)


def test_the_wished_for_precision_is_chosen_when_opening(folder: Path, library: Library) -> None:
    """It is no part of the index."""
    opened: Callable[[float], Any] = lambda precision: open_index(folder, target_precision=precision).answerer  # noqa: E731
    for precision in (0.5, 0.99):
        built = answering_from(library.corpus, target_precision=precision)
        assert [opened(precision).ask(q) for q in QUESTIONS] == [built.ask(q) for q in QUESTIONS]
