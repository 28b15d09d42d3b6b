"""Ask a question, get a reply: the only door of this package."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from webapp.answering import messages
from webapp.answering.dating import by_date
from webapp.answering.dialogue import NOTHING, Carried, carry, wants_more
from webapp.answering.explaining import explain
from webapp.answering.judging import is_shown, is_tie, is_wording, ranked, says_something, told_as
from webapp.answering.model import Model, shipped_model
from webapp.answering.question import Asked, missing_words, read_question
from webapp.answering.quoting import dated_answer, quoted, stands
from webapp.answering.ranking import BankAnswer, Judged, Ranking, rank
from webapp.answering.reading_on import asks_for_an_overview, beginning, following
from webapp.answering.receipt import receipt
from webapp.answering.reply import EVERYTHING, Answer, AnswerKind, Context, Explanation, Outcome, Reply, Scope
from webapp.answering.scoping import Ids, asked_about, documents_within, passages_told
from webapp.answering.smalltalk import REPLIES, smalltalk_kind
from webapp.answering.suggesting import SUGGESTIONS, Suggestions
from webapp.answering.timing import TimeQuestion, read_time_question
from webapp.answering.versions import Versions, newest_first
from webapp.corpus.days import server_day
from webapp.corpus.model import Chosen, Corpus
from webapp.corpus.sections import Keep, as_it_is
from webapp.retrieval.finding import find_documents
from webapp.retrieval.index import Index
from webapp.retrieval.language import ENGLISH, Language
from webapp.retrieval.spelling import corrected
from webapp.retrieval.telling import Told, tell_nobody
from webapp.stages import ANALYSIS, stage

logger = logging.getLogger(__name__)

ALTERNATIVES = 3
QUESTION_CHARS_READ = 4000
TURNS_READ = 4
"""Earlier questions that are read, newest last."""
DATE_CONFIDENCE = 0.9

_NO_CONTEXT = Context()


@dataclass(frozen=True)
class Answerer:
    """Answers questions from one corpus. Immutable; many threads may ask at once."""

    corpus: Corpus
    index: Index
    model: Model
    suggesting: Suggestions
    versions: Versions
    """Of all documents that are served, in whatever language."""
    target_precision: float = 0.9
    today: Callable[[], date] = server_day
    """Documents whose last day is past do not answer, whenever the index was built."""

    @classmethod
    def build(
        cls,
        corpus: Corpus,
        *,
        target_precision: float = 0.9,
        model: Model | None = None,
        language: Language = ENGLISH,
        versions: Versions | None = None,
        keep: Keep = as_it_is,
        tell: Told = tell_nobody,
    ) -> Answerer:
        """Index a corpus.

        Args:
            corpus: the documents to answer from.
            target_precision: wished-for share of outright answers that are right, in [0.5, 1).
            model: learned coefficients; the shipped ones when not given.
            language: which the documents are in.
            versions: what else is said to the same questions; found here when not given.
            keep: where the large arrays of the index are put.
            tell: hears how far it is.

        Raises:
            TooLarge: there is more in the documents than can be numbered.
        """
        from webapp.retrieval.building import build_index

        index = build_index(corpus, language, keep=keep, tell=tell)
        versions = versions or Versions.of(corpus)
        return cls(corpus, index, model or shipped_model(), Suggestions.of(corpus), versions, target_precision)

    def ask(self, question: str, context: Context = _NO_CONTEXT, *, alternatives: int = ALTERNATIVES) -> Reply:
        """Return the reply to one question; nothing a visitor types raises.

        Args:
            question: what was typed.
            context: earlier turns, and the one document or tag to answer from if there is one.
            alternatives: most further answers returned, best first.
        """
        reply = self._verified(self._reply(question, context, alternatives), context)
        return replace(reply, receipt=receipt(self.corpus.fingerprint, self.target_precision, context, reply))

    def suggestions(self, limit: int = SUGGESTIONS, scope: Scope = EVERYTHING) -> tuple[str, ...]:
        """Return questions that documents answer, taking one document after the other in turn."""
        return self.suggesting.first(limit, scope)

    def find(self, typed: str) -> Chosen:
        """Return the documents that hold what was typed, the one that is most about it first."""
        return Chosen(self.corpus.documents, find_documents(self.index, typed))

    def _reply(self, question: str, context: Context, alternatives: int) -> Reply:
        typed = question[:QUESTION_CHARS_READ]
        if not self.index.language.spoken(typed):
            message = messages.EMPTY if not typed.strip() else messages.NO_WORDS
            return self._abstain(question, context, message, "empty")
        if len(self._over()) == len(self.corpus.documents):
            return self._abstain(question, context, messages.NO_DOCUMENTS, "no-documents")
        with stage(ANALYSIS):
            corrections = self.index.spelling.corrections(typed)
            text = corrected(typed, corrections, self.index.language)
        carried = self.carried(context, text)
        remark = smalltalk_kind(typed)
        if remark is None and carried.told and wants_more(text):
            return self._more(question, context, alternatives)
        english = self.index.language is ENGLISH
        if remark is None and english and (when := read_time_question(text)) is not None:
            reply = self._dated(question, when, context, carried, alternatives)
            if reply is not None:
                return reply
        with stage(ANALYSIS):
            asked = read_question(text, self.index, carried)
        limit, within = alternatives + 1, self._within(context.scope)
        asked, ranking = ranked(self.index, self.model, asked, limit=limit, within=within)
        is_found = ranking.same_question or ranking.confidence >= self._outright()
        first = carried.last is None
        # After an answer whatever points back looks found, since it leans on that.
        if english and not (is_found if first else ranking.same_question) and asks_for_an_overview(text, first=first):
            about = asked_about(self.index, context.scope, carried.last)
            if begins := beginning(self.corpus, about, within, limit):
                return self._listed(question, begins, "overview", messages.BEGINS)
            remark = remark or "ability"
        if remark is not None and not is_found:
            answer = Answer(REPLIES[remark], AnswerKind.SMALLTALK, None, 1.0)
            suggestions, reason = self.suggestions(scope=context.scope), f"smalltalk-{remark}"
            return Reply(question, Outcome.SMALLTALK, "", 1.0, answer, suggestions=suggestions, reason=reason)
        return self._decided(question, context, asked, ranking, corrections, limit)

    def _decided(
        self,
        question: str,
        context: Context,
        asked: Asked,
        ranking: Ranking,
        corrections: Sequence[tuple[str, str]],
        limit: int,
    ) -> Reply:
        """Answer, hedge or abstain, by the confidence of the first hit."""
        missing = missing_words(asked, self.index)
        confidence = ranking.confidence
        known = ranking.same_question or says_something(self.index, asked, ranking)
        says_nothing = not (known or is_wording(ranking, self._outright()))
        if says_nothing or not is_shown(ranking, self.model):
            if says_nothing:
                confidence *= self.model.hedge_from if isinstance(ranking.detail, BankAnswer) else 0.0
            message = messages.not_answered(messages.as_typed(missing, question), context.scope)
            reason = "says-nothing" if says_nothing else "no-answer"
            reply = self._abstain(question, context, message, reason, missing)
            nearest = [self._answer(hit) for hit in ranking.hits]
            return replace(
                reply,
                confidence=confidence,
                alternatives=tuple(nearest),
                suggestions=self.suggesting.nearest(nearest, context.scope) or reply.suggestions,
                corrections=tuple(corrections),
                explanation=explain(self.index, self.model, asked, ranking) if ranking.hits else None,
            )
        answers = [self._answer(hit) for hit in ranking.hits]
        tied = is_tie(ranking.hits, answers, self.model.tie_within)
        versions = 0
        if context.scope.document_id is None or context.scope.document_id not in self.corpus.numbers:
            within = self._within(context.scope)
            among = None if within is None else Ids(self.corpus, within)
            answers, versions = newest_first(answers, self.corpus, self.versions, limit, tied=tied, among=among)
        outcome, message, reason = told_as(outright=confidence >= self._outright(), tied=tied, versions=versions)
        return Reply(
            question=question,
            outcome=outcome,
            message=message,
            confidence=confidence,
            answer=answers[0],
            alternatives=tuple(answers[1:]),
            missing_terms=missing,
            suggestions=self.suggesting.related(answers[0], asked.text),
            corrections=tuple(corrections),
            explanation=self._explained(asked, ranking, answers[0]),
            reason=reason,
            versions=versions,
        )

    def _explained(self, asked: Asked, ranking: Ranking, shown: Answer) -> Explanation | None:
        """Return why this answer; a newer version than the one that was found is judged in its own document."""
        number = self.corpus.numbers[shown.citation.document_id] if shown.citation else None
        if number is not None and number != self.index.document_of[ranking.hits[0].passage]:
            ranking = rank(self.index, self.model, asked, limit=2, within=np.array([number]))
        same = bool(ranking.hits) and self._answer(ranking.hits[0]).citation == shown.citation
        return explain(self.index, self.model, asked, ranking) if same else None

    def _outright(self) -> float:
        return self.model.outright_from(self.target_precision)

    def carried(self, context: Context, text: str) -> Carried:
        """Return what the conversation adds, asking the questions before again when their answers are not given."""
        if not context.previous:
            return NOTHING
        last = context.previous[-1][:QUESTION_CHARS_READ]
        before = corrected(last, self.index.spelling.corrections(last), self.index.language)
        return carry(self.index, text, before, self._told(context))

    def _told(self, context: Context) -> list[int]:
        """Return the numbers of the passages that answered the questions before, oldest first."""
        places = context.told
        if places is None:
            told: list[tuple[str, int]] = []
            asked: tuple[str, ...] = ()
            for question in context.previous[-TURNS_READ:]:
                earlier = replace(context, previous=asked, told=tuple(told))
                reply = self._reply(question, earlier, ALTERNATIVES)
                best = reply.answer or (reply.alternatives[0] if reply.alternatives else None)
                if best is not None and best.citation is not None:
                    told.append((best.citation.document_id, best.citation.passage))
                asked = (*asked, question)
            places = tuple(told)
        return passages_told(self.index.first_passage, self.corpus, places, self._over())

    def _within(self, scope: Scope) -> NDArray[np.int64] | None:
        return documents_within(self.corpus, scope, self._over())

    def _over(self) -> NDArray[np.int32]:
        """Return the numbers of the documents that answer no longer."""
        return self.corpus.over(self.today())

    def _dated(
        self, question: str, when: TimeQuestion, context: Context, carried: Carried, alternatives: int
    ) -> Reply | None:
        about, within = asked_about(self.index, context.scope, carried.last), self._within(context.scope)
        found = by_date(self.index, when, limit=alternatives + 1, document=about, within=within)
        if found is None:
            return None
        if not found:
            return self._abstain(question, context, messages.NOTHING_FROM_THEN, "no-document-of-that-time")
        answers = [dated_answer(one, DATE_CONFIDENCE) for one in found]
        return self._listed(question, answers, f"date-{when.kind.value}")

    def _more(self, question: str, context: Context, alternatives: int) -> Reply:
        """Tell the next sentences of the document that was answered from."""
        answers = following(self.index, self._told(context), alternatives + 1)
        if not answers:
            return self._abstain(question, context, messages.NOTHING_MORE, "nothing-more")
        return self._listed(question, answers, "more", messages.MORE)

    def _listed(self, question: str, answers: Sequence[Answer], reason: str, message: str = "") -> Reply:
        """Return a reply of answers that nothing was weighed for."""
        first = answers[0]
        suggestions = self.suggestions(scope=Scope(first.citation.document_id if first.citation else None))
        return Reply(
            *(question, Outcome.ANSWERED, message, first.confidence, first),
            alternatives=tuple(answers[1:]),
            suggestions=suggestions,
            reason=reason,
        )

    def _answer(self, hit: Judged) -> Answer:
        document = self.corpus.documents[self.index.document_of[hit.passage]]
        return quoted(document, document.passages[self.index.passage_number[hit.passage]], hit.confidence)

    def _abstain(
        self, question: str, context: Context, message: str, reason: str, missing: tuple[str, ...] = ()
    ) -> Reply:
        return Reply(
            question,
            Outcome.ABSTAINED,
            message,
            0.0,
            missing_terms=missing,
            suggestions=self.suggestions(scope=context.scope),
            reason=reason,
        )

    def _verified(self, reply: Reply, context: Context) -> Reply:
        """Return `reply`, or a refusal when what it would show is not what stands in the document."""
        for answer in (reply.answer, *reply.alternatives):
            if answer is not None and answer.kind is not AnswerKind.SMALLTALK and not stands(self.corpus, answer):
                logger.error("a quote does not stand in its document: %s", answer.citation)
                return self._abstain(reply.question, context, messages.UNVERIFIED, "unverified")
        return reply
