"""Function words of many languages, a file a language (see PROVENANCE.md)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(file.stem for file in _FOLDER.glob("*.txt")))
"""Primary language tags that have a list."""


@cache
def stop_words(tag: str) -> frozenset[str]:
    """Return the function words of a language by its primary tag, case-folded; none when there is no list."""
    if tag not in LANGUAGES:
        return frozenset()
    return frozenset((_FOLDER / f"{tag}.txt").read_text(encoding="utf-8").split())
