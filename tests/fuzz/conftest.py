"""The real site, made once: what is tried here must hold for what is served."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.fuzz.site import seed_answerer, site


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole site."""
    folder: Path = tmp_path_factory.mktemp("site")
    return site(folder, seed_answerer())
