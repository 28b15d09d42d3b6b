"""What is told of an article without looking for words: how it begins, which says what it is about, and how it goes on.

Reporters are taught to say in the first sentence what happened.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from webapp.answering.quoting import quoted
from webapp.answering.reply import Answer
from webapp.answering.timing import PUBLICATION
from webapp.corpus.model import Corpus, PassageKind
from webapp.patterns import Pattern
from webapp.retrieval.index import Index

CONFIDENCE = 0.6
"""Of a sentence that was not compared with what was asked."""

_ARTICLE = rf"(?:{PUBLICATION}|report)"
_THIS = rf"(?:(?:this|that|the|your) {_ARTICLE}|this|that|it)"
_ASKED = r"(?:(?:can|could|will|would) you |please |just |tell me |i want to know |so |ok |and )*"
_SUMMARY = r"(?:summary|overview|synopsis|gist|outline|recap)"
_QUESTIONS = (
    rf"(?:in short )?(?:what is|what'?s|what) {_THIS}(?: all| really| mainly)? about",
    rf"what {_THIS} is(?: all| really| mainly)? about",
    rf"(?:what (?:does|did) )(?:this|that|the) {_ARTICLE} (?:say|tell|deal with)(?: us| me)?",
    rf"(?:about )?(?:this|the) {_ARTICLE}",
    rf"(?:give me |show me |i need |i want |do you have |make )?(?:an? |the )?(?:short |brief |quick )?{_SUMMARY}"
    rf"(?: (?:of|on) {_THIS})?(?: for me)?",
    rf"(?:(?:summari[sz]e|sum up|recap|outline)(?: {_THIS})?|sum {_THIS} up)(?: for me)?",
    rf"(?:(?:what is|what'?s|what are|give me) )?(?:the )?main (?:points?|idea|message|topic|subject|story)"
    rf"(?: (?:of|in) {_THIS})?",
    rf"(?:what is|what'?s|give me) the (?:story|gist|headline|topic|subject)(?: (?:of|in) {_THIS})?(?: here)?",
    r"tl;?dr|(?:in short|in brief|in a nutshell|headline)",
)
_ASKS = Pattern(rf"(?i)^\W*{_ASKED}(?:{'|'.join(_QUESTIONS)})(?:,? please|,? thanks| exactly)?\W*$")
_WHAT_HAPPENED = Pattern(
    r"(?i)^\W*(?:so |and )?what(?:'?s| is| has)? happen(?:ed|ing)(?: here| there)?(?: please)?\W*$"
)


def asks_for_an_overview(question: str, *, first: bool = True) -> bool:
    """Tell whether a question asks for nothing but what an article is about: "what is this about?", "summary".

    Args:
        question: what is asked.
        first: whether nothing was told before: after an answer "what happened?" asks about what that tells.
    """
    return _ASKS.compiled.match(question) is not None or (first and _WHAT_HAPPENED.compiled.match(question) is not None)


def beginning(corpus: Corpus, number: int | None, within: NDArray[np.int64] | None, limit: int) -> list[Answer]:
    """Return the first sentences of a document, or of one of FAQ alone its first entries; nothing of an unknown one.

    Args:
        corpus: the documents.
        number: of the document that is asked about; None for the only one that may answer.
        within: the numbers of the documents that may answer; all when not given.
        limit: most sentences returned.
    """
    open_to = range(len(corpus.documents)) if within is None else within.tolist()
    if number is None and len(open_to) == 1:
        number = int(open_to[0])
    if number is None or number not in open_to:
        return []
    document = corpus.documents[number]
    sentences = [passage for passage in document.passages if passage.kind is PassageKind.SENTENCE]
    return [quoted(document, passage, CONFIDENCE) for passage in (sentences or document.passages)[:limit]]


def following(index: Index, told: Sequence[int], limit: int) -> list[Answer]:
    """Return the next passages of the document that was told of last, and after its end those before.

    Args:
        index: what is asked.
        told: numbers of the passages that were told, oldest first.
        limit: most passages returned.
    """
    number = int(index.document_of[told[-1]])
    document, first = index.corpus.documents[number], int(index.first_passage[number])
    here = index.passage_number[told[-1]]
    untold = [passage for passage in document.passages if first + passage.number not in told]
    untold.sort(key=lambda passage: (passage.number < here, passage.number))
    return [quoted(document, passage, CONFIDENCE) for passage in untold[:limit]]
