"""Documents are found by a few words, typing errors and inflection included."""

import pytest

from webapp.corpus.library import read_folder
from webapp.retrieval.building import build_index
from webapp.retrieval.finding import find_documents
from webapp.retrieval.index import Index

TEXTS = {
    "bridge": "date 2024-05-06 The town opened its footbridge on Monday. The bridge cost four million euros.",
    "ferry": "date 2025-02-03 The night ferry to Sandholm will run from March. It passes under the bridge.",
    "museum": "date 2023-01-01 The museum of clocks has a new keeper, Rosa Lind.",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Three short documents."""
    folder = tmp_path_factory.mktemp("three")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    return build_index(read_folder(folder).corpus)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bridge", ["bridge", "ferry"]),
        ("museums clock", ["museum"]),
        ("sandhlom ferry", ["ferry"]),
        ("the cost of the bridge", ["bridge"]),
        ("zeppelin", []),
        ("the of and", []),
        ("", []),
        ("🙂" * 999, []),
    ],
)
def test_documents_are_found(index: Index, typed: str, found: list[str]) -> None:
    """The one that is most about it comes first; one that holds less than half of it is not found."""
    assert [index.corpus.documents[number].id for number in find_documents(index, typed)] == found
