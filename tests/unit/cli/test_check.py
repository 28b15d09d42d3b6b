"""``newsstand check``: a folder with a fault of every kind, in every format of output."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from webapp.cli import problems as output
from webapp.corpus.library import Library
from webapp.corpus.model import Corpus, Problem, Severity

Run = Callable[..., Any]

FAULTS: dict[str, tuple[bytes, set[str]]] = {
    "empty.md": (b"\n \n", {"empty"}),
    "latin.txt": ("Caf\xe9 culture is back.".encode("latin-1"), {"not-utf8"}),
    "nul.txt": (b"a\0b", {"binary"}),
    "picture.png": (b"\x89PNG", {"unknown-format"}),
    "table.csv": (b"Question,Answer\nOpen?,\n,Lost.\nWho?,The town.\n", {"empty-answer", "empty-question", "no-date"}),
    "heads.csv": (b"Name,Colour\nA,B\n", {"no-columns"}),
    "broken.json": (
        b'[{"question": "Whose boat is it?", "answer": "It is mine."}, {"question"',
        {"bad-json", "no-date"},
    ),
    "list.jsonl": (b"5\n{}\n", {"not-an-object", "no-content"}),
    "feed.rss": (
        b"<rss><channel><item><title>Alone</title></item>\n<item><title>Night</title>"
        b"<description>All boats stay in port tonight.</description></item></channel></rss>",
        {"no-content", "no-date"},
    ),
    "page.html": (
        b"<h1>Museum</h1><p>The museum keeps its doors shut in winter.</p>"
        b"<details><summary>Why so?</summary></details>",
        {"question-without-answer", "no-date"},
    ),
    "book.xlsx": (b"PK no zip", {"bad-workbook"}),
    "late.txt": (
        b"date 2024-02-30\nvalid until: 2020-01-01\nAn old fair took place in the square.",
        {"bad-date", "expired"},
    ),
    "faq.txt": (
        b"The mill is shut.\n\nFAQ:\n\nStray.\n\nQ: Is it open?\n\nQ:\nA: No.\n\nA: Lost.\n",
        {"no-date", "stray-faq-text", "empty-question", "answer-without-question"},
    ),
    "a first.txt": (
        b"date 2024-05-01 The lighthouse of Skarvan was lit again by Ilse Brandt. "
        b"The repair cost 24 million crowns.\n\n"
        b"FAQ:\n\nQ: Who lit the lighthouse?\nA: The lighthouse was lit by Ilse Brandd.\n\n"
        b"Q: What did the repair cost?\nA: The repair cost 42 million crowns.\n\n"
        b"Q: Who lit the lighthouse of Skarvan?\nA: The lighthouse of Skarvan was lit again by Gunnar Holm.\n\n"
        b"Q: What is the latest news?\nA: A report comes in June.\n\nQ: ???\nA: Nobody knows.\n",
        {
            "name-spelt-otherwise",
            "number-not-in-article",
            "name-not-in-article",
            "answered-by-another",
            "question-not-answered",
        },
    ),
    "b second.txt": (
        "date 2024-05-01 The har\u200bbour \u202eboard \x0c paid \ufffd all \ue000 of M\u043escow’s share.\n\n"
        f"It {'really ' * 70}paid.\n\nFAQ:\n\nQ: Who sings in the choir?\nA: Fishermen do.\n\n"
        "Q: Who does sing in the choir?\nA: Bakers do.\n\nQ: Who can sing in the choir?\nA: Fishermen do.\n".encode(),
        {
            "invisible-character",
            "bidi-control",
            "control-character",
            "lost-character",
            "private-character",
            "mixed-scripts",
            "long-sentence",
            "question-with-two-answers",
            "question-twice",
        },
    ),
    "c copy.txt": (b"date 2024-05-01 All trains to the coast stop at noon.", set()),
    "d copy.txt": (b"date 2024-05-02 All trains to the coast stop at noon.", {"near-duplicate"}),
    "e, 50%\n::error::\x1b[31m\u202e.txt": (b"A road is closed.", {"no-date"}),
}
"""Files by name, with the codes that each must be told with."""


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all of them, named from the folder above."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, (data, _) in FAULTS.items():
        (folder / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return Path("docs")


def shown(name: str) -> str:
    """Return how the name of a file is shown."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in name)


def test_json_has_every_fault(newsstand: Run, broken: Path) -> None:
    """One object, with every problem and the counts."""
    ran = newsstand("check", broken, "--format", "json")
    assert ran.code == 1
    told = json.loads(ran.out)
    assert set(told) == {"problems", "documents", "passages", "errors", "warnings"}
    codes: dict[str, set[str]] = {}
    for problem in told["problems"]:
        assert set(problem) == {"path", "line", "code", "severity", "message", "advice"}
        codes.setdefault(problem["path"], set()).add(problem["code"])
    assert codes == {shown(name): expected for name, (_, expected) in FAULTS.items() if expected}
    severities = [problem["severity"] for problem in told["problems"]]
    assert (told["errors"], told["warnings"]) == (severities.count("error"), severities.count("warning"))
    assert told["documents"] == 10 and told["passages"] > told["documents"]


def test_text_is_one_line_a_problem(newsstand: Run, broken: Path) -> None:
    """Path, line, severity, what is wrong, what to do, code; then the summary."""
    told = json.loads(newsstand("check", broken, "--format", "json").out)
    ran = newsstand("check", broken)
    assert ran.code == 1
    assert ran.err == ""
    *lines, summary = ran.out.rstrip("\n").split("\n")
    assert len(lines) == len(told["problems"])
    for line, problem in zip(lines, told["problems"], strict=True):
        place = problem["path"] + (f":{problem['line']}" if problem["line"] else "")
        assert line.startswith(f"{place}: {problem['severity']}: ")
        assert line.endswith(f" [{problem['code']}]")
        assert all(char.isprintable() for char in line)
    assert re.fullmatch(r"10 documents with \d+ passages can be served; \d+ errors, \d+ warnings\.", summary)


def test_github_shows_each_beside_its_line(newsstand: Run, broken: Path) -> None:
    """Paths lead from the current folder; nothing in a name can begin another command."""
    told = json.loads(newsstand("check", broken, "--format", "json").out)
    ran = newsstand("check", broken, "--format", "github")
    assert ran.code == 1
    lines = ran.out.rstrip("\n").split("\n")
    assert len(lines) == len(told["problems"])
    form = re.compile(r"::(error|warning) file=([^,:]+)(?:,line=(\d+))?,title=([a-z0-9-]+)::(.+)")
    for line, problem in zip(lines, told["problems"], strict=True):
        match = form.fullmatch(line)
        assert match is not None, line
        assert match[1] == problem["severity"] and match[4] == problem["code"]
        assert (match[3] and int(match[3])) == problem["line"]
        path = match[2].replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        assert path == f"docs/{problem['path']}"
        assert "\\" in path or Path(path).exists()
        assert match[5].replace("%25", "%") == f"{problem['message']} {problem['advice']}"


def test_github_escapes_what_it_must() -> None:
    """As the runner reads it back; the folder itself may have any name."""
    problem = Problem("a:b,c%.txt", 3, "bad-date", "50%\r\nnext: x, y", "Mend it.", Severity.ERROR)
    assert output.github_command(problem, Path("new\nline")) == (
        "::error file=new%0Aline/a%3Ab%2Cc%25.txt,line=3,title=bad-date::50%25%0D%0Anext: x, y Mend it."
    )
    whole = Problem("docs", None, "no-documents", "None.", "Put one.", Severity.ERROR)
    assert output.github_command(whole, Path("docs")) == "::error file=docs,title=no-documents::None. Put one."


class Terminal(io.StringIO):
    """An output that says it is one."""

    def isatty(self) -> bool:
        return True


PROBLEMS = (
    Problem("a.txt", 3, "no-date", "The article has no date.", "Write it.", Severity.WARNING),
    Problem("a.txt", None, "empty", "The file [b]is[/b] empty\x1b[2J.", "Fill it.", Severity.ERROR),
    Problem("b\n.txt", 1, "empty", "The file is empty.", "Fill it.", Severity.ERROR),
)


def terminal(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", "COLUMNS": "80", **environment}.items():
        monkeypatch.setenv(name, value)
    out = Terminal()
    output.write(Library(Corpus(()), PROBLEMS), Path("docs"), "text", out)
    return out.getvalue()


def test_a_terminal_gets_colours_and_a_heading_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """What documents hold is shown, never obeyed."""
    text = terminal(monkeypatch)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert text != plain
    assert "\x1b" not in plain
    assert [line.strip() for line in plain.splitlines() if line[:1].strip()] == [
        "a.txt",
        "b\\n.txt",
        "0 documents with 0 passages can be served; 2 errors, 1 warning.",
    ]
    assert "3  warning  The article has no date. Write it. [no-date]" in plain
    assert "The file [b]is[/b] empty\\x1b[2J. Fill it. [empty]" in plain
    assert re.search(r"\x1b\[[0-9;]*31m", text) and re.search(r"\x1b\[[0-9;]*33m", text)


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colours_lines_are_plain(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """As in a file or a pipe."""
    assert terminal(monkeypatch, **environment).splitlines() == [
        "a.txt:3: warning: The article has no date. Write it. [no-date]",
        "a.txt: error: The file [b]is[/b] empty\\x1b[2J. Fill it. [empty]",
        "b\\n.txt:1: error: The file is empty. Fill it. [empty]",
        "0 documents with 0 passages can be served; 2 errors, 1 warning.",
    ]


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_exit_codes(newsstand: Run, folder: Path, form: str) -> None:
    """0 with warnings, 1 with them if strict, 1 when content is lost, 2 when wrongly called."""
    assert newsstand("check", folder, "--format", form, "--strict").code == 0
    (folder / "undated.txt").write_text("The road to the harbour is closed.")
    assert newsstand("check", folder, "--format", form).code == 0
    assert newsstand("check", folder, "--format", form, "--strict").code == 1
    (folder / "empty.txt").write_bytes(b"")
    assert newsstand("check", folder, "--format", form).code == 1
    assert newsstand("check", folder / "nowhere", "--format", form).code == 2
    assert newsstand("check", folder, "--format", "xml").code == 2


def test_help_documents_the_exit_codes(newsstand: Run) -> None:
    """So that whoever writes a pipeline need not search."""
    text = newsstand("check", "--help").out
    assert re.search(r"exit codes:\n  0  .*\n  1  .*--strict.*\n  2  ", text)


def test_json_holds_any_text(newsstand: Run, tmp_path: Path) -> None:
    """Nothing in a document can break it."""
    (tmp_path / "a.json").write_text(r'[{"question": "\ud800 \u202e ?", "answer": "\u0000 \udfff"}]')
    assert json.loads(newsstand("check", tmp_path, "--format", "json").out)["documents"] == 1
