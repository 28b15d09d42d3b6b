"""When each kiosk was last heard of: a file each in the data folder, so that every worker knows and a restart too."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from pathlib import Path

logger = logging.getLogger(__name__)

KIOSKS_MAX = 100
"""More names than this are not noted: a lobby has a few, and anybody can send any."""
FORGOTTEN_AFTER_SECONDS = 7 * 24 * 3600
_NAME = re.compile(r"[a-z0-9-]{1,40}")


def is_kiosk_name(name: str) -> bool:
    """Tell whether a kiosk may be called so."""
    return _NAME.fullmatch(name) is not None


class Heartbeats:
    """The kiosks that were heard of."""

    def __init__(self, data_folder: Path) -> None:
        self._folder = data_folder / "kiosks"

    def beat(self, name: str) -> None:
        """Note that a kiosk is alive now; a folder that cannot be written costs the note and nothing else."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = self._folder / name
            if file.exists() or sum(1 for _ in self._folder.iterdir()) < KIOSKS_MAX:
                file.touch()
        except OSError as error:
            logger.warning("the heartbeat of a kiosk cannot be noted: %s", error)

    def ages(self) -> Mapping[str, float]:
        """Return how many seconds ago each kiosk was last heard of; those silent for a week are forgotten."""
        ages = {}
        now = time.time()
        try:
            files = sorted(self._folder.iterdir())
        except OSError:
            return {}
        for file in files:
            try:
                age = max(0.0, now - file.stat().st_mtime)
                if age > FORGOTTEN_AFTER_SECONDS:
                    file.unlink()
                elif is_kiosk_name(file.name):
                    ages[file.name] = age
            except OSError:
                continue
        return ages
