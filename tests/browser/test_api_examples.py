"""The examples of docs/api.md do what they say, as they stand there: with curl, Python and JavaScript."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Tab

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
ANSWER = "The discussions focused on military and technical cooperation"


def example(language: str, site: str) -> str:
    """Return the one example in a language, sent to `site` instead of where `make run` serves."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert "http://127.0.0.1:8000" in found
    return str(found).replace("http://127.0.0.1:8000", site)


def test_curl(site: str) -> None:
    """A reply, the documents, and suggestions, a JSON object each."""
    if shutil.which("curl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the examples must run here: install curl")
        pytest.skip("the examples with curl need curl")
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", example("bash", site)], capture_output=True, check=True
    )
    reply, documents, suggested = (json.loads(line) for line in done.stdout.splitlines() if line)
    assert reply["answer"]["text"].startswith(ANSWER)
    assert documents["total"] == 1 and len(suggested["suggestions"]) >= 1


def test_python(site: str) -> None:
    """It prints the answer and where it stands, proves the quote, goes on and judges."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example("python", site)], capture_output=True, text=True, check=True
    )
    text, headline, address, more = done.stdout.splitlines()
    assert text.startswith(ANSWER) and address.startswith(f"{site}/documents/")
    assert headline and more and more != text


def test_javascript(open_tab: Callable[..., Tab], site: str) -> None:
    """In a page of the site: an answer, what comes after it, and what is wrong with an empty question."""
    tab = open_tab("/documents/", quiet=True)
    printed: list[str] = []
    tab.page.on("console", lambda said: said.type == "log" and printed.append(said.text))
    tab.page.evaluate("async () => {" + example("javascript", site) + "}")
    assert printed[0].startswith(f"answered {ANSWER}")
    assert len(printed) == 3 and printed[1] and "question" in printed[2]
