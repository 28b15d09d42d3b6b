"""What stands around every page: the site's name, the page's title, the link that is current."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from webapp.web.languages import gettext
from webapp.web.services import Services


class Section(StrEnum):
    """The parts of the site that the header links to."""

    CHAT = "chat"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page."""

    site: str
    title: str
    """For the browser's tab: the page, then the site."""
    description: str
    section: Section | None
    """The current part of the site; None for error pages."""

    @classmethod
    def of(cls, about: Services, title: str = "", section: Section | None = None, description: str = "") -> Frame:
        """Return the frame for a page; without a title it is the site's front page."""
        site = about.settings.title
        return cls(
            site=site,
            title=f"{title} · {site}" if title else site,
            description=description
            or gettext(
                "Ask %(site)s: every answer is a sentence from an article, shown with where it stands.", site=site
            ),
            section=section,
        )
