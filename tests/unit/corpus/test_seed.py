"""Reading the seed format."""

from datetime import date
from pathlib import Path

import pytest

from webapp.corpus.model import Document, PassageKind, Problem
from webapp.corpus.readers.seed import read_seed
from webapp.corpus.readers.source_file import SourceFile

SEED = Path(__file__).parents[3] / "seeds" / "000_e9223e5004065d9e.txt"


def read_all(source: str) -> tuple[list[Document], list[Problem]]:
    file = SourceFile("d.txt", source.encode())
    return read_seed(file), file.problems


def read(source: str) -> tuple[Document, list[Problem]]:
    documents, problems = read_all(source)
    assert len(documents) == 1
    return documents[0], problems


def sentences(document: Document) -> list[str]:
    return [document.text(p) for p in document.passages if p.kind is PassageKind.SENTENCE]


def test_seed_article_is_read_whole() -> None:
    """The seed article gives its date, nine sentences in three paragraphs and five FAQ answers, no problem."""
    document, problems = read(SEED.read_text(encoding="utf-8"))
    assert problems == []
    assert document.published == date(2023, 12, 28)
    assert document.headline_derived
    assert document.headline.startswith("In a significant development, India and Russia")
    assert len(document.paragraphs) == 3
    assert len(sentences(document)) == 9
    assert sentences(document)[1].endswith("S. Jaishankar, in Moscow.")
    faq = [p for p in document.passages if p.kind is PassageKind.FAQ]
    assert [document.question(p) for p in faq][1] == "What areas of cooperation were discussed during the meetings?"
    assert document.text(faq[2]) == "Concrete steps have been taken, although specific details have not been disclosed."


def test_offsets_are_true() -> None:
    """Every passage and question stands in the source where its span says, without space at its ends."""
    document, _ = read(SEED.read_text(encoding="utf-8"))
    for passage in document.passages:
        for span in (passage.span, *passage.questions):
            text = document.source[span.start : span.end]
            assert text and text == text.strip()


@pytest.mark.parametrize(
    "sentence",
    [
        "He met S. Jaishankar in Moscow.",
        "The U.S. Army paid Rs. 4.5 crore to Dr. Rao at 4 p.m. on Monday.",
        "See No. 7 and No. 12 of the list, at 3.5 km.",
        "“It is not refusal, it is busy lives,” said Dr. Farah Mirza.",
        "St. Brendan’s College, e.g. its hall, grew by 4.2% a year.",
    ],
)
def test_abbreviations_do_not_split(sentence: str) -> None:
    """Initials, abbreviations and decimals stay inside their sentence."""
    document, _ = read(f"date 2024-01-02 {sentence} It ended there.")
    assert sentences(document) == [sentence, "It ended there."]


def test_month_of_may_ends_a_sentence() -> None:
    """The month of May before a capitalised word ends a sentence; before a number it does not."""
    document, _ = read("date 2024-01-02 The rains start in May. Honduras has a dredger. It opened on May 12.")
    assert sentences(document) == ["The rains start in May.", "Honduras has a dredger.", "It opened on May 12."]


def test_answers_keep_their_paragraphs() -> None:
    """An answer of several paragraphs is one passage, blank lines included."""
    document, _ = read(
        "date 2024-01-02 One thing.\n\nFAQ:\n\nQ: How much?\n\nA: First.\n\nSecond.\n\nQ: Who?\n\nA: She.\n"
    )
    assert [document.text(p) for p in document.passages[1:]] == ["First.\n\nSecond.", "She."]


def test_wordings_share_an_answer() -> None:
    """Several questions before one answer are wordings of it."""
    document, _ = read("date 2024-01-02 One thing.\n\nFAQ:\nQ: How much?\nQ: What does it cost?\nA: Ten.\n")
    passage = document.passages[1]
    assert [span.of(document.source) for span in passage.questions] == ["How much?", "What does it cost?"]


def test_title_is_kept_when_there_is_one() -> None:
    """A first line that is no sentence is the headline, not derived, and not a passage."""
    document, _ = read("date 2024-01-02 Ferry to run all night\n\nThe ferry runs all night from June.\n")
    assert (document.headline, document.headline_derived) == ("Ferry to run all night", False)
    assert sentences(document) == ["The ferry runs all night from June."]


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("date 2024-01-02 One.\n\nFAQ:\n\nQ: Who?\n\nA: She.\n\nQ: When?\n", "question-without-answer", 9),
        ("date 2024-01-02 One.\n\nFAQ:\n\nQ: Who?\n\nQ: When?\nA: Then.\n", "questions-apart", 7),
        ("date 2024-01-02 One.\n\nFAQ:\n\nQ: Who?\n\nA:\n", "empty-answer", 7),
        ("date 2024-01-02 One.\n\nFAQ:\n\nA: She.\n", "answer-without-question", 5),
        ("date 2024-01-02 One.\n\nFAQ:\n\nQ:\n\nA: She.\n", "empty-question", 5),
        ("date 2024-01-02 One.\n\nFAQ:\n\nSome words.\n\nQ: Who?\n\nA: She.\n", "stray-faq-text", 5),
        ("date 2024-13-02 One.\n", "bad-date", 1),
        ("One thing happened.\n", "no-date", 1),
        ("date 2024-01-02 FAQ:\nOne.\n\nQ: Who?\nA: She.\n", "no-faq-line", 4),
        ("date 2024-01-02\nFAQ:\nQ: Who?\nA: She.\n", "no-article", 2),
        ("date 2024-01-02 One.\n\nFAQ:\n\nSome words.\n", "stray-faq-text", 5),
    ],
)
def test_problems_have_their_line(source: str, code: str, line: int) -> None:
    """What an author must mend is named with its line, and the rest is served."""
    document, problems = read(source)
    assert (code, line) in [(problem.code, problem.line) for problem in problems]
    assert document.passages


@pytest.mark.parametrize(("source", "code"), [("", "empty"), (" \n\n ", "empty"), ("date 2024-01-02 \n", "no-content")])
def test_nothing_to_serve(source: str, code: str) -> None:
    """A file without content gives no document and says so."""
    documents, problems = read_all(source)
    assert documents == []
    assert code in [problem.code for problem in problems]


@pytest.mark.parametrize(
    "head",
    [
        "date 2024-01-02\ntags: Culture, public  works,Culture,\nsource: https://example.org/a?b=1\n\n",
        "Tags: Culture, public works\nSource: https://example.org/a?b=1\ndate 2024-01-02 ",
    ],
)
def test_tags_and_source(head: str) -> None:
    """Tags and source stand on lines of their own around the date, and are no part of the article."""
    document, problems = read(head + "The hall opened. Tags: none.")
    assert problems == []
    assert document.tags == ("Culture", "public works")
    assert document.source_url == "https://example.org/a?b=1"
    assert document.published == date(2024, 1, 2)
    assert sentences(document) == ["The hall opened.", "Tags: none."]


@pytest.mark.parametrize("url", ["Reuters", "javascript:alert(1)", "https://", "http://[", 'https://example.org/"x'])
def test_source_that_is_no_address(url: str) -> None:
    """A source that no link may lead to is told, and stays in the article."""
    document, problems = read(f"date 2024-01-02\nsource: {url}\n\nThe hall opened.")
    assert document.source_url is None
    assert [(problem.code, problem.line) for problem in problems] == [("bad-source", 2)]
    assert f"source: {url}" in document.source[document.paragraphs[0].start :] or document.headline == f"source: {url}"


def test_all_facts_in_the_head() -> None:
    """Language and validity stand in the head, too."""
    document, problems = read(
        "Language: pt_BR\nvalid from: 2024-01-01\ndate 2024-01-02\nValid until: 2024-12-31\n\nThe hall opened."
    )
    assert problems == []
    assert (document.language, document.valid_from, document.valid_until) == (
        "pt-BR",
        date(2024, 1, 1),
        date(2024, 12, 31),
    )


def test_several_documents_in_one_file() -> None:
    """Hyphens part documents, as a new date after an FAQ does; lines are the file's."""
    documents, problems = read_all(
        "date 2024-01-01 First.\n\nFAQ:\n\nQ: One?\n\nA: 1.\n\n"
        " date 2024-01-02 Second.\n\nFAQ:\n\nQ: Two?\n\nA: 2.\n\n---\n"
        "Third.\n\nFAQ:\nQ: Three?\n--------\n\n"
    )
    assert [sentences(document) for document in documents] == [["First."], ["Second."], ["Third."]]
    assert [document.question(document.passages[-1]) for document in documents] == ["One?", "Two?", None]
    assert [(problem.code, problem.line) for problem in problems] == [("no-date", 18), ("question-without-answer", 21)]


@pytest.mark.parametrize("text", ["The day was\ndate 2024-02-02 in the list.", "A.\n\ndate 2024-02-02 B."])
def test_a_date_in_an_article_begins_no_document(text: str) -> None:
    """Only after an FAQ and a blank line."""
    assert len(read_all(f"date 2024-01-01 {text}")[0]) == 1


def test_language_is_detected() -> None:
    """Where no line declares it, the text tells."""
    document, _ = read("Der Zug fährt um neun Uhr ab und kommt am Abend an.")
    assert document.language == "de"


@pytest.mark.parametrize(
    "sentence",
    [
        "کشتی رات کو بھی چلتی ہے۔",
        "هل تعمل العبارة ليلا؟",
        "Լաստանավը գիշերն էլ է աշխատում։",
        "ጀልባው ሌሊትም ይሠራል።",
        "សាឡាងដំណើរការពេញមួយយប់។",
        "ကူးတို့သင်္ဘောသည် တစ်ညလုံး ပြေးဆွဲသည်။",
        "เรือข้ามฟากลำใหม่ชื่อสายรุ้งบรรทุกผู้โดยสารได้สามร้อยห้าสิบคน เรือลำนี้ราคายี่สิบสองล้านบาท",
    ],
)
def test_a_first_sentence_in_any_script_is_quoted(sentence: str) -> None:
    """It ends with the full stop of its script, or is too long for a headline where there is none."""
    document, _ = read(f"{sentence}\n\n{sentence} {sentence}\n")
    assert document.passages[0].span.start == 0


def test_a_short_first_line_in_thai_is_the_headline() -> None:
    """As one in any other script that does not end like a sentence."""
    document, _ = read("เรือข้ามฟากลำใหม่\n\nเรือวิ่งจากท่าเรือเหนือไปท่าเรือใต้ทุกชั่วโมง\n")
    assert (document.headline, document.headline_derived) == ("เรือข้ามฟากลำใหม่", False)
