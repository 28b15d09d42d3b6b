"""What the formats have of their own: layouts of exports, groups of rows, markup, pages, feeds."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from webapp.corpus.library import READERS, read_folder
from webapp.corpus.model import Document
from webapp.corpus.readers.source_file import SourceFile, Unreadable


def read(name: str, data: str | bytes) -> tuple[list[Document], list[tuple[str, int | None]]]:
    file = SourceFile(name, data.encode() if isinstance(data, str) else data)
    documents = READERS[Path(name).suffix](file)
    return documents, [(problem.code, problem.line) for problem in file.problems]


def faq(document: Document) -> dict[tuple[str, ...], str]:
    return {
        tuple(question.of(document.source) for question in passage.questions): document.text(passage)
        for passage in document.passages
        if passage.questions
    }


def test_azure_export() -> None:
    """Answers are Markdown, equal answers are one, metadata are tags, prompts-only rows are left out."""
    documents, problems = read(
        "azure.tsv",
        "Question\tAnswer\tSource\tMetadata\tSuggestedQuestions\tIsContextOnly\tPrompts\tQnaId\tSourceDisplayName\n"
        "Open?\tAt **ten**.\tEditorial\ttopic:hours|town:a\t[]\tFalse\t[]\t1\tx\n"
        "When?\tAt **ten**.\tEditorial\ttopic:hours|town:a\t[]\tFalse\t[]\t1\tx\n"
        "More?\tYes.\tEditorial\t\t[]\tTrue\t[]\t2\tx\n",
    )
    assert problems == [("context-only", 4)]
    assert [faq(document) for document in documents] == [{("Open?", "When?"): "At ten."}]
    assert documents[0].passages[0].markup == "<p>At <strong>ten</strong>.</p>\n"
    assert documents[0].tags == ("topic:hours", "town:a")


def test_qnabot_table() -> None:
    """Numbered questions are wordings; the Markdown is what is shown; the topic is the headline."""
    documents, problems = read(
        "bot.csv",
        "qid,question1,question2,answer,topic,markdown\nA.1,Who?,Whom?,She.,People,*She*.\nA.2,When?,,Now.,,\n",
    )
    assert problems == []
    assert [document.headline for document in documents] == ["People", "Bot"]
    assert [faq(document) for document in documents] == [{("Who?", "Whom?"): "She."}, {("When?",): "Now."}]


def test_rows_with_facts_of_their_own_are_documents() -> None:
    """Each set of facts is a document, whose id does not depend on its place."""
    rows = ["a,b,,", "c,d,de,", "e,f,,2024-01-31"]
    for order in (rows, rows[::-1]):
        documents, _ = read("f.csv", "Question;Answer;Language;Valid until\n".replace(";", ",") + "\n".join(order))
        assert {document.id: (document.language, document.valid_until) for document in documents} == {
            "": ("en", None),
            "de": ("de", None),
            "2024-01-31": ("en", date(2024, 1, 31)),
        }


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_lines_of_cells(separator: str) -> None:
    """What parts the columns is seen; a problem names the line its row begins on, whatever rows hold."""
    lines = [["Question", "Answer"], ["a", '"b\nc"'], ["", "d"], ["e", ""]]
    documents, problems = read("f.csv", "\n".join(separator.join(line) for line in lines))
    assert faq(documents[0]) == {("a",): "b\nc"}
    assert problems == [("empty-question", 4), ("empty-answer", 5)]


@pytest.mark.parametrize(
    ("data", "problem"),
    [("a,b\nc,d\n", ("no-columns", 1)), ('Question,Answer\na,b\nc,"d\n', ("bad-row", 3)), ("", ("empty", None))],
)
def test_tables_to_mend(data: str, problem: tuple[str, int | None]) -> None:
    """What cannot be a table."""
    assert problem in read("f.csv", data)[1]


def test_workbook() -> None:
    """Every sheet with the columns is read, dates and numbers as an author sees them, and lines are rows."""
    book = Workbook()
    for row in (["Q", "A", "Date"], ["How many?", 5, date(2024, 1, 31)], [None], ["Open?", None, None]):
        book.active.append(row)
    book.create_sheet("Notes").append(["Not a table"])
    for row in (["Question", "Answer"], ["Which?", "This."]):
        (book["More"] if "More" in book.sheetnames else book.create_sheet("More")).append(row)
    packed = io.BytesIO()
    book.save(packed)
    documents, problems = read("w.xlsx", packed.getvalue())
    assert [(document.headline, faq(document)) for document in documents] == [
        ("W", {("How many?",): "5"}),
        ("More", {("Which?",): "This."}),
    ]
    assert documents[0].published == date(2024, 1, 31)
    assert problems == [("empty-answer", 4)]


def test_json_lines_name_their_line() -> None:
    """Entries of a list have the line they begin on."""
    documents, problems = read("f.json", '{"version": 1,\n"qna": [\n{"q": ["a"], "a": "b"},\n{"q": []},\n7\n{"q"')
    assert faq(documents[0]) == {("a",): "b"}
    assert problems == [("bad-json", 6), ("not-an-object", 5)]


def test_markdown_questions() -> None:
    """By heading, in groups, with wordings, and by letters; each with its line when it is left open."""
    documents, problems = read(
        "f.md",
        "# Town\n\nThe hall opened.\n\n## Frequently asked questions\n\n"
        "### Money\n\n#### How much?\n#### What price?\n\n1. Ten\n2. [Five](https://e.org)\n\n#### Free?\n\n"
        "## After\n\n**Q:** Who?\nQ: Whom?\n**A:** She.\n\nAnd he.\n",
    )
    assert faq(documents[0]) == {("How much?", "What price?"): "Ten\nFive", ("Who?", "Whom?"): "She.\n\nAnd he."}
    assert problems == [("question-without-answer", 15)]
    assert documents[0].headline == "Town"
    assert "After" in [paragraph.of(documents[0].source) for paragraph in documents[0].paragraphs]
    assert "After" not in [documents[0].text(passage) for passage in documents[0].passages]


@pytest.mark.parametrize(
    ("front", "problem"),
    [
        ("title: a: b", ("bad-front-matter", 2)),
        ("title: a\ndate: soon", ("bad-date", 3)),
        ("lang: ?!", ("bad-language", 2)),
    ],
)
def test_front_matter_to_mend(front: str, problem: tuple[str, int]) -> None:
    """Its problems have their line, and the article is served."""
    documents, problems = read("f.md", f"---\n{front}\n---\nThe hall opened.")
    assert problems == [problem]
    assert documents[0].text(documents[0].passages[0]) == "The hall opened."


def test_long_markdown_paragraph() -> None:
    """One that could take minutes is refused with its line."""
    with pytest.raises(Unreadable) as refused:
        read("f.md", "A.\n\n" + "[" * 30_000)
    assert (refused.value.problem.code, refused.value.problem.line) == ("too-long-paragraph", 3)


PAGE = """<!doctype html><html lang="de"><head><meta charset="windows-1252">
<link rel="canonical" href="https://example.org/a">
<meta property="article:published_time" content="2024-05-01T23:00:00Z">
<title>Halle | Aldmoor</title></head><body><nav><a href="/">Start</a></nav>
<article><h1>Die Halle öffnet</h1><p>Die Halle öffnet am Montag für alle Bürger der Stadt, sagte die Verwaltung.</p>
<h2>Geschichte</h2><p>Sie wurde 1911 gebaut und hat seitdem zwei Brände und eine Flut überstanden.</p>
<details><summary>Was <b>kostet</b> es?</summary><p>Nichts. <a href="/preise">Mehr</a></p></details></article>
<script type="application/ld+json">{"@type": "FAQPage", "mainEntity": {"@type": ["Question"], "name": "Was kostet es?",
"acceptedAnswer": {"text": "<p>Nichts. <a href='/preise'>Mehr</a></p>"}}}</script>
<footer>Impressum</footer></body></html>"""


def test_page() -> None:
    """The article without what surrounds it, its own encoding and facts, each question once, links made whole."""
    documents, problems = read("p.html", PAGE.encode("windows-1252"))
    assert problems == []
    document = documents[0]
    assert (document.headline, document.language, document.published) == ("Die Halle öffnet", "de", date(2024, 5, 1))
    assert document.source_url == "https://example.org/a"
    assert faq(document) == {("Was kostet es?",): "Nichts. Mehr"}
    assert 'href="https://example.org/preise"' in str(document.passages[-1].markup)
    sentences = [document.text(passage) for passage in document.passages if not passage.questions]
    assert len(sentences) == 2 and sentences[1].startswith("Sie wurde 1911")
    assert "Impressum" not in document.source and "Start" not in document.source


def test_feed_entries() -> None:
    """Each entry is an article, found again by the last part of its address."""
    documents, problems = read(
        "f.rss",
        "<rss><channel><language>de</language>"
        "<item><title>A &amp;amp; B</title><link>https://e.org/n/a/</link><category>x</category><category>y</category>"
        "<pubDate>Wed, 01 May 2024 10:00:00 +0200</pubDate><description>Short.</description>"
        "<encoded><![CDATA[<p>One <b>and</b> two.</p><p>Three.</p>]]></encoded></item>\n"
        "<item><guid>7</guid><pubDate>soon</pubDate><description>Fish &amp;amp; chips.</description></item>"
        "</channel></rss>",
    )
    assert problems == [("bad-date", 2)]
    assert [(one.id, one.language, one.published, one.tags) for one in documents] == [
        ("a", "de", date(2024, 5, 1), ("x", "y")),
        ("7", "de", None, ()),
    ]
    assert [documents[0].text(passage) for passage in documents[0].passages] == ["One and two.", "Three."]
    assert documents[0].headline == "A & B"
    assert documents[1].text(documents[1].passages[0]) == "Fish & chips."


def test_nothing_heavy_is_loaded_for_text() -> None:
    """A folder of text needs none of the libraries of the other formats."""
    code = (
        "import sys, webapp.corpus.library as _; print({'lxml', 'trafilatura', 'openpyxl', 'nh3'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_short_rows_are_in_the_language_of_their_table(tmp_path: Path) -> None:
    """German “was” and “im” are English words as well; rows that are English stay so."""
    rows = (
        ("Was macht der Bademeister im Winter?", "Er zählt die Fische.", "bad"),
        ("Wo ist das neue Rathaus?", "Es steht am Markt, neben der alten Kirche.", "rathaus"),
        ("Wann öffnet die Bibliothek?", "Sie öffnet um neun Uhr, und am Samstag um zehn.", "bibliothek"),
        ("How much is a ticket for the night ferry?", "It is ten crowns for a grown-up.", "ferry"),
        ("Кто охраняет парк?", "Парк охраняет сторож.", "park"),
    )
    lines = ["Question,Answer,Topic", *(f'"{question}","{answer}",{topic}' for question, answer, topic in rows)]
    (tmp_path / "stadt.csv").write_text("\n".join(lines), "utf-8")
    found = {document.headline: document.language for document in read_folder(tmp_path).corpus.documents}
    assert found == {"bad": "de", "rathaus": "de", "bibliothek": "de", "ferry": "en", "park": "ru"}
