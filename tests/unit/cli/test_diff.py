"""``newsstand diff``: what a publisher and their CI read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from webapp.answering.reply import Answer, AnswerKind, Citation, Context, Outcome, Reply
from webapp.authoring.comparing import Change, Comparison
from webapp.cli import differences
from webapp.cli.differences import FORMATS, Differences, Line
from webapp.cli.questions import Row

Run = Callable[..., Any]

PAID = "Who paid for the repair of the lighthouse?"
SELLS = "What does the herring museum sell?"
CLIMB = "When may visitors climb the tower?"
FERRY = """date 2024-06-01 The *ferry* runs all night.

FAQ:

Q: How much is a ferry ticket?
A: Ten euros, 5% off for @sailors.
"""
MUSEUM = """date 2024-02-01 The town has a new museum.

FAQ:

Q: What does the herring museum sell?
A: Smoked herring in tins.
"""
TICKET = "How much is a ferry ticket?"


@pytest.fixture
def old(folder: Path) -> Path:
    """The documents before."""
    (folder / "museum.txt").write_text(MUSEUM, "utf-8")
    return folder


@pytest.fixture
def new(old: Path, tmp_path: Path) -> Path:
    """The documents after: another day to climb the tower, no museum, a ferry."""
    after = tmp_path / "after"
    after.mkdir()
    lighthouse = (old / "lighthouse.txt").read_text("utf-8")
    (after / "lighthouse.txt").write_text(lighthouse.replace("Sundays", "Saturdays"), "utf-8")
    (after / "ferry.txt").write_text(FERRY, "utf-8")
    return after


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """One question a line."""
    file = tmp_path / "questions.txt"
    file.write_text(f"{SELLS}\n\n{CLIMB}\n{TICKET}\nWho painted the Mona Lisa?\n", "utf-8")
    return file


def test_people_read_what_became_of_answers(newsstand: Run, old: Path, new: Path, questions: Path) -> None:
    """Lost ones first, each with both answers, their documents and dates; no colours where nobody sees them."""
    ran = newsstand("diff", old, new, "--questions", questions)
    assert ran.code == 1
    assert ran.out.index("Lost (1)") < ran.out.index("Changed (1)") < ran.out.index("Won (1)")
    lost, changed = ran.out[: ran.out.index("Changed")], ran.out[ran.out.index("Changed") : ran.out.index("Won")]
    assert f"  {SELLS}\n    before: “Smoked herring in tins.” — The town has a new museum, 2024-02-01, museum\n" in lost
    assert (
        "    now:    no answer\n    Its document is not among the new ones. No document here mentions “herring”" in lost
    )
    assert "on Sundays from noon.”" in changed and "on Saturdays from noon.”" in changed
    assert ran.out.endswith("\n4 questions: 1 lost, 1 changed, 0 less sure, 0 surer, 1 won, 1 the same.\n")
    assert "\x1b" not in ran.out


def test_colours_on_a_terminal(
    newsstand: Run, old: Path, new: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless NO_COLOR is set."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1;31mLost" in newsstand("diff", old, new, "--questions", questions).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in newsstand("diff", old, new, "--questions", questions).out


def test_programs_read_one_object(newsstand: Run, old: Path, new: Path, questions: Path) -> None:
    """Counts, and for each change the replies of the API."""
    read = json.loads(newsstand("diff", old, new, "--questions", questions, "--format", "json").out)
    assert read["summary"] == {
        "questions": 4,
        "lost": 1,
        "changed": 1,
        "less-sure": 0,
        "surer": 0,
        "won": 1,
        "same": 1,
    }
    assert [(entry["change"], entry["line"], entry["q"]) for entry in read["entries"]] == [
        ("lost", 1, SELLS),
        ("changed", 3, CLIMB),
        ("won", 4, TICKET),
    ]
    lost = read["entries"][0]
    assert lost["old"]["citation"]["document"]["date"] == "2024-02-01"
    assert lost["new"]["answer"] is None and "herring" in lost["new"]["missing_terms"]
    assert lost["why"] and read["entries"][1]["why"] is None


def test_github_shows_annotations(newsstand: Run, old: Path, new: Path, questions: Path) -> None:
    """At the line of the question; nothing of a document begins a command."""
    (new / "ferry.txt").write_text(FERRY.replace("Ten euros", "Ten\n::error::euros"), "utf-8")
    lines = newsstand("diff", old, new, "--questions", questions, "--format", "github").out.splitlines()
    assert lines[0].startswith(f"::error file={questions},line=1,title=Answer lost::{SELLS}%0Abefore: “Smoked herring")
    assert lines[1].startswith(f"::warning file={questions},line=3,title=Answer changed::")
    assert lines[2].startswith("::notice ")
    assert "Ten ::error::euros, 5%25 off" in lines[2]
    assert len(lines) == 4 and lines[3].startswith("4 questions: 1 lost")
    piped = newsstand("diff", old, new, "--questions", "-", "--format", "github", stdin=SELLS.encode()).out
    assert piped.startswith("::error title=Answer lost::")


def test_a_comment_shows_what_was_written(newsstand: Run, old: Path, new: Path, questions: Path) -> None:
    """Markup of documents is text, and calls nobody."""
    out = newsstand("diff", old, new, "--questions", questions, "--format", "markdown").out
    assert out.startswith(
        "**4 questions: 1 lost, 1 changed, 0 less sure, 0 surer, 1 won, 1 the same.**\n\n### Lost (1)\n"
    )
    assert f"- **{SELLS}**\n  - before: “Smoked herring" in out
    assert "5% off for @<!-- -->sailors" in out
    assert r"The \*ferry\* runs all night" in out


def test_a_comment_is_no_longer_than_github_takes(
    newsstand: Run, old: Path, new: Path, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit is counted."""
    monkeypatch.setattr(differences, "COMMENT_MAX_CHARS", 250)
    out = newsstand("diff", old, new, "--questions", questions, "--format", "markdown").out
    assert SELLS in out
    assert out.endswith("Not listed, for want of room: 2 questions.\n")
    assert len(out) < 500 and "Won" not in out


def test_without_a_loss_all_is_well(newsstand: Run, old: Path, new: Path) -> None:
    """Changed and won answers are no failure."""
    asked = f"{CLIMB}\n{TICKET}\n".encode()
    ran = newsstand("diff", old, new, "--questions", "-", stdin=asked)
    assert ran.code == 0
    assert "1 changed" in ran.out and "1 won" in ran.out
    assert newsstand("diff", old, old, "--questions", "-", stdin=asked).out.count("\n") == 1


def test_questions_of_an_evaluation_set_are_taken(newsstand: Run, old: Path, new: Path, tmp_path: Path) -> None:
    """Fields it does not know are passed over; questions before may be a text or several."""
    rows = [
        {"id": 7, "q": SELLS, "doc": "museum.txt", "expect": ["herring"], "kind": "faq", "previous": None},
        {"id": 8, "q": "and when may visitors climb it?", "previous": PAID},
        {"id": 9, "q": "and when may visitors climb it?", "previous": ["hello", PAID]},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    read = json.loads(newsstand("diff", old, new, "--questions", file, "--format", "json").out)
    assert [(entry["id"], entry["previous"]) for entry in read["entries"]] == [
        (7, []),
        (8, [PAID]),
        (9, ["hello", PAID]),
    ]
    assert f"hello → {PAID} → and when" in newsstand("diff", old, new, "--questions", file).out


def test_bad_lines_are_told_with_their_number(newsstand: Run, old: Path, new: Path) -> None:
    """All of them, before anything is asked."""
    lines = [json.dumps({"q": SELLS}), "", '{"q": 5}', '{"q": "x", "previous": 0}', "{"]
    ran = newsstand("diff", old, new, "--questions", "-", stdin="\n".join(lines).encode())
    assert ran.code == 2 and ran.out == ""
    assert [line.split(": ")[2] for line in ran.err.splitlines()] == ["Line 3", "Line 4", "Line 5"]
    long = newsstand("diff", old, new, "--questions", "-", stdin=b"Who?\n" + b"x" * 2001 + b"\n\xff\n")
    assert long.code == 2
    assert "Line 2: The question has 2,001" in long.err and "Line 3: write it in UTF-8" in long.err


@pytest.mark.parametrize("asked", [b"", b"\n \n"])
def test_a_file_without_questions_is_a_wrong_call(newsstand: Run, old: Path, new: Path, asked: bytes) -> None:
    """Nothing asked proves nothing."""
    ran = newsstand("diff", old, new, "--questions", "-", stdin=asked)
    assert ran.code == 2 and "no question" in ran.err


def test_a_wrong_call_is_told(newsstand: Run, old: Path, tmp_path: Path, questions: Path) -> None:
    """Folders and files that are not there, formats that are none."""
    nowhere = tmp_path / "nowhere"
    for arguments in (
        (old, nowhere, "--questions", questions),
        (nowhere, old, "--questions", questions),
        (old, old, "--questions", nowhere),
        (old, old),
        (old, old, "--questions", questions, "--format", "xml"),
    ):
        ran = newsstand("diff", *arguments)
        assert ran.code == 2 and ran.out == "" and "newsstand diff: " in ran.err


def test_unreadable_files_of_both_folders_are_told(newsstand: Run, old: Path, new: Path, questions: Path) -> None:
    """On standard error, each with its folder."""
    for folder in (old, new):
        (folder / "broken.json").write_text("{", "utf-8")
    err = newsstand("diff", old, new, "--questions", questions, "--format", "json").err
    assert f"{old}/broken.json:" in err and f"{new}/broken.json:" in err


def test_less_sure_and_surer_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """In every format, each with which of its answers is the closest found."""
    cited = Citation("lighthouse", "The lighthouse", None, 1, 0, 9, "On Sunday")
    sure = Reply("When?", Outcome.ANSWERED, "", 0.95, Answer("On Sunday", AnswerKind.FAQ, cited, 0.95))
    hedged = replace(sure, outcome=Outcome.HEDGED)
    row = Row(1, None, "When?", Context())
    lines = (
        Line(row, Comparison(Change.LESS_SURE, sure, hedged)),
        Line(row, Comparison(Change.SURER, hedged, sure)),
    )
    for form in ("text", "github", "markdown"):
        FORMATS[form](Differences("-", lines))
        out = capsys.readouterr().out
        assert out.count("as the closest found") == 2
        assert out.casefold().index("less sure") < out.casefold().index("surer")
        assert "::error" not in out and "::warning" not in out
    FORMATS["json"](Differences("-", lines))
    read = json.loads(capsys.readouterr().out)
    assert [entry["change"] for entry in read["entries"]] == ["less-sure", "surer"]
    assert [entry["new"]["outcome"] for entry in read["entries"]] == ["hedged", "answered"]
