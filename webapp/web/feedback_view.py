"""What a visitor thinks of an answer, as the form under it shows it."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.conversations.feedback import Feedback

REASON_MAX_CHARS = 1000


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """The form under an answer."""

    turn: str
    """The id of the turn that is judged."""
    vote: str
    """Empty until there is one."""
    reason: str
    reason_max_chars: int = REASON_MAX_CHARS
    error: str = ""
    """What is wrong with the reason."""


def feedback_view(turn_id: str, feedback: Feedback | None) -> FeedbackView:
    """Return the view of what was thought of a turn so far."""
    if feedback is None:
        return FeedbackView(turn_id, "", "")
    return FeedbackView(turn_id, feedback.vote.value, feedback.reason)
