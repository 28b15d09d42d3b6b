"""A turn as htmx gets it; of what everybody asks, rendered once with blanks for what each visitor's own turn has.

A blank is a random text of this process: no document and no visitor can have written it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from flask import Response, make_response, render_template
from markupsafe import escape

from webapp.corpus.model import Corpus
from webapp.web import here
from webapp.web.asking import Asked
from webapp.web.compression import filled
from webapp.web.dates import MomentView
from webapp.web.languages import current
from webapp.web.packing import Packed
from webapp.web.security import page_nonce
from webapp.web.surface import surface
from webapp.web.turn_view import TurnView, next_turn, turn_view

TEMPLATE = "chat/turn.html"
TURN, CONVERSATION, NEXT, ISO, WORDS, NONCE = BLANKS = tuple(f"blank{secrets.token_hex(16)}" for _ in range(6))
_BLANK = re.compile("|".join(BLANKS))


def turn_fragment(asked: Asked, corpus: Corpus) -> Response:
    """Return a response with the HTML of a turn."""
    turn, known = asked.turn, asked.known
    if known is None or not asked.saved or turn.number != 1 or asked.feedback is not None:
        return make_response(render_template(TEMPLATE, turn=turn_view(asked, corpus)))
    key = ("turn", current().tag, surface(), here.request().script_root, asked.related)
    packed: Packed | None = known.forms.get(key)
    if packed is None:
        html = render_template(TEMPLATE, turn=_blank(turn_view(asked, corpus)), nonce=lambda: NONCE)
        # Text and blanks in turn.
        packed = Packed(re.split(f"({_BLANK.pattern})", html))
        known.keep(key, packed)
    moment = MomentView.of(turn.asked_at)
    values = {
        TURN: str(escape(turn.id)),
        CONVERSATION: str(escape(turn.conversation_id)),
        NEXT: next_turn(turn),
        ISO: moment.iso,
        WORDS: str(escape(moment.words)),
        NONCE: page_nonce(),
    }
    return filled(packed, values)


def _blank(view: TurnView) -> TurnView:
    return replace(
        view,
        id=TURN,
        conversation=CONVERSATION,
        next_turn=NEXT,
        asked_at=MomentView(ISO, WORDS),
        feedback=replace(view.feedback, turn=TURN) if view.feedback else None,
    )
