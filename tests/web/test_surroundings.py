"""A quote among its neighbours."""

from pathlib import Path

from webapp.answering.quoting import quoted
from webapp.answering.reply import Citation
from webapp.corpus.library import read_folder
from webapp.corpus.model import Document
from webapp.web.surroundings import NEIGHBOUR_MAX_CHARS, Block, surroundings

ARTICLE = """date 2024-05-06 The tide came in.

One was wet. Two were wet. Three were wet. Four were wet. Five were wet.

The end was dry.

FAQ:

Q: Who was wet?

A: All of them.

To the skin.

Q: Who was dry?

A: Nobody.

Q: When was it?

A: On Monday.
"""


def document(folder: Path, text: str = ARTICLE) -> Document:
    (folder / "tide.txt").write_text(text, encoding="utf-8")
    return read_folder(folder).corpus.documents[0]


def around(doc: Document, number: int) -> tuple[Block, ...]:
    citation = quoted(doc, doc.passages[number], 0.5).citation
    assert citation is not None
    return surroundings(citation, doc)


def words(blocks: tuple[Block, ...]) -> list[str]:
    return ["".join(run.text for run in block.runs) for block in blocks]


def marked(blocks: tuple[Block, ...]) -> list[str]:
    return [run.text for block in blocks for run in block.runs if run.quoted]


def test_sentence_stands_between_its_neighbours(tmp_path: Path) -> None:
    """Three sentences each way are shown in their paragraphs, word for word, and the quote is marked."""
    blocks = around(document(tmp_path), 2)
    assert words(blocks) == [
        "The tide came in.",
        "One was wet. Two were wet. Three were wet. Four were wet. Five were wet.",
    ]
    assert marked(blocks) == ["Two were wet."]


def test_every_block_is_in_the_source(tmp_path: Path) -> None:
    """Whatever is shown around a quote is the document's own text."""
    doc = document(tmp_path)
    for passage in doc.passages:
        blocks = around(doc, passage.number)
        assert all(text in doc.source for text in words(blocks))
        assert " ".join(" ".join(marked(blocks)).split()) == " ".join(doc.text(passage).split())


def test_faq_answer_stands_between_its_neighbours(tmp_path: Path) -> None:
    """An FAQ answer is shown with the exchange before and the one after, and marked in all its paragraphs."""
    doc = document(tmp_path)
    first = next(passage.number for passage in doc.passages if passage.questions)
    blocks = around(doc, first)
    assert [block.question for block in blocks] == ["Who was wet?", None, "Who was dry?"]
    assert marked(blocks) == ["All of them.", "To the skin."]
    middle = around(doc, first + 1)
    assert [block.question for block in middle] == ["Who was wet?", None, "Who was dry?", "When was it?"]
    assert marked(middle) == ["Nobody."]


def test_date_stands_before_the_first_sentences(tmp_path: Path) -> None:
    """A date is shown where the document writes it."""
    doc = document(tmp_path)
    span = doc.published_span
    assert span is not None
    cited = Citation(doc.id, doc.headline, "2024-05-06", 0, span.start, span.end, span.of(doc.source))
    blocks = surroundings(cited, doc)
    assert words(blocks)[0] == "2024-05-06 The tide came in." and marked(blocks) == ["2024-05-06"]


def test_what_stands_alone_has_no_context(tmp_path: Path) -> None:
    """A single sentence has nothing to unfold."""
    assert around(document(tmp_path, "date 2024-05-06 Only this.\n"), 0) == ()


def test_long_neighbours_are_left_to_the_article(tmp_path: Path) -> None:
    """A neighbour as long as an article is not unfolded into the chat, and none is cut."""
    long = "x" * (NEIGHBOUR_MAX_CHARS + 1)
    doc = document(tmp_path, f"date 2024-05-06 Short one. Here it is. {long} is long.\n\nFAQ:\n\nQ: A?\n\nA: {long}\n")
    assert words(around(doc, 1)) == ["Short one. Here it is."]
    assert around(doc, 3) == ()


def test_passage_number_that_points_elsewhere_does_no_harm(tmp_path: Path) -> None:
    """A citation of an older reading of the document is shown as far as it can be placed."""
    doc = document(tmp_path)
    quote = "Two were wet."
    start = doc.source.index(quote)
    for number in (-1, 0, 6, 7, 99):
        cited = Citation(doc.id, doc.headline, None, number, start, start + len(quote), quote)
        assert marked(surroundings(cited, doc)) in ([quote], [])
