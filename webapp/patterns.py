"""Regular expressions that are compiled when they are first needed: a large one takes as long as many answers."""

from __future__ import annotations

import re
from functools import cached_property


class Pattern:
    """A regular expression; `compiled` has what it is asked for."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, compiled once."""
        return re.compile(self.pattern, self.flags)
