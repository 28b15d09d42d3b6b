"""A folder of documents: one bad file never hides the others."""

import os
from datetime import date
from pathlib import Path

import pytest

from webapp.corpus.library import READERS, Library, read_folder
from webapp.corpus.model import Severity

GOOD = " date 2024-01-02 The ferry runs all night from June.\n\nFAQ:\n\nQ: Who runs it?\n\nA: The town.\n"


def codes(library: Library) -> dict[str, tuple[str, int | None]]:
    return {problem.path: (problem.code, problem.line) for problem in library.problems}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good document."""
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("empty", None)),
        (b"Line one.\nCaf\xe9 is not UTF-8.\n", ("not-utf8", 2)),
        (b"\xff\xfeT\x00h\x00", ("not-utf8", 1)),
        (b"Line one.\n\x00\x01\x02", ("binary", 2)),
    ],
)
def test_bad_files_are_named_and_the_good_one_served(
    folder: Path, data: bytes, expected: tuple[str, int | None]
) -> None:
    """An unreadable file is reported with its line; the good one is served."""
    (folder / "bad.txt").write_bytes(data)
    library = read_folder(folder)
    assert [document.id for document in library.corpus.documents] == ["good"]
    assert codes(library)["bad.txt"] == expected


def test_huge_file_is_refused_unread(folder: Path) -> None:
    """A file of 100 MB is refused by its size."""
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(100_000_000)
    library = read_folder(folder)
    assert codes(library)["huge.txt"] == ("too-large", None)
    assert len(library.corpus.documents) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission(folder: Path) -> None:
    """A file that may not be read is reported."""
    (folder / "secret.txt").write_text(GOOD)
    (folder / "secret.txt").chmod(0)
    assert codes(read_folder(folder))["secret.txt"] == ("unreadable", None)


def test_permission_error_is_a_problem(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal by the operating system is reported, whoever runs the tests."""
    real = os.open

    def refusing(path: Path, *args: int) -> int:
        if Path(path).name == "secret.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args)

    (folder / "secret.txt").write_text(GOOD)
    monkeypatch.setattr(os, "open", refusing)
    library = read_folder(folder)
    assert codes(library)["secret.txt"] == ("unreadable", None)
    assert len(library.corpus.documents) == 1


def test_links_pipes_and_folders(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link out of the folder and a pipe are refused without waiting; subfolders are read."""
    outside = tmp_path_factory.mktemp("outside") / "o.txt"
    outside.write_text(GOOD)
    (folder / "link.txt").symlink_to(outside)
    (folder / "dangling.txt").symlink_to(folder / "nowhere.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "sub").mkdir()
    (folder / "sub" / "deep.txt").write_text(GOOD)
    library = read_folder(folder)
    found = codes(library)
    assert found["link.txt"] == ("outside", None)
    assert found["dangling.txt"] == ("unreadable", None)
    assert found["pipe.txt"] == ("not-a-file", None)
    assert sorted(document.id for document in library.corpus.documents) == ["good", "sub-deep"]


def test_strange_names(folder: Path) -> None:
    """Names with line breaks or broken bytes are shown printable, and ids stay apart and URL-safe."""
    for name in (b"a\nb.txt", b"caf\xe9.txt", "été.txt".encode(), "記事.txt".encode(), "新聞.txt".encode()):
        (folder / os.fsdecode(name)).write_text(GOOD)
    library = read_folder(folder)
    documents = library.corpus.documents
    assert len({document.id for document in documents}) == 6
    assert all(document.id.replace("-", "").replace("_", "").isalnum() for document in documents)
    assert all(document.path.isprintable() for document in documents)


def test_crlf_and_byte_order_mark(folder: Path) -> None:
    """A byte-order mark and CR LF line ends read as the plain file does."""
    (folder / "windows.txt").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    windows, good = read_folder(folder).corpus.by_id["windows"], read_folder(folder).corpus.by_id["good"]
    assert windows.source == good.source
    assert windows.passages == good.passages


def test_missing_and_empty_folder(tmp_path: Path) -> None:
    """A folder that is missing or has no document is an error that says what to do."""
    assert codes(read_folder(tmp_path / "none"))[str(tmp_path / "none")][0] == "no-folder"
    library = read_folder(tmp_path)
    assert [problem.code for problem in library.problems] == ["no-documents"]
    assert library.problems[0].severity is Severity.ERROR


def test_other_formats_are_mentioned(folder: Path) -> None:
    """A file of an unknown format is a warning, not silence."""
    (folder / "letter.docx").write_bytes(b"PK")
    assert codes(read_folder(folder))["letter.docx"] == ("unknown-format", None)


def test_fingerprint_follows_content(folder: Path) -> None:
    """The same documents have the same fingerprint; a changed letter another."""
    before = read_folder(folder).corpus.fingerprint
    assert read_folder(folder).corpus.fingerprint == before
    (folder / "good.txt").write_text(GOOD.replace("night", "day"))
    assert read_folder(folder).corpus.fingerprint != before


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("valid from: 2024-06-01", "not-yet-valid"),
        ("valid until: 2024-05-30", "expired"),
        ("valid from: 2024-05-31", None),
        ("valid until: 2024-05-31", None),
        ("valid from: 2024-05-31\nvalid until: 2024-05-31", None),
        ("valid from: 2024-06-01\nvalid until: 2024-05-31", "never-valid"),
        ("valid from: 2024-05-31\nvalid until: 2024-05-30", "never-valid"),
    ],
)
def test_documents_are_served_while_they_are_valid(folder: Path, line: str, code: str | None) -> None:
    """The first and the last day count; a document out of its time is left out, and that is told."""
    (folder / "timely.txt").write_text(f"date 2024-01-02\n{line}\n\nThe hall is open.")
    library = read_folder(folder, today=date(2024, 5, 31))
    assert ("timely" in library.corpus.by_id) is (code is None)
    assert [(problem.code, problem.severity) for problem in library.problems] == (
        [(code, Severity.ERROR if code == "never-valid" else Severity.WARNING)] if code else []
    )


def test_ids_of_several_documents(folder: Path) -> None:
    """The second document of a file takes its place into its id, and no id is given twice."""
    (folder / "good-2.txt").write_text(GOOD)
    (folder / "good.txt").write_text(f"{GOOD}\n---\n{GOOD}")
    ids = [document.id for document in read_folder(folder).corpus.documents]
    assert ids[:2] == ["good-2", "good"]
    assert len(set(ids)) == 3 and ids[2].startswith("good-2-")


def test_links_in_a_circle(folder: Path) -> None:
    """Links that lead to each other are refused."""
    (folder / "a.txt").symlink_to(folder / "b.txt")
    (folder / "b.txt").symlink_to(folder / "a.txt")
    told = {problem.path: problem for problem in read_folder(folder).problems}["a.txt"]
    assert (told.code, told.message) == ("unreadable", "The link leads in a circle.")


def test_a_link_to_nothing(folder: Path) -> None:
    """It is told as what it is: the file that is meant may be somewhere else."""
    (folder / "a.txt").symlink_to(folder / "gone.txt")
    told = {problem.path: problem for problem in read_folder(folder).problems}["a.txt"]
    assert (told.code, told.message) == ("unreadable", "The link leads to nothing.")


def test_links_to_folders_are_told(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Wherever they lead: what is behind them is not served, and nobody waits for it in vain."""
    other = tmp_path_factory.mktemp("other")
    (other / "hall.txt").write_text(GOOD)
    for name, target in (("there", other), ("round", folder)):
        (folder / name).symlink_to(target, target_is_directory=True)
    found = read_folder(folder)
    assert {codes(found)[name] for name in ("there", "round")} == {("linked-folder", None)}
    assert not any("hall" in document.path for document in found.corpus.documents)


def test_files_without_an_ending_are_told(folder: Path) -> None:
    """Without quoting nothing."""
    (folder / "Makefile").write_text("all:")
    (told,) = (problem for problem in read_folder(folder).problems if problem.path == "Makefile")
    assert (told.code, told.message) == ("unknown-format", "Files without an ending are not read.")


def test_names_that_are_no_text_show_their_bytes(folder: Path) -> None:
    """As shells write them, so that the file can be found."""
    (folder / os.fsdecode(b"\xff\xe9.txt")).write_text("")
    assert codes(read_folder(folder))["\\xff\\xe9.txt"] == ("empty", None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_unicode_encodings_are_named(folder: Path, encoding: str) -> None:
    """The mark of UTF-32 begins like that of UTF-16."""
    (folder / "fair.txt").write_text(GOOD, encoding)
    (told,) = (problem for problem in read_folder(folder).problems if problem.path == "fair.txt")
    assert (told.code, told.line, told.message) == ("not-utf8", 1, f"The file is in {encoding.upper()}.")


@pytest.mark.parametrize("suffix", sorted(READERS))
@pytest.mark.parametrize("data", [b"", b" \n\t\r\n"])
def test_empty_files_are_told_alike(tmp_path: Path, suffix: str, data: bytes) -> None:
    """Whatever they would have been."""
    (tmp_path / f"a{suffix}").write_bytes(data)
    problem, *_ = read_folder(tmp_path).problems
    assert (problem.code, problem.line, problem.message) == ("empty", None, "The file is empty.")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.html", "<p>Words.</p>\n<details><summary>Open?</summary></details>", ("question-without-answer", 2, "w")),
        ("a.html", "<p>Words.</p>\n<details><summary></summary><p>Yes.</p></details>", ("empty-question", 2, "e")),
        (
            "a.html",
            '<p>Words.</p><script type=\'application/ld+json\'>{"@type": "Question", "name": "Open?"}</script>',
            ("question-without-answer", None, "w"),
        ),
        ("a.jsonl", '{"text": "One."}\n{"text": ""}\n', ("no-content", 2, "e")),
        (
            "a.rss",
            "<rss><channel><item><description>One.</description></item>\n<item><title>Two</title></item></channel></rss>",
            ("no-content", 2, "e"),
        ),
    ],
)
def test_what_is_left_out_is_told(tmp_path: Path, name: str, data: str, expected: tuple[str, int | None, str]) -> None:
    """A question without its answer, an entry without a text: the rest is served."""
    (tmp_path / name).write_text(data, "utf-8")
    library = read_folder(tmp_path)
    assert len(library.corpus.documents) == 1
    assert [(problem.code, problem.line, problem.severity.value[0]) for problem in library.problems] == [expected]
