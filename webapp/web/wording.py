"""What the answerer says, in the visitor's language.

The answerer speaks English, and so do the API, the command line and what is kept. Its sentences are fixed: pages look
them up among those listed here, which are the very ones of `webapp.answering` (a test compares).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Literal

from babel.lists import format_list
from flask import Flask
from markupsafe import Markup

from webapp.answering import messages
from webapp.answering.reply import EVERYTHING, Outcome, Reply, Scope
from webapp.web.languages import current, gettext

ListStyle = Literal["standard", "or"]


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark `text` for the catalogues; it is translated where it is shown."""
    return text


SENTENCES = frozenset(
    (
        N_("Please type a question."),
        N_("I could not find a word in that. Please ask a question in words."),
        N_("There are no documents to answer from yet."),
        N_("The closest I found:"),
        N_("Several documents answer this. Which one do you mean?"),
        N_("Documents of different dates answer this. The newest says:"),
        N_("The article begins:"),
        N_("More from the same article:"),
        N_("That is all this article says."),
        N_("No document here is from that time."),
        N_("I found a passage but could not verify it against its document, so I will not show it."),
        N_("The documents here do not answer this."),
        N_("This document does not answer this."),
        N_("The documents on this subject do not answer this."),
        N_("Hello! Ask me about the documents here, and I will show you the sentence that answers."),
        N_("You are welcome! Is there anything else you would like to know?"),
        N_("Goodbye, and thank you for stopping by."),
        N_("I am ready for your questions, thank you. I answer from the documents here."),
        N_("I am Newsstand: I look for the sentence that answers your question and show you where it stands."),
        N_("I answer questions from the documents here with their own sentences, word for word. Try one of these:"),
        N_("I am sorry this did not help. Asking in other words, or with a name or a place, often does."),
        N_("Thank you, that is good to hear! What else would you like to know?"),
        N_("All right. Ask me anything about the documents here."),
    )
)
"""What an answerer may say before or instead of a quote."""

SCOPES = (EVERYTHING, Scope(document_id="one"), Scope(tag="one"))
"""One of each kind that a refusal words otherwise."""

EVIDENCE = frozenset(
    (
        N_("the passage is worded alike"),
        N_("the FAQ question is worded alike"),
        N_("the paragraph is worded alike"),
        N_("the article is about this"),
        N_("it holds the kind of answer asked for"),
        N_("its place in the article"),
        N_("the conversation so far"),
        N_("likeness to the wordings of this answer"),
        N_("it is the very question of the FAQ"),
        N_("everything else"),
    )
)
"""What the pieces of evidence in an explanation are called."""


def register(app: Flask) -> None:
    """Give templates ``listed_words()``."""
    app.jinja_env.globals["listed_words"] = listed_words


def reply_message(reply: Reply) -> str:
    """Return what goes before the quote or stands for it; what is not known is shown as it is."""
    said = reply.message
    if reply.outcome is Outcome.SMALLTALK and reply.answer is not None:
        said = reply.answer.text
    if said in SENTENCES:
        return gettext(said)
    missing = missing_words(reply)
    # Turns that were kept before words were told as they are typed have them as they are looked up.
    for named, scope in product((missing, reply.missing_terms), SCOPES) if missing else ():
        if said == messages.not_answered(named, scope):
            return f"{gettext(messages.not_answered((), scope))} {_not_mentioned(missing)}"
    return said


def missing_words(reply: Reply) -> tuple[str, ...]:
    """Return the words of a question that no document holds, as they were typed."""
    return messages.as_typed(reply.missing_terms, reply.question) if reply.missing_terms else ()


def evidence_name(name: str) -> str:
    """Return what a piece of evidence is called."""
    return gettext(name) if name in EVIDENCE else name


def _not_mentioned(words: Sequence[str]) -> str:
    quoted = [gettext("“%(word)s”", word=word) for word in words]
    return gettext("No document here mentions %(words)s.", words=_listed(quoted, "or"))


def listed_words(words: Iterable[str], tag: str, style: ListStyle = "standard") -> Markup:
    """Return `words`, each in an element `tag` and in its own direction, as a list such as "a, b and c"."""
    element = Markup("<{0} dir='auto'>{1}</{0}>")
    return Markup(_listed([element.format(tag, word) for word in words], style))  # noqa: S704 - each word is escaped


def _listed(words: Sequence[str], style: ListStyle) -> str:
    return format_list(words, style=style, locale=current().tag)
