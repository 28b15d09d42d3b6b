"""Every regular expression of Newsstand, as it is when the program runs; ``python -m tests.patterns`` prints them."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OWN = str(ROOT / "webapp")
FUNCTIONS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


def compiled() -> dict[tuple[str, int], str]:
    """Return every pattern that is made while all modules are imported, compiled or not, with flags and place."""
    found: dict[tuple[str, int], str] = {}
    original = re.compile

    def noting(pattern: Any, flags: Any = 0) -> Any:
        file = sys._getframe(1).f_code.co_filename
        if file.startswith(OWN) and isinstance(pattern, str | bytes):
            text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
            found[text, int(flags)] = Path(file).relative_to(ROOT).as_posix()
        return original(pattern, flags)

    import webapp
    from webapp.patterns import Pattern

    def noting_for_later(self: Pattern, pattern: str, flags: int = 0) -> None:
        found[pattern, int(flags)] = Path(sys._getframe(1).f_code.co_filename).relative_to(ROOT).as_posix()
        made(self, pattern, flags)

    made = Pattern.__init__
    re.compile = noting  # type: ignore[assignment]
    Pattern.__init__ = noting_for_later  # type: ignore[method-assign]
    try:
        for module in pkgutil.walk_packages(webapp.__path__, "webapp."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    finally:
        re.compile, Pattern.__init__ = original, made  # type: ignore[method-assign]
    return found


def literal() -> Iterator[tuple[str, int, str]]:
    """Yield every pattern that stands in a call of one of re's functions, with its flags and file."""
    for file in sorted((ROOT / "webapp").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            owner, first = node.func.value, node.args[0]
            of_re = isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr in FUNCTIONS
            if of_re and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, 0, file.relative_to(ROOT).as_posix()


def in_scripts() -> Iterator[tuple[str, int, str]]:
    """Yield the patterns of our own scripts, as far as Python reads them the same."""
    for file in sorted((ROOT / "static").glob("**/*.js")):
        if "vendor" in file.parts:
            continue
        for pattern in re.findall(
            r"(?<=[(=,:!&|?\s])/((?:[^/\n\\* ]|\\.)(?:[^/\n\\]|\\.)*)/[dgimsuvy]*", file.read_text("utf-8")
        ):
            yield pattern, 0, file.relative_to(ROOT).as_posix()


def main() -> None:
    """Print them as JSON."""
    found = {(pattern, flags): file for pattern, flags, file in (*literal(), *in_scripts())}
    found |= compiled()
    print(json.dumps(sorted([file, pattern, flags] for (pattern, flags), file in found.items())))


if __name__ == "__main__":
    main()
