"""What kind of answer a question expects: asked of visitors' questions and of the FAQ's own.

The kind is read from the question's form, with general knowledge of English only: question words ("when"), measured
attributes ("how long", "cost") and, for "which city" or "what animal", the kind of thing the noun names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from webapp.retrieval.analysis import words
from webapp.retrieval.lexicon import Lexicon


class Expects(StrEnum):
    """The kind of answer a question expects."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    DURATION = "duration"
    COUNT = "count"
    MONEY = "money"
    MEASURE = "measure"
    REASON = "reason"
    MANNER = "manner"
    YES_NO = "yes/no"
    THING = "thing"
    """A thing of a named kind: "which animal"."""
    OPEN = "open"


FUNCTION_WORDS = frozenset(
    """a about above after again against all also although always am among an and another any anybody anyone anything are
    around as at away back be because been before being below between both but by came can cannot come could did do does
    doing done down during each either else ever every everybody everyone everything few for from further get gets
    getting give given go goes going gone got had has have having he hence her here hers herself him himself his how
    however i if in into is it its itself just kind know let like made make makes many may maybe me might mine more most
    much must my myself near need neither never no nobody none nor not nothing now of off often on once one only onto
    or other others our ours ourselves out over own per perhaps please put quite rather really said same say says see
    shall she should since so some somebody someone something sort still such take tell than that the their theirs them
    themselves then there these they thing things this those though through to together too toward towards under until
    up upon us use used using very want was way we well went were what whatever when whenever where wherever whether
    which while who whoever whole whom whose why will with within without would yes yet you your yours yourself
    yourselves ok okay anyway actually d ll m re s t ve don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn
    haven hadn whats hows wheres whos im ive id thats theres can't don't doesn't didn't isn't aren't wasn't weren't
    won't wouldn't couldn't shouldn't hasn't haven't hadn't i'm i've i'd i'll you're you've you'll he's she's it's we're
    we've they're they've let's that's there's what's who's how's where's when's why's""".split()
)

_MONEY = re.compile(
    r"\b(?:cost|costs|price|prices|priced|pay|pays|paid|paying|salary|salaries|wage|wages|budget|fee|fees|fare|fares"
    r"|earn|earns|earned|worth|spend|spends|spent|spending|money|cash|fund|funding|funded|expensive|cheap|fine|fines"
    r"|fined|charge|charged|invest|invested|investment|donate|donated|loan|debt|income|revenue|profit|compensation"
    r"|prize|subsidy|grant|tuition|rent|tax|price tag|euros|dollars|pounds|bill)\b"
)
_DURATION = re.compile(r"\bhow (?:long|much time|many (?:years|months|weeks|days|hours|minutes|seconds))\b|\bduration\b")
_TIME = re.compile(
    r"^(?:\w+ ){0,3}?(?:when|since when|until when|by when|how soon|how often)\b"
    r"|\b(?:what|which) (?:year|date|day|month|time|century|decade|season|week|weekday|period|era)\b"
    r"|\b(?:at what time|on what day|in what year|what are the (?:opening )?(?:hours|times|dates))\b"
)
_MEASURE = re.compile(
    r"\bhow (?:far|tall|high|deep|wide|large|big|heavy|fast|old|hot|cold|thick|loud|strong|close|small|steep|young)\b"
    r"|\bwhat (?:is|was|are|were) the (?:height|length|width|depth|weight|size|area|speed|distance|age|temperature"
    r"|capacity|population|volume|percentage|share|rate|proportion|number)\b"
    r"|\b(?:percent|percentage|proportion|what share|what fraction)\b"
)
_COUNT = re.compile(r"\bhow (?:many|often|much)\b|\bnumber of\b")
_PERSON = re.compile(r"\b(?:who|whom|whose|which (?:person|man|woman|people)|what(?:'s| is| was) the name of the)\b")
_PLACE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:city|town|country|place|location|state|region|village|island|continent"
    r"|county|province|district|street|venue|building|port|capital|nation|area|destination|site|address)\b"
)
_REASON = re.compile(r"\bwhy\b|\bhow come\b|\bwhat (?:is|was|were|are) the (?:\w+ )?(?:reasons?|causes?|motives?)\b")
_REASON_OF = re.compile(r"\b(?:for what reason|what (?:caused|led to|made|prompted|triggered)|what for|reasons? (?:for|why))\b")
_MANNER = re.compile(r"^(?:\w+ ){0,2}?how (?!many|much|long|far|old|tall|big|high|often|come)\b|\bin what way\b")
_YES_NO = re.compile(
    r"^(?:and |but |so |or |please |hi |hello |hey )*(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may"
    r"|might|must|am|isn't|aren't|don't|doesn't|didn't|can't|won't|shall|any)\b"
)
_KIND_OF_THING = re.compile(
    r"\b(?:what|which)(?: (?:kinds?|types?|sorts?|names?) of| other| two| three| famous| main| new)? ([a-z]+(?: [a-z]+)?)\b"
)


@dataclass(frozen=True, slots=True)
class AskedKind:
    """The kind of answer expected; `senses` is a mask over the lexicon's senses for a thing of a named kind."""

    expects: Expects
    senses: int = 0
    noun: str = ""


def asked_kind(text: str, lexicon: Lexicon) -> AskedKind:
    """Return the kind of answer that `text` expects."""
    plain = " ".join(text.replace("’", "'").lower().split())[:400]
    money = _MONEY.search(plain) is not None
    if _REASON.search(plain) or _REASON_OF.search(plain):
        return AskedKind(Expects.REASON)
    if _DURATION.search(plain):
        return AskedKind(Expects.DURATION)
    if _TIME.search(plain):
        return AskedKind(Expects.TIME)
    if _MEASURE.search(plain):
        return AskedKind(Expects.MEASURE)
    if _COUNT.search(plain):
        much = "how much" in plain
        return AskedKind(Expects.MONEY if much and money else Expects.MEASURE if much else Expects.COUNT)
    if _PLACE.search(plain):
        return _thing(plain, lexicon, Expects.PLACE)
    if _PERSON.search(plain):
        return AskedKind(Expects.PERSON)
    if re.search(r"\bwhat\b", plain) and re.search(r"\b(?:cost|price|fee|salary|budget|fare|wage)s?\b", plain):
        return AskedKind(Expects.MONEY)
    if _YES_NO.search(plain):
        return AskedKind(Expects.YES_NO)
    if _MANNER.search(plain):
        return AskedKind(Expects.MANNER)
    return _thing(plain, lexicon, Expects.THING)


def _thing(plain: str, lexicon: Lexicon, kind: Expects) -> AskedKind:
    match = _KIND_OF_THING.search(plain)
    if match is not None:
        # "which long distance flights": the last known noun of the pair is the kind of thing.
        for word in reversed([*words(match[1])]):
            mask = lexicon.sense_mask(word.term)
            if mask and word.folded not in FUNCTION_WORDS:
                return AskedKind(kind, mask, word.term)
    return AskedKind(kind if kind is Expects.PLACE else Expects.OPEN)


KINDS = tuple(Expects)
