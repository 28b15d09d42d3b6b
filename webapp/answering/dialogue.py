"""What the conversation adds to a question: its topic, its document, what was already told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.retrieval.analysis import words
from webapp.retrieval.kinds import FUNCTION_WORDS

_LEADS_ON = re.compile(
    r"^\W*(?:and|but|or|so|then|also|what about|how about|what else|which one|which ones|who else|where else|why not"
    r"|tell me more|more|go on|continue|anything else|since when|until when|by whom|from where|to whom|how so|really)\b",
    re.IGNORECASE,
)
_POINTS_BACK = frozenset(
    """it its he she him her his hers they them their theirs this that these those there then one ones both such same
    former latter another else others mine there's that's it's he's she's they're""".split()
)
_MORE = re.compile(
    r"^\W*(?:and |so |ok |please )*(?:(?:can you |could you )?tell me more|more(?: please| details| information)?|go on|continue"
    r"|what else|anything else|say more|i want to know more|give me more)(?: about (?:it|this|that|them))?\W*$",
    re.IGNORECASE,
)

LEANING_STRONG = 1.0
LEANING_WEAK = 0.5
"""A question after another one leans on it a little even when nothing in it points back."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What earlier turns bring to a question."""

    terms: tuple[str, ...]
    """Content terms of the question before that the new one does not repeat."""
    leaning: float
    """How much the question leans on the conversation, in [0, 1]."""
    document: int | None
    """Number of the document of the answer before."""
    told: frozenset[int]
    """Numbers of passages already told, which are not told again."""


NOTHING = Carried((), 0.0, None, frozenset())


def leaning(question: str) -> float:
    """Return how much a question that comes after another one leans on it."""
    spoken = [word.folded for word in words(question)]
    content = [word for word in spoken if word not in FUNCTION_WORDS]
    if _LEADS_ON.search(question) or any(word in _POINTS_BACK for word in spoken) or len(content) <= 1:
        return LEANING_STRONG
    return LEANING_WEAK


def wants_more(question: str) -> bool:
    """Return whether the question only asks to go on: "tell me more"."""
    return _MORE.match(question) is not None
