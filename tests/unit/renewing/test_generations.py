"""Generations: published whole or not at all, in a folder that belongs to one server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from webapp.renewing.generations import Generation, Generations, Reading, ServerFolder, running

SERVE = """
import sys
from pathlib import Path
from webapp.renewing.generations import ServerFolder
own_folder = ServerFolder(Path(sys.argv[1]))
if sys.argv[2] == "ready":
    own_folder.ready()
print(own_folder.generations.folder, flush=True)
sys.stdin.readline()
"""

Serving = Callable[[str], tuple[subprocess.Popen[str], Path]]


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    """A folder without a generation."""
    (tmp_path / "workers").mkdir()
    return Generations(tmp_path)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """Starts a process that has a server's folder, and returns it with the folder."""
    started: list[subprocess.Popen[str]] = []

    def start(state: str) -> tuple[subprocess.Popen[str], Path]:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(tmp_path), state],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process, Path(process.stdout.readline().strip())

    yield start
    for process in started:
        process.kill()
        process.communicate()


def saving(text: str) -> Callable[[Path], None]:
    def save(folder: Path) -> None:
        folder.mkdir()
        (folder / "text").write_text(text)

    return save


def test_the_last_two_are_kept(generations: Generations) -> None:
    """The newest is the current one; a file that was opened is read to its end."""
    made = [generations.publish(saving(text), {"a": text, "b": None}, 5.0) for text in "abc"]
    assert made[-1] == generations.current() == Generation(3, 5.0)
    assert (generations.index(3) / "text").read_text() == "c"
    assert generations.signatures() == {"a": "c", "b": None}
    assert sorted(path.name for path in generations.folder.iterdir() if path.name.isdecimal()) == ["2", "3"]


def test_one_that_cannot_be_saved_leaves_the_one_before(generations: Generations) -> None:
    """Nothing of it stays, and the next one takes its number."""
    generations.publish(saving("a"), {}, 1.0)

    def failing(folder: Path) -> None:
        saving("half")(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        generations.publish(failing, {}, 2.0)
    assert generations.current() == Generation(1, 1.0)
    assert not (generations.folder / "2").exists()
    assert generations.publish(saving("b"), {}, 3.0) == Generation(2, 3.0)


def test_what_a_killed_process_left_is_no_hindrance(generations: Generations) -> None:
    """Half a generation is made anew."""
    generations.publish(saving("a"), {}, 1.0)
    (generations.folder / "2" / "index").mkdir(parents=True)
    assert generations.publish(saving("b"), {}, 2.0) == Generation(2, 2.0)
    assert (generations.index(2) / "text").read_text() == "b"


def test_readings_and_workers_are_noted(generations: Generations) -> None:
    """For whoever waits until every worker has what was read."""
    assert generations.reading() is None
    reading = Reading(1.5, 2, True, 3, 1, 0, ["a.txt: error"], ["b.txt"])
    generations.note(reading)
    assert generations.reading() == reading
    generations.serves(10, 1)
    generations.serves(11, 1)
    generations.serves(10, 2)
    assert sorted(generations.served()) == [1, 2]
    generations.forget(11)
    generations.forget(12)
    assert generations.served() == [2]


def test_a_server_is_found_while_it_runs(serving: Serving, tmp_path: Path) -> None:
    """By its process id, from when it can be told; not when it was killed."""
    assert running(tmp_path) == []
    process, folder = serving("ready")
    [(found, generations)] = running(tmp_path)
    assert (found, generations.folder) == (process.pid, folder)
    serving("starting")
    assert [one for one, _ in running(tmp_path)] == [process.pid]
    process.kill()
    process.wait()
    assert running(tmp_path) == []


def test_two_servers_do_not_touch_each_other(serving: Serving, tmp_path: Path) -> None:
    """Each has its own folder; what a killed one left goes when the next one starts."""
    killed, left = serving("ready")
    killed.kill()
    killed.wait()
    assert left.exists()
    _, other = serving("starting")
    assert not left.exists()
    own_folder = ServerFolder(tmp_path)
    assert own_folder.generations.folder != other
    assert other.exists()
    own_folder.remove()
    assert not own_folder.generations.folder.exists()
    assert other.exists()


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """It is an error of the operating system, told by whoever asked."""
    (tmp_path / "indexes").write_text("")
    with pytest.raises(FileExistsError):
        ServerFolder(tmp_path)
    assert running(tmp_path) == []
