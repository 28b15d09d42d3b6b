"""Front matter: the YAML between two lines of ``---`` at the head of a Markdown file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from webapp.corpus.readers.source_file import SourceFile

_FENCE = re.compile(r"\s*^---[ \t]*\n(?P<yaml>.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of the front matter, as text or a list of texts, with its line."""

    name: str
    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before the Markdown, and on which line that begins (from 0)."""

    values: tuple[Value, ...] = ()
    lines: int = 0
    end: int = 0
    """Offset of the Markdown in the file's text."""


def front_matter_of(file: SourceFile) -> FrontMatter:
    """Return the front matter of a file; YAML that cannot be read is told and passed over."""
    fence = _FENCE.match(file.text)
    if fence is None:
        return FrontMatter()
    before = file.text.count("\n", 0, fence.start("yaml")) + 1
    return FrontMatter(tuple(_values(file, fence["yaml"], before)), file.text.count("\n", 0, fence.end()), fence.end())


def _values(file: SourceFile, text: str, line: int) -> list[Value]:
    import yaml

    try:
        # Only the nodes, which are text: nothing is made of them, dates stay as they are written.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        file.report(
            line + mark.line if mark else line,
            "bad-front-matter",
            "The front matter is not YAML.",
            "Write one “name: value” a line, with quotes around a value that holds “: ”; until then it is passed over.",
        )
        return []
    if not isinstance(root, yaml.MappingNode):
        return []
    return [
        Value(str(name.value), _plain(value), line + name.start_mark.line)
        for name, value in root.value
        if isinstance(name, yaml.ScalarNode)
    ]


def _plain(node: Any) -> Any:
    """Return a scalar as text, a list of scalars as a list of texts; what is nested deeper is left out."""
    if isinstance(node.value, str):
        return "" if node.tag == "tag:yaml.org,2002:null" else node.value
    return [each.value for each in node.value if isinstance(getattr(each, "value", None), str)]
