"""Articles' own pages: of which articles they are asked for, when again, and how a page's text joins what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from urllib.parse import urlsplit

from bot.core.errors import Missing, RateLimited, SourceError, Unreachable, Unreadable
from bot.core.model import Article

SHORT = 1_200
"""Characters from which a source's own text is taken for the whole article."""
FIRST_LOOK, LATER_LOOK = 20, 200
"""Pages asked for of one look at a source at most: the first one shows what is old, and is no reason for a stampede."""
LEASE_FOR = timedelta(minutes=10)
"""How long a page is somebody's to read; longer than reading one can take."""
AGAIN_FOR = timedelta(minutes=15)
"""Between two readings of one page, however often its source says something new."""
TRIES = 4
FIRST_RETRY_FOR, RETRY_TIMES = timedelta(minutes=5), 4
"""5, 20 and 80 minutes."""
PATIENCE_FOR = timedelta(hours=48)
"""How long after it was asked for a page may still be put off."""
_LEAST_PAUSE_FOR = timedelta(minutes=1)
_WORD = re.compile(r"\w+")
_CUT = re.compile(r"\w(?:…|\.\.\.)\s*$")
_BETWEEN = "\n\n"


class Ring(IntEnum):
    """What becomes of the matches that only an article's page brings."""

    NOTHING = 0
    """As with all that a first look brings."""
    AT_ONCE = 1
    DIGESTS = 2
    """As with what a source brings in a burst."""


@dataclass(frozen=True, slots=True)
class Unread:
    """An article whose page is ours to read until `leased_until`; `said` is its source's own text.

    `language` is None where what its source said did not tell it. `tries` counts this one. `claim` tells our claim from
    others of the same page.
    """

    article_id: int
    url: str = field(repr=False)
    host: str
    title: str
    said: str
    rings: Ring
    tries: int
    asked_at: datetime
    leased_until: datetime
    claim: int = 0
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a page brought: its article's text or, where it has no more than its source said, why not."""

    text: str = ""
    reason: str = ""


def wanted(article: Article) -> bool:
    """Whether an article's page is worth asking for: what is said of it is short, and it has an address."""
    return len(article.text) < SHORT and bool(host_of(article.url))


def newest(articles: Iterable[Article], most: int) -> frozenset[str]:
    """The guids of the newest articles whose pages are worth asking for, `most` of them; undated ones are new.

    Of equally new ones those that come last, as a look is told oldest first.
    """
    latest = datetime.max.replace(tzinfo=UTC)
    worth = [article for article in articles if wanted(article)]
    ordered = sorted(enumerate(worth), key=lambda entry: (entry[1].published_at or latest, entry[0]))
    return frozenset(article.guid for _, article in ordered[-most:]) if most else frozenset()


def host_of(url: str | None) -> str:
    """The host that a page is asked of, in lower case; empty for what is no web address."""
    try:
        parts = urlsplit(url or "")
        return (parts.hostname or "") if parts.scheme.lower() in ("http", "https") else ""
    except ValueError:
        return ""


def retry_at(error: SourceError, unread: Unread, now: datetime) -> datetime | None:
    """When a page that failed is tried again, None for never.

    What passes is tried a few times, ever later; a pause that a host asks for uses up no try, but patience ends.
    """
    match error:
        case RateLimited(retry_after=pause):
            at = now + max(pause, _LEAST_PAUSE_FOR)
        case Missing():
            return None
        case Unreachable() | Unreadable() if unread.tries < TRIES:
            at = now + FIRST_RETRY_FOR * RETRY_TIMES ** (unread.tries - 1)
        case _:
            return None
    return at if at - unread.asked_at <= PATIENCE_FOR else None


def joined(said: str, page: str) -> str:
    """The text to archive: the page's, headed by what the source said of it unless that stands in it word for word.

    So nothing is lost that was found, rung for and explained by what the source said.
    """
    return page if not said.strip() or _holds(page, said) else f"{said.rstrip()}{_BETWEEN}{page}"


def parted(said: str, text: str) -> str:
    """The page's part of a text that was joined, without a first paragraph that is just what the source said then."""
    return text.removeprefix(f"{said.rstrip()}{_BETWEEN}")


def _holds(page: str, said: str) -> bool:
    """Whether all words of what was said stand in a row in the page; of a last word that was cut, its beginning."""
    words = " ".join(_WORD.findall(said.casefold())) + ("" if _CUT.search(said) else " ")
    return f" {words}" in f" {' '.join(_WORD.findall(page.casefold()))} "
