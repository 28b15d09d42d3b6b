"""Which language a document is in: by its script, then by its function words.

A text of some dozen words holds enough function words to tell (Cavnar and Trenkle 1994 and Grefenstette 1995 compare
the ways; short words do as well as n-grams from 15 words on). English is taken for what shows no other language.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from webapp.corpus.scripts import JOINERS, MARKS, scripts_of
from webapp.corpus.stop_words import LANGUAGES, stop_words
from webapp.patterns import Pattern

DEFAULT = "en"
READ_CHARS = 20_000
ENGLISH_FROM = 0.2
"""A share of English function words from which a text is English, whatever else it may be."""
SURE_FROM = 0.08
"""A share of function words below which no language in Latin script is told."""
FEWEST_WORDS = 6
FEWEST_SIGNS = 2
"""So many different function words of more than a letter tell another language in Latin script from English."""
KANA_FROM = 0.05
"""Japanese is written in Han characters and kana, Chinese in Han characters only."""

# Scripts that write one of the languages here; those of several are decided by function words, the first on a tie.
_OF_SCRIPT = {
    "Arabic": ("ar", "fa", "ur"),
    "Armenian": ("hy",),
    "Bengali": ("bn",),
    "Cyrillic": ("ru", "uk", "bg", "sr"),
    "Devanagari": ("hi", "mr", "ne"),
    "Ethiopic": ("am",),
    "Georgian": ("ka",),
    "Greek": ("el",),
    "Gujarati": ("gu",),
    "Gurmukhi": ("pa",),
    "Han": ("zh",),
    "Hangul": ("ko",),
    "Hebrew": ("he", "yi"),
    "Kana": ("ja",),
    "Kannada": ("kn",),
    "Khmer": ("km",),
    "Lao": ("lo",),
    "Malayalam": ("ml",),
    "Myanmar": ("my",),
    "Odia": ("or",),
    "Sinhala": ("si",),
    "Tamil": ("ta",),
    "Telugu": ("te",),
    "Thai": ("th",),
    "Tibetan": ("bo",),
}
# Letters that tell a language from the others of its script.
_OWN_LETTERS = {
    tag: frozenset(own)
    for tag, own in (("uk", "іїєґ"), ("ru", "ыэё"), ("sr", "ђјљњћџ"), ("yi", "װױײ"), ("fa", "پچژگ"), ("ur", "ٹڈڑںے"))
}
_LATIN = tuple(tag for tag in LANGUAGES if all(tag not in tags for tags in _OF_SCRIPT.values()))
_LESS_LIKELY = frozenset(("ca", "eo", "gl", "sl", "st"))
"""Much like a larger neighbour: they take clearer signs."""
LESS_LIKELY_SHARE = 0.85
_WORD = Pattern(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}{JOINERS}])*")


def primary(tag: str) -> str:
    """Return the primary part of a BCP 47 tag, in small letters: ``pt`` of ``pt-BR``."""
    return re.split("[-_]", tag, maxsplit=1)[0].lower()


def languages_of(text: str) -> tuple[str, ...]:
    """Return the languages that the script of a text writes, all of those in Latin script when it tells nothing."""
    scripts = scripts_of(text)
    if not scripts:
        return _LATIN
    if scripts["Kana"] >= KANA_FROM * (scripts["Kana"] + scripts["Han"]) > 0 and scripts["Kana"] + scripts["Han"] > (
        scripts.total() / 2
    ):
        return _OF_SCRIPT["Kana"]
    return _OF_SCRIPT.get(scripts.most_common(1)[0][0], _LATIN)


def detect_language(text: str, likely: str = DEFAULT) -> str:
    """Return the primary tag of the language that `text` is most likely in; English when nothing tells.

    Args:
        text: a document, or some of it.
        likely: the language of what stands around it. A sentence or two that say more in it than in English are in it.
    """
    candidates = languages_of(text)
    if len(candidates) == 1:
        return candidates[0]
    said = Counter(word.casefold() for word in _WORD.compiled.findall(text[:READ_CHARS]))
    total = said.total()
    if candidates is _LATIN:
        english = stop_words(DEFAULT)
        if likely in candidates and len(stop_words(likely).intersection(said)) > len(english.intersection(said)):
            return likely
        share = sum(count for word, count in said.items() if word in english) / max(total, 1)
        if share >= ENGLISH_FROM or total < FEWEST_WORDS:
            return DEFAULT
    scores = _scores(said, candidates)
    best = max(candidates, key=lambda tag: scores[tag])
    if candidates is not _LATIN:
        return best
    signs = sum(len(word) > 1 for word in stop_words(best).intersection(said))
    return best if signs >= FEWEST_SIGNS and scores[best] >= SURE_FROM * total else DEFAULT


def _scores(said: Counter[str], candidates: tuple[str, ...]) -> dict[str, float]:
    """Return each language's function words among those said; one that several languages have is shared out."""
    owners = _owners(candidates)
    scores = dict.fromkeys(candidates, 0.0)
    for word, count in said.items():
        having = owners.get(word, ())
        for tag in having:
            scores[tag] += count / len(having)
        for tag in candidates:
            if not _OWN_LETTERS.get(tag, frozenset()).isdisjoint(word):
                scores[tag] += count
    for tag in _LESS_LIKELY.intersection(candidates):
        scores[tag] *= LESS_LIKELY_SHARE
    return scores


@cache
def _owners(candidates: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for tag in candidates:
        for word in stop_words(tag):
            owners[word] = (*owners.get(word, ()), tag)
    return owners
