"""FAQ questions that are not answered by their own answer when they are asked."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages
from webapp.answering.reply import Answer, AnswerKind, Outcome, Reply
from webapp.authoring.article import faq
from webapp.authoring.twin_questions import Pairs
from webapp.corpus.lint.showing import place, shortened
from webapp.corpus.model import Corpus, Document, Passage, Problem, Severity, Span


def stolen_answers(answerer: Answerer | ManyLanguages, told: Pairs) -> Iterator[Problem]:
    """Ask every wording of every FAQ question; yield a problem for each that gets another answer, or none.

    Args:
        answerer: of all documents.
        told: pairs of answers whose questions are nearly the same, which is another problem.
    """
    for document in answerer.corpus.documents:
        for passage in faq(document):
            for question in passage.questions:
                reply = answerer.ask(question.of(document.source), alternatives=0)
                if (problem := _problem(answerer.corpus, document, passage, question, reply, told)) is not None:
                    yield problem


def _problem(
    corpus: Corpus, document: Document, passage: Passage, question: Span, reply: Reply, told: Pairs
) -> Problem | None:
    answer, citation = reply.answer, reply.answer.citation if reply.answer else None
    asked = f"“{shortened(question.of(document.source))}”"
    if reply.outcome is Outcome.ABSTAINED or answer is None:
        code, message = "question-not-answered", f"Asked {asked}, Newsstand finds no answer."
        advice = "Ask with words that the answer or the article has."
    elif citation is None:
        code, message = "question-not-answered", f"Asked {asked}, Newsstand takes it for small talk."
        advice = "Say in the question what it is about."
    else:
        here, there = (document.id, passage.number), (citation.document_id, citation.passage)
        same_words = answer.text.split() == document.text(passage).split()
        if here == there or same_words or (here, there) in told:
            return None
        code, message = "answered-by-another", f"Asked {asked}, Newsstand answers {_winner(corpus, answer)} instead."
        if reply.reason.startswith("date-"):
            advice = "It looks like a question about dates of publication: ask in other words."
        elif answer.kind is AnswerKind.FAQ:
            advice = "Say in both questions what tells them apart, or make one of them."
        else:
            advice = "Ask with words that the answer has, or add a wording."
    return Problem(document.path, document.line_of(question.start), code, message, advice, Severity.WARNING)


def _winner(corpus: Corpus, answer: Answer) -> str:
    """Return the answer, by its own question if it has one, with its place."""
    citation = answer.citation
    if citation is None:
        return "in its own words"
    where = place(corpus.by_id[citation.document_id], citation.start)
    if answer.question is not None:
        return f"what “{shortened(answer.question)}” asks ({where})"
    return f"“{shortened(answer.text)}” ({where})"
