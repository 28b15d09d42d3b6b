"""What a start from a saved index does not import: whatever reads documents, builds indexes or is needed later."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.cli import main

ROOT = Path(__file__).parents[3]
QUESTION = "What areas of cooperation were discussed during the meetings?"
QUOTE = (
    "The discussions focused on military and technical cooperation, with a particular emphasis on the manufacturing of "
    "modern weaponry."
)
READING = {"trafilatura", "openpyxl", "lxml", "markdown_it", "nh3", "yaml", "sentencex", "dateparser"}
BUILDING = {"sklearn", "joblib", "scipy.sparse", "scipy.linalg", "pandas"}
SERVING = {"flask", "werkzeug", "jinja2", "gunicorn", "babel", "flask_babel", "limits", "segno", "prometheus_client"}
DATABASE = {"sqlalchemy", "alembic"}
SELDOM = {"rich", "coloraide", "threadpoolctl", "rapidfuzz", "importlib.metadata", "numpy.ma", "webapp.corpus.library"}

_ASKING = """
import json, sys
from webapp.cli import main
code = main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)))
sys.exit(code)
"""
_SERVING = """
import json, sys
from webapp import serving
from webapp.cli import main

def run(server):
    client = server.wsgi().test_client()
    answer = client.post("/api/v1/ask", json={"question": sys.argv.pop()}).get_json()
    print(json.dumps([sorted(sys.modules), answer["answer"]["text"]]))

serving.Server.run = run
sys.exit(main(sys.argv[1:-1]))
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped documents, indexed."""
    folder = tmp_path_factory.mktemp("start") / "index"
    assert main(["index", str(ROOT / "seeds"), "--output", str(folder)]) == 0
    return folder


def started(program: str, folder: Path, *arguments: str) -> str:
    """What a program of its own process printed."""
    said = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return said.stdout


def test_asking_imports_nothing_that_it_does_not_need(index: Path, tmp_path: Path) -> None:
    """The answer is right, and neither scikit-learn, nor a reader, the database or the web is there."""
    lines = started(_ASKING, tmp_path, "ask", "--index", str(index), QUESTION).splitlines()
    assert lines[0] == QUOTE
    modules = set(json.loads(lines[-1]))
    assert "webapp.answering.answerer" in modules
    assert modules & (READING | BUILDING | SERVING | DATABASE | SELDOM) == set()


def test_the_products_of_scipy_are_those_that_scipy_has() -> None:
    """Whoever imports SciPy afterwards gets the same functions, and what it makes of them works."""
    program = (
        "from webapp.retrieval import sparsetools; import numpy, scipy.sparse, scipy.sparse._sparsetools as theirs; "
        "print(all(getattr(theirs, name) is getattr(sparsetools, name) for name in sparsetools.__all__), "
        "(scipy.sparse.csc_array(numpy.eye(2)) @ numpy.array([3.0, 4.0])).tolist())"
    )
    assert started(program, ROOT) == "True [3.0, 4.0]\n"


def test_serving_imports_nothing_that_it_does_not_need(index: Path, tmp_path: Path) -> None:
    """Before it serves, and after its first answer; the tables being there, nothing that would make them either."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    calls = ("serve", "--index", str(index), "--port", port, QUESTION)
    started(_SERVING, tmp_path, *calls)
    modules, answer = json.loads(started(_SERVING, tmp_path, *calls).splitlines()[-1])
    assert answer == QUOTE
    assert {"flask", "sqlalchemy"} <= set(modules)
    assert (
        set(modules) & (READING | BUILDING | {"alembic", "mako", "rich", "coloraide", "webapp.corpus.library"}) == set()
    )
