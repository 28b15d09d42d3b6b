"""A file of every format, in five languages, asked about in the browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser.serving import running
from tests.every_format import SAMPLES


def test_every_file_answers(open_tab: Callable[..., Any], tmp_path: Path) -> None:
    """With its own words, in its own language, and a link to where they stand, which links to where they came from."""
    documents = tmp_path / "every"
    documents.mkdir()
    for sample in SAMPLES:
        sample.write(documents, 21)
    with running(tmp_path, documents) as address:
        tab = open_tab("/", base_url=address)
        for sample in SAMPLES:
            turn = tab.ask(sample.question)
            assert "answered" in turn.get_attribute("class").split()
            assert turn.locator("blockquote").inner_text() == sample.answer.format(21)
            link = turn.locator(".open").get_attribute("href")
            article = tab.page.request.get(link).text()
            assert sample.answer.format(21).split()[-1] in article
            assert not sample.source_url or f'href="{sample.source_url}"' in article
        quoted = tab.page.locator(".turn blockquote").evaluate_all("all => all.map((one) => one.lang)")
        assert set(quoted) == {"en", "de", "es", "fr", "ru"}
