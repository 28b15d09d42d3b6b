"""What kinds of thing a row holds: numbers, money, dates, names, reasons; one bit each.

The lower bits are the lexicon's senses (`webapp.retrieval.lexicon.SENSES`); the ones here begin above them.
"""

from __future__ import annotations

import re
from itertools import count

from webapp.retrieval.lexicon import SENSES, Lexicon

_bits = count(len(SENSES))
NUMBER = 1 << next(_bits)
YEAR = 1 << next(_bits)
CALENDAR = 1 << next(_bits)
"""Months, weekdays, parts of the day."""
SPAN = 1 << next(_bits)
"""Units of time: years, hours."""
CURRENCY = 1 << next(_bits)
PERCENT = 1 << next(_bits)
UNIT = 1 << next(_bits)
"""Units of length, weight, volume, power, temperature."""
NAME = 1 << next(_bits)
"""A capitalised word inside a sentence."""
IN_NAME = 1 << next(_bits)
"""A capitalised word after a preposition of place."""
TITLED = 1 << next(_bits)
"""A name after a title or role, or two capitalised words."""
REASON = 1 << next(_bits)
SAID = 1 << next(_bits)
YES_NO = 1 << next(_bits)
"""Begins with yes or no."""
ASKS = 1 << next(_bits)
"""Ends with a question mark: it asks, it does not answer."""
CLOCK = 1 << next(_bits)
SPAN_NUMBER = 1 << next(_bits)
"""A number of years, hours and so on."""
MONEY_NUMBER = 1 << next(_bits)
UNIT_NUMBER = 1 << next(_bits)
QUOTED = 1 << next(_bits)

_COUNT_WORDS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion
    trillion dozen half twice double triple first second third fourth fifth sixth seventh eighth ninth tenth quarter
    both none single couple""".split()
_CALENDAR = """january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday morning afternoon evening night noon midnight today tomorrow yesterday
    spring summer autumn winter christmas easter weekend""".split()
_SPANS = """second minute hour day week month year decade centuri fortnight season""".split()
_CURRENCIES = """dollar euro pound yen rupe rupee yuan franc krona kronor krone peso real rand ruble roubl cent penc penni
    lira dirham shekel won baht dinar crore lakh zloti forint naira shill quetzal kwacha usd eur gbp sterl ringgit rupiah
    lev leu koruna hryvnia taka cedi birr riyal sol guarani tenge dong bolivar lempira""".split()
_UNITS = """metr meter kilometr kilomet mile foot feet inch yard acr hectar squar tonn ton kilo kilogram gram pound ounc
    litr liter gallon barrel watt kilowatt megawatt gigawatt volt degre celsius fahrenheit km kg cm mm mg mw gw kwh mph
    kmh knot byte megabyt gigabyt megawatt-hour kilowatt-hour cubic percent""".split()

_TERMS: dict[str, int] = {}
for _listed, _bit in (
    (_COUNT_WORDS, NUMBER),
    (_CALENDAR, CALENDAR),
    (_SPANS, SPAN),
    (_CURRENCIES, CURRENCY),
    (_UNITS, UNIT),
    (["percent"], PERCENT),
    (["becaus", "due", "caus", "sinc", "reason", "blame", "therefor", "henc"], REASON),
):
    for _word in _listed:
        _TERMS[_word] = _TERMS.get(_word, 0) | _bit

_NUMBER = (
    r"(?:\d[\d.,]*|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million"
    r"|billion|half|several|a|an|dozen|few)\b)"
)
_PATTERNS = (
    (NAME, re.compile(r"(?<=[a-z,;:—–-] )[“\"‘(]?[A-Z][\w’'-]+")),
    (IN_NAME, re.compile(r"\b(?:in|at|near|from|to|of|outside|across|around|through|between|into|on) (?:the )?[A-Z][\w’'-]+")),
    (TITLED, re.compile(r"\b[A-Z][\w’'-]+ (?:[A-Z]\. ?)?(?:van |von |de |da |del |al |bin |Ó )?[A-Z][\w’'-]+")),
    (REASON, re.compile(r"\b(?:because|due to|owing to|as a result|so that|in order to|after|since|thanks to|blam\w+|caused|reason|to (?:help|avoid|prevent|protect|make|keep|save|reduce|ensure|improve|allow|give|strengthen|promote|enhance)|which means|as the)\b", re.I)),
    (SAID, re.compile(r"\b(?:said|says|told|warned|added|argued|announced|explained|insisted|called|according to)\b", re.I)),
    (YES_NO, re.compile(r"^(?:yes|no|not|only|it depends)\b", re.I)),
    (ASKS, re.compile(r"\?[\"”’']?\s*$")),
    (CLOCK, re.compile(r"\b\d{1,2}(?::\d\d)?(?: ?[ap]\.?m\b|:\d\d)|\b(?:noon|midnight|o'clock)\b", re.I)),
    (SPAN_NUMBER, re.compile(rf"\b{_NUMBER}(?:[ -](?:and a half|more|to|or|and|further|consecutive|{_NUMBER}))*[ -](?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies))\b|\bovernight\b|\buntil\b", re.I)),
    (MONEY_NUMBER, re.compile(r"[$€£¥₹]\s?\d|\b(?:Rs|USD|EUR|US\$)\.? ?\d|\d[\d.,]*(?: (?:million|billion|thousand|crore|lakh))? (?:\w+ )?(?:dollars?|euros?|pounds?|yen|rupees?|yuan|francs?|kron(?:a|or|e|er)|pesos?|rand|roubles?|rubles?|cents?|pence|zlotys?|quetzales|shillings?|dirhams?|won|baht|reais|lira|forints?|kwacha|naira)\b|\bfree of charge\b|\bfree\b|\bcosts? nothing\b", re.I)),
    (UNIT_NUMBER, re.compile(rf"\b{_NUMBER}[ -]?(?:(?:million|billion|thousand|square|cubic) )?(?:km|kg|cm|mm|m|ft|mw|gw|kwh|mph|°|metres?|meters?|kilomet\w+|miles?|feet|foot|inch\w*|yards?|acres?|hectares?|tonn?e?s?|kilos?|kilograms?|grams?|pounds?|lit(?:re|er)s?|gallons?|barrels?|\w*watts?(?:-hours?)?|degrees?|knots?|years? old|per ?cent|%)|\d%", re.I)),
    (QUOTED, re.compile(r"[“”]")),
)


def term_flags(term: str, lexicon: Lexicon) -> int:
    """Return the kinds of thing one term is."""
    flags = lexicon.sense_mask(term) | _TERMS.get(term, 0)
    if term[:1].isdigit():
        flags |= NUMBER
        if len(term) == 4 and term.isdigit() and 1000 <= int(term) <= 2100:
            flags |= YEAR
    return flags


def row_flags(text: str) -> int:
    """Return what the wording of a whole row shows."""
    flags = 0
    for bit, pattern in _PATTERNS:
        if pattern.search(text):
            flags |= bit
    return flags
