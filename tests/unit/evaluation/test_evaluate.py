"""Sets of both kinds are read, asked and reported; what cannot be read is named with file and line."""

import io
import json
from pathlib import Path

import pytest

from webapp.answering.answerer import Answerer
from webapp.corpus.model import Corpus
from webapp.evaluation.calibration import calibrate, report, says_alike
from webapp.evaluation.report import main, write_plot
from webapp.evaluation.runner import STRANGERS, evaluate
from webapp.evaluation.sets import SetError, read_set

DOCUMENTS = {
    "bridge.txt": " date 2024-05-06 The new footbridge of Aldmoor opened on Monday. It is 180 metres long.\n\n"
    "FAQ:\n\nQ: Is there a toll for the footbridge?\n\nA: Crossing is free of charge.\n",
    "ferry.txt": " date 2025-02-03 The Sandholm ferry will run all night from March. "
    "Rosa Lind asked for a second crew.\n\n"
    "FAQ:\n\nQ: What does the night ferry cost?\n\nA: A ticket costs 6 euros after midnight.\n",
}
QUESTIONS = [
    {"id": "1", "q": "how long is the footbridge", "doc": "bridge.txt", "expect": ["180 metres"], "kind": "article"},
    {"id": "2", "q": "is there a toll", "doc": "bridge.txt", "expect": ["free of charge"], "kind": "faq"},
    {"id": "3", "q": "who painted the mona lisa", "doc": None, "expect": None, "kind": "oos"},
    {"id": "4", "q": "hello", "doc": None, "expect": None, "kind": "smalltalk"},
    {
        "id": "5",
        "q": "and who asked for it?",
        "doc": "ferry.txt",
        "expect": ["Rosa Lind"],
        "kind": "followup",
        "previous": "When will the Sandholm ferry run?",
    },
]


def write_lines(file: Path, rows: list[dict[str, object]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """A small newsroom set."""
    folder = tmp_path / "small-newsroom"
    (folder / "seeds").mkdir(parents=True)
    for name, text in DOCUMENTS.items():
        (folder / "seeds" / name).write_text(text, encoding="utf-8")
    write_lines(folder / "questions.jsonl", [*QUESTIONS])
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A small retrieval set of sentences of two articles."""
    folder = tmp_path / "small-articles"
    folder.mkdir()
    rows: list[dict[str, object]] = []
    texts = [
        "Oslo is the capital of Norway.",
        "It lies on a fjord.",
        "Rice grows in water.",
        "It feeds half the world.",
    ]
    for number, text in enumerate(texts):
        rows.append(
            {
                "id": f"s{number}",
                "kind": "sentence",
                "text": text,
                "document": str(number // 2),
                "headline": ["Oslo", "Rice"][number // 2],
                "paragraph": number % 2,
            }
        )
    write_lines(folder / "corpus.jsonl", rows)
    write_lines(
        folder / "queries.jsonl",
        [
            {"id": "q0", "text": "What is the capital of Norway?", "document": "0", "answerable": True},
            {"id": "q1", "text": "Where does rice grow?", "document": "1", "answerable": True},
            {"id": "q2", "text": "Who founded Oslo?", "document": "0", "answerable": False},
        ],
    )
    (folder / "qrels.tsv").write_text("q0\ts0\t1\nq1\ts2\t1\n", encoding="utf-8")
    return folder


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """A small bank with two wordings an answer and no answers' texts."""
    folder = tmp_path / "small-bank"
    folder.mkdir()
    topics = ["card", "loan", "branch", "rate", "transfer", "coin", "cheque", "app", "safe", "pin", "fee", "limit"]
    rows: list[dict[str, object]] = []
    for topic in topics:
        rows.append({"id": f"{topic}#0", "kind": "faq", "question": f"how do i get a {topic}", "group": topic})
        rows.append({"id": f"{topic}#1", "kind": "faq", "question": f"where is my {topic}", "group": topic})
    write_lines(folder / "corpus.jsonl", rows)
    write_lines(
        folder / "queries.jsonl",
        [
            {"id": f"q-{topic}", "text": f"i want a {topic} please", "answerable": True, "group": topic}
            for topic in topics
        ]
        + [{"id": "o", "text": "what is the meaning of life", "answerable": False}],
    )
    (folder / "qrels.tsv").write_text("".join(f"q-{t}\t{t}#{n}\t1\n" for t in topics for n in (0, 1)), encoding="utf-8")
    return folder


def test_newsroom_set_is_measured_by_kind(newsroom: Path) -> None:
    """Right answers come first, small talk and silence count as right outcomes."""
    question_set = read_set(newsroom)
    (figures,) = evaluate(question_set, Answerer.build(question_set.corpus))
    assert figures.figures["hit@1"].value == 1
    assert figures.by_kind["smalltalk"]["right outcome"].value == 1
    assert figures.by_kind["oos"]["right outcome"].value == 1
    assert figures.figures["AUROC against out of scope"].value == 1


def test_articles_are_asked_within_and_over_all(articles: Path) -> None:
    """Each question is asked of its article, with other articles' questions as strangers, and of all."""
    question_set = read_set(articles)
    within, everywhere = evaluate(question_set, Answerer.build(question_set.corpus))
    assert (within.scope, everywhere.scope) == ("within the article", "all documents")
    assert within.figures["hit@1"].value == everywhere.figures["hit@1"].value == 1
    assert within.by_kind[STRANGERS]["right outcome"].n == 2


def test_wordings_of_a_bank_are_one_answer(bank: Path) -> None:
    """A bank's wordings share one passage; every topic is found by its word."""
    question_set = read_set(bank)
    assert len(question_set.corpus.documents[0].passages) == 12
    (figures,) = evaluate(question_set, Answerer.build(question_set.corpus))
    assert figures.figures["hit@1"].value == 1


def test_report_as_tables_and_json(newsroom: Path, bank: Path) -> None:
    """Both forms say the same; strangers come from the other sets of the run."""
    tables, as_json = io.StringIO(), io.StringIO()
    assert main([str(newsroom), str(bank)], out=tables) == 0
    assert main([str(newsroom), str(bank)], as_json=True, out=as_json) == 0
    sets = json.loads(as_json.getvalue())["sets"]
    assert [one["name"] for one in sets] == ["small-newsroom", "small-bank"]
    for one in sets:
        figure = one["figures"]["hit@1"]
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert one["name"] in tables.getvalue()


def test_plot(newsroom: Path, tmp_path: Path) -> None:
    """The curve of precision against coverage is drawn."""
    pytest.importorskip("matplotlib")
    question_set = read_set(newsroom)
    write_plot(evaluate(question_set, Answerer.build(question_set.corpus)), tmp_path / "curve.svg")
    assert "<svg" in (tmp_path / "curve.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [("questions.jsonl", "\nnot json\n", "questions.jsonl:2"), ("questions.jsonl", "{}\n", "questions.jsonl:1: lacks")],
)
def test_unreadable_sets_are_named(newsroom: Path, file: str, text: str, place: str) -> None:
    """A broken line is named with its file and number."""
    (newsroom / file).write_text(text, encoding="utf-8")
    with pytest.raises(SetError, match=place):
        read_set(newsroom)


def test_no_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is no set gives exit code 2 and says what is missing."""
    assert main([str(tmp_path)]) == 2
    assert "questions.jsonl" in capsys.readouterr().err


def test_calibrate_holds_out_questions(newsroom: Path) -> None:
    """Every FAQ question is held out once as known and once as a stranger; the promise has intervals."""
    found = calibrate(read_set(newsroom).corpus, target_precision=0.9)
    assert found is not None
    assert (found.known, found.strangers) == (2, 2)
    assert found.chosen.answered.low <= found.chosen.answered.value <= found.chosen.answered.high
    assert "in 100" in report(found)
    assert json.dumps(found.as_dict())
    assert calibrate(Corpus(()), target_precision=0.9) is None


def test_an_article_may_say_what_its_faq_says() -> None:
    """An answer counts as right when it holds a good part of the words of the one that was left out."""
    answer = "It cost 4.2 million euros."
    assert says_alike(answer, answer)
    assert says_alike("The bridge cost 4.2 million euros and is 180 metres long.", answer)
    assert not says_alike("The bridge is 180 metres long.", answer)
    assert not says_alike("Anything", "It is.")
