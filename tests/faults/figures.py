"""Figures of faults: shown at the end of the run, and kept in the file that ``FAULTS_FIGURES`` names."""

from __future__ import annotations

import json
import os
from pathlib import Path

measured: dict[str, dict[str, object]] = {}


def keep(what: str, **figures: object) -> None:
    """Keep figures of one fault, and show them at once."""
    measured.setdefault(what, {}).update(figures)
    print(f"{what}: {told(figures)}")
    if file := os.environ.get("FAULTS_FIGURES"):
        known = json.loads(Path(file).read_text("utf-8")) if Path(file).exists() else {}
        known.setdefault(what, {}).update(figures)
        Path(file).write_text(json.dumps(known, indent=1) + "\n", "utf-8")


def told(figures: dict[str, object]) -> str:
    """Return figures as a line of text."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items())
