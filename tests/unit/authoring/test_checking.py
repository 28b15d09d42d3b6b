"""All checks together, on any text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.authoring.checking import checked, problems_of
from webapp.corpus.library import Library
from webapp.corpus.model import Corpus, Document, Severity
from webapp.corpus.readers.seed import read_seed
from webapp.corpus.readers.source_file import SourceFile

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    [
        *("FAQ:\n", "Q: ", "A: ", "\n\n", "\n", "---\n", "date 2024-05-01 ", "The ferry runs. ", "Who runs it?"),
        *("4.5 crore ", "1,000 ", "1/2 ", "٣ ", "Todd Lindqvist ", "東京は", "गाड़ी "),
        *("\u202e", "fer\u200bry", "M\u043escow ", "\ufffd", "\x0c"),
    ]
)


def read(text: str) -> tuple[Document, ...]:
    file = SourceFile("a.txt", text.encode("utf-8", "replace"))
    return tuple(Document(**{**vars(each), "id": str(at)}) for at, each in enumerate(read_seed(file)))


@few
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=40))
def test_any_text(pieces: list[str]) -> None:
    """No check raises, every problem is a warning with a line, code, message and advice."""
    text = "".join(pieces).replace("\0", "")
    for problem in problems_of(Library(Corpus(read(text)), ())):
        assert problem.severity is Severity.WARNING
        assert problem.path == "a.txt"
        assert problem.line is not None and 1 <= problem.line <= text.count("\n") + text.count("\r") + 1
        assert problem.code and problem.message.endswith(".") and problem.advice.endswith(".")


def test_problems_stand_in_the_order_of_files_and_lines(tmp_path: Path, with_faq: Callable[..., str]) -> None:
    """Whichever check found them."""
    text = with_faq(
        "The bridge cost 5 million euros.", ("What did the bridge cost?", "It cost 6 million, all\u200bin all.")
    )
    (tmp_path / "b.txt").write_text(text, "utf-8")
    (tmp_path / "a.txt").write_text(text, "utf-8")
    (tmp_path / "c.txt").write_bytes(b"")
    found = [(problem.path, problem.line, problem.code) for problem in checked(tmp_path).problems]
    assert found == sorted(found, key=lambda each: (each[0], each[1] or 0))
    assert {code for _, _, code in found} == {"invisible-character", "near-duplicate", "empty", "number-not-in-article"}


@pytest.mark.parametrize("suffix", ["txt", "md", "csv", "jsonl"])
def test_lines_are_those_of_the_file(tmp_path: Path, suffix: str) -> None:
    """Whatever its format."""
    (tmp_path / f"a.{suffix}").write_text(
        {
            "txt": "date 2024-05-01 It runs.\n\nFAQ:\n\nQ: Who runs it?\nA: The town.\n\n\nQ: Who ru\u200bns?\nA: I.\n",
            "md": "---\ndate: 2024-05-01\n---\nIt runs.\n\n# FAQ\n\n## Who is it?\n\n## Who ru\u200bns?\n\nThe town.\n",
            "csv": "Date,Question,Answer\n2024-05-01,Who?,The town.\n2024-05-01,\"What\nelse\",One\n"
            "2024-05-01,Who ru\u200bns?,I.\n",
            "jsonl": '{"q": "Who?", "a": "The town.", "date": "2024-05-01"}\n\n'
            '{"q": "Who ru\u200bns?", "a": "The town.", "date": "2024-05-01"}\n',
        }[suffix],
        "utf-8",
    )  # fmt: skip
    lines = [problem.line for problem in checked(tmp_path).problems if problem.code == "invisible-character"]
    assert lines == [{"txt": 9, "md": 10, "csv": 5, "jsonl": 3}[suffix]]


def test_a_sound_folder_has_no_problem(tmp_path: Path, with_faq: Any) -> None:
    """Nor does an empty one raise."""
    assert [problem.code for problem in checked(tmp_path).problems] == ["no-documents"]
    (tmp_path / "a.txt").write_text(with_faq("The ferry runs all night.", ("Who runs the ferry?", "The town.")))
    assert checked(tmp_path).problems == ()
