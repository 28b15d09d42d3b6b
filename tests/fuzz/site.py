"""The whole site in one process, as it is served: real documents, real answers, a real database, no fakes."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from webapp.answering.answerer import Answerer
from webapp.answering.polyglot import ManyLanguages, answering_from
from webapp.conversations.migrations import upgrade
from webapp.conversations.store import ConversationStore
from webapp.corpus.library import read_folder
from webapp.settings import Settings
from webapp.web.app import create_app

SEEDS = Path(__file__).parents[2] / "seeds"


def seed_answerer() -> Answerer | ManyLanguages:
    """Return what answers from the seeds."""
    return answering_from(read_folder(SEEDS).corpus, target_precision=Settings().target_precision)


def site(folder: Path, answerer: Answerer | ManyLanguages) -> Flask:
    """Return the site, its database in `folder`; nobody is told to wait, or every request after the first would be."""
    settings = Settings(secret_key="only for tests", data_dir=str(folder), ratelimit_client="off")
    upgrade(settings.database_location)
    store = ConversationStore(settings.database_location, conversation_days=settings.conversation_days)
    return create_app(settings, answerer=answerer, store=store)
