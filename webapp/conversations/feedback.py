"""What a visitor thinks of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Vote(StrEnum):
    """Thumbs up or down."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A vote, with the reason if one was given."""

    vote: Vote
    reason: str = ""
