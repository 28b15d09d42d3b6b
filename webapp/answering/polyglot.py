"""Documents in several languages behind one door: each language has its own answerer.

A question is asked of the documents in its language first. Where those abstain, another language's documents may be
offered as the closest that was found, never outright: names and numbers look alike in all languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.answering import messages
from webapp.answering.answerer import ALTERNATIVES, Answerer
from webapp.answering.model import Model
from webapp.answering.receipt import receipt
from webapp.answering.reply import EVERYTHING, Context, Outcome, Reply, Scope
from webapp.answering.suggesting import SUGGESTIONS, Suggestions
from webapp.answering.versions import Versions
from webapp.corpus.detection import languages_of, primary
from webapp.corpus.model import Chosen, Corpus
from webapp.corpus.sections import Keep, as_it_is
from webapp.retrieval.language import Language, language_of
from webapp.retrieval.telling import Told, tell_nobody
from webapp.retrieval.weighting import TermIndex

_NO_CONTEXT = Context()
HELD_SHARE = 0.5
"""What a word that a language's documents hold says of a question's language, beside a function word."""


def answering_from(
    corpus: Corpus,
    *,
    target_precision: float = 0.9,
    model: Model | None = None,
    keep: Keep = as_it_is,
    tell: Told = tell_nobody,
) -> Answerer | ManyLanguages:
    """Return what answers questions from a corpus, in however many languages its documents are.

    Args:
        corpus: the documents to answer from.
        target_precision: wished-for share of outright answers that are right, in [0.5, 1).
        model: learned coefficients; the shipped ones when not given.
        keep: where the large arrays of the index are put.
        tell: hears how far it is.

    Raises:
        TooLarge: there is more in the documents than can be numbered.
    """
    by_tag: dict[str, list[int]] = {}
    for number, document in enumerate(corpus.documents):
        by_tag.setdefault(primary(document.language), []).append(number)
    most_first = sorted(by_tag, key=lambda tag: -len(by_tag[tag]))
    answerers: dict[str, Answerer] = {}
    versions = Versions.of(corpus)
    done = 0.0
    for tag in most_first or ["en"]:
        numbers = by_tag.get(tag, [])
        share = len(numbers) / max(1, len(corpus.documents))
        own = corpus if len(by_tag) <= 1 else Corpus(Chosen(corpus.documents, numbers))
        answerers[tag] = Answerer.build(
            own,
            target_precision=target_precision,
            model=model,
            language=language_of(tag),
            versions=versions,
            keep=keep,
            tell=_part_of(tell, done, share),
        )
        done += share
    if len(answerers) == 1:
        return next(iter(answerers.values()))
    return ManyLanguages(corpus, answerers, Suggestions.of(corpus), versions, target_precision)


def fields_of(answerer: Answerer | ManyLanguages) -> Iterator[TermIndex]:
    """Yield what questions are looked up in, of one language after the other."""
    for one in answerer.answerers.values() if isinstance(answerer, ManyLanguages) else (answerer,):
        yield from (one.index.row_words, one.index.document_words, one.index.document_characters)


def _part_of(tell: Told, before: float, share: float) -> Told:
    """Return what hears of one language's share of the work."""
    return lambda step, done: tell(step, before + share * done)


@dataclass(frozen=True)
class ManyLanguages:
    """Answers questions from documents in several languages. Immutable; many threads may ask at once."""

    corpus: Corpus
    answerers: Mapping[str, Answerer]
    """By primary language tag, the language of most documents first."""
    suggesting: Suggestions
    versions: Versions
    target_precision: float

    def ask(self, question: str, context: Context = _NO_CONTEXT, *, alternatives: int = ALTERNATIVES) -> Reply:
        """Return the reply to one question, from the documents in its language first."""
        reply = self._reply(question, context, alternatives)
        return replace(reply, receipt=receipt(self.corpus.fingerprint, self.target_precision, context, reply))

    def suggestions(self, limit: int = SUGGESTIONS, scope: Scope = EVERYTHING) -> tuple[str, ...]:
        """Return questions that documents answer, taking one document after the other in turn."""
        return self.suggesting.first(limit, scope)

    def find(self, typed: str) -> Chosen:
        """Return the documents that hold what was typed, those in its language first."""
        order = self.languages_of(typed, _NO_CONTEXT)
        # Each answerer's documents are chosen from those of all.
        found = (self.answerers[tag].find(typed).numbers for tag in order)
        return Chosen(self.corpus.documents, [int(number) for numbers in found for number in numbers])

    def languages_of(self, question: str, context: Context) -> list[str]:
        """Return the tags of the documents' languages, the one that the question is most likely in first."""
        before = self._tag_of(context.told[-1][0]) if context.told else None
        script = frozenset(languages_of(question))
        likely = {tag: self._likeness(question, tag) for tag in self.answerers}
        return sorted(likely, key=lambda tag: (tag not in script, -likely[tag], tag != before))

    def _reply(self, question: str, context: Context, alternatives: int) -> Reply:
        limited = self._tag_of(context.scope.document_id)
        if limited is not None:
            return self.answerers[limited].ask(question, context, alternatives=alternatives)
        order = self.languages_of(question, context)
        if about := (context.scope.tag or "").casefold():
            # A language without that tag would answer from all of its documents.
            order = [tag for tag in order if about in self.answerers[tag].corpus.tags] or order
        first, *others = order
        reply = self.answerers[first].ask(question, context, alternatives=alternatives)
        if reply.reason not in _UNANSWERED:
            return reply
        found = [self.answerers[tag].ask(question, context, alternatives=alternatives) for tag in others]
        shown = [other for other in found if other.outcome in (Outcome.ANSWERED, Outcome.HEDGED)]
        best = max(shown, key=lambda other: other.confidence, default=None)
        if best is None or best.reason == "more":
            return best or reply
        return replace(best, outcome=Outcome.HEDGED, message=messages.CLOSEST, reason="other-language")

    def _likeness(self, question: str, tag: str) -> float:
        """Return the mean of what the words of a question say for a language, in [0, 1]."""
        index = self.answerers[tag].index
        return _mean(
            [_sign(word.folded, index.holds(word.term), index.language) for word in index.language.spoken(question)]
        )

    def _tag_of(self, document_id: str | None) -> str | None:
        """Return the language of a document, by its primary tag; None when there is none of that id."""
        document = self.corpus.by_id.get(document_id or "")
        return primary(document.language) if document is not None else None


_UNANSWERED = frozenset(("no-answer", "says-nothing", "empty"))


def _sign(folded: str, held: bool, language: Language) -> float:
    if folded in language.function_words:
        return 1.0
    return HELD_SHARE if held else 0.0


def _mean(signs: Sequence[float]) -> float:
    return sum(signs) / len(signs) if signs else 0.0
