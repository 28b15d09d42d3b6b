"""Documents as schema.org describes them, for search engines: https://schema.org/NewsArticle, /FAQPage."""

from __future__ import annotations

from typing import Any

from webapp.corpus.model import Document, PassageKind

CONTEXT = "https://schema.org"
HEADLINE_MAX_CHARS = 110
"""Search engines take no longer headline."""


def news_article(document: Document, address: str, site: str) -> dict[str, Any]:
    """Return an article's metadata; `address` is its own, with its host."""
    sentences = [passage for passage in document.passages if passage.kind is PassageKind.SENTENCE]
    return {
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "headline": document.headline[:HEADLINE_MAX_CHARS],
        "inLanguage": document.language,
        "url": address,
        "mainEntityOfPage": address,
        "publisher": {"@type": "Organization", "name": site},
        **({"keywords": list(document.tags)} if document.tags else {}),
        **({"isBasedOn": document.source_url} if document.source_url else {}),
        **({"datePublished": document.published.isoformat()} if document.published else {}),
        **({"articleBody": " ".join(document.text(passage) for passage in sentences)} if sentences else {}),
    }


def faq_page(document: Document, address: str) -> dict[str, Any] | None:
    """Return an article's questions and answers, or None when it has none."""
    entries = [passage for passage in document.passages if passage.kind is PassageKind.FAQ]
    if not entries:
        return None
    return {
        "@context": CONTEXT,
        "@type": "FAQPage",
        "inLanguage": document.language,
        "url": address,
        "mainEntity": [
            {
                "@type": "Question",
                "name": document.question(passage),
                "url": f"{address}#p{passage.number}",
                "acceptedAnswer": {"@type": "Answer", "text": document.text(passage)},
            }
            for passage in entries
        ],
    }
