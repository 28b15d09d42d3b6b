"""``newsstand index``, and what starts from it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
Run = Callable[..., Any]
PAID = "Who paid for the repair of the lighthouse?"


@pytest.fixture
def index(newsstand: Run, folder: Path, tmp_path: Path) -> Path:
    """A saved index of the folder."""
    assert newsstand("index", folder, "--output", tmp_path / "saved").code == 0
    return tmp_path / "saved"


def test_says_what_was_indexed_and_what_to_do_next(newsstand: Run, folder: Path) -> None:
    """Without --output the index stands beside the documents."""
    ran = newsstand("index", folder)
    assert ran.code == 0
    assert "1 document" in ran.out
    assert f"newsstand serve --index {folder}.index" in ran.out
    assert (folder.parent / "documents.index" / "manifest.json").is_file()
    assert [file.name for file in folder.iterdir()] == ["lighthouse.txt"]


def test_answers_are_the_same(newsstand: Run, folder: Path, index: Path) -> None:
    """For one question, a batch and a receipt, whether or not the documents are still there."""
    batch = folder.parent / "batch.jsonl"
    batch.write_text(json.dumps({"id": 1, "q": PAID}))
    built = [newsstand("ask", PAID, "--json", "--seeds", folder).out, newsstand("ask", PAID, "--seeds", folder).out]
    built.append(newsstand("ask", "--batch", batch, "--seeds", folder).out)
    (folder / "lighthouse.txt").unlink()
    opened = [newsstand("ask", PAID, "--json", "--index", index).out, newsstand("ask", PAID, "--index", index).out]
    opened.append(newsstand("ask", "--batch", batch, "--index", index).out)
    assert opened == built
    from webapp.answering.saved import open_index

    receipt = open_index(index, target_precision=0.9).answerer.ask(PAID).receipt
    assert newsstand("replay", receipt, "--index", index).out.startswith("The same reply")


def test_indexes_again_in_the_same_place(newsstand: Run, folder: Path, index: Path) -> None:
    """The new one takes the place of the old one."""
    (folder / "second.txt").write_text("Snow fell on the harbour on Monday.")
    assert "2 documents" in newsstand("index", folder, "--output", index).out
    assert "Snow" in newsstand("ask", "Where did snow fall?", "--index", index).out


def test_problems_are_told(newsstand: Run, folder: Path, tmp_path: Path) -> None:
    """When the index is built, and when it is used."""
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xff")
    assert "bad.txt" in newsstand("index", folder, "--output", tmp_path / "saved").err
    assert "bad.txt" in newsstand("ask", PAID, "--index", tmp_path / "saved").err


def test_refuses_a_folder_of_something_else(newsstand: Run, folder: Path) -> None:
    """Nothing is overwritten that is no index."""
    ran = newsstand("index", folder, "--output", folder)
    assert (ran.code, ran.out) == (2, "")
    assert "lighthouse.txt" in ran.err
    assert [file.name for file in folder.iterdir()] == ["lighthouse.txt"]


def test_refuses_what_is_no_folder(newsstand: Run, folder: Path, tmp_path: Path) -> None:
    """A file, or nothing at all, can be neither read nor opened; without a document there is nothing to save."""
    assert newsstand("index", folder / "lighthouse.txt").code == 2
    (tmp_path / "empty").mkdir()
    assert newsstand("index", tmp_path / "empty").code == 1
    assert not (tmp_path / "empty.index").exists()
    for command in (("ask", PAID), ("replay", "x"), ("serve",)):
        ran = newsstand(*command, "--index", tmp_path / "empty")
        assert ran.code == 2
        assert ran.err.startswith(f"newsstand {command[0]}: ")
    assert newsstand("ask", PAID, "--index", folder, "--seeds", folder).code == 2


def test_verifies(newsstand: Run, index: Path) -> None:
    """Every byte; a damaged index is told, and what to do."""
    assert "is whole" in newsstand("index", "--verify", index).out
    (file,) = index.glob("*.bin")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    ran = newsstand("index", "--verify", index)
    assert (ran.code, ran.out) == (1, "")
    assert "newsstand index" in ran.err


def many(folder: Path) -> None:
    for number in range(250):
        (folder / f"d{number}.txt").write_text(f"Street {number} was swept on Monday. It is clean now.")


def test_tells_how_far_it_is_in_plain_lines(newsstand: Run, folder: Path, tmp_path: Path) -> None:
    """Off a terminal: on standard error, rising, with the time left; nothing that steers a screen."""
    many(folder)
    ran = newsstand("index", folder, "--output", tmp_path / "saved")
    told = [line for line in ran.err.splitlines() if "done (" in line]
    shares = [int(line.split("%")[0].split()[-1]) for line in told]
    assert len(shares) >= 5
    assert shares == sorted(set(shares))
    assert all(line.endswith(" s left") for line in told)
    assert "\x1b" not in ran.err + ran.out
    assert "251 documents indexed" in ran.out


def test_shows_a_bar_on_a_terminal(folder: Path, tmp_path: Path) -> None:
    """With what is being done, the share and the time left; it is gone at the end."""
    many(folder)
    master, slave = os.openpty()
    command = [sys.executable, "-m", "webapp", "index", str(folder), "--output", str(tmp_path / "saved")]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=slave, stdout=subprocess.PIPE, text=True, env=environment) as process:
        os.close(slave)
        shown = b""
        # Reading ends with an error when the other side is closed.
        with suppress(OSError):
            while piece := os.read(master, 65536):
                shown += piece
        out = process.stdout.read() if process.stdout else ""
    os.close(master)
    assert process.returncode == 0
    assert "251 documents indexed" in out
    assert "reading words" in shown.decode()
    assert "━" in shown.decode()
    assert re.search(r"\d+%.* s left", shown.decode())
