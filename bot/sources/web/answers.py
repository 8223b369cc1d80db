"""What a web server answered, as values: what is asked with, what came, and what its headers mean."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import Protocol

BODY_LIMIT = 10_000_000
"""Bytes of one body, decompressed."""
_FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.8"
)
_PAGES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_LONGEST_FOR = timedelta(days=1)
"""What a header asks for counts up to a day: a longer pause is a mistake, or would silence a source."""
_HEADER_LIMIT = 1_000
_PAUSE_FOR = timedelta(minutes=5)
_CHARSET = re.compile(r"(?:^|;)\s*charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)
_DIRECTIVE = re.compile(r'([a-z-]+)(?:\s*=\s*"?([^",\s]*)"?)?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave with a body so that it can be asked whether that has changed: both headers verbatim.

    They hold for the URL that answered, after its redirects, and are sent to no other (RFC 9110, 8.8).
    """

    url: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: 304 with `body` None when nothing changed, else a body within its limit.

    `url` is where it came from in the end, without credentials: the base of its links. `moved_to` is where the source
    lives now, credentials included, when every redirect was permanent. `fresh_for` is how long the server calls it
    fresh, at most a day; None when it does not say. `cut` tells of a body that was longer and was asked to be cut.
    """

    status: int
    url: str
    validators: Validators = Validators()
    body: bytes | None = field(default=None, repr=False)
    content_type: str = ""
    charset: str | None = None
    fresh_for: timedelta | None = None
    moved_to: str | None = field(default=None, repr=False)
    cut: bool = False

    @property
    def digest(self) -> str:
        """A fingerprint of the body, by which a 200 with the same bytes is known as nothing new; empty without one."""
        return blake2b(self.body, digest_size=12).hexdigest() if self.body is not None else ""


Permit = Callable[[str, datetime], Awaitable[None]]
"""Raises SourceError for a URL that may not be asked for."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How a URL is asked for: what is known of it already, what is wanted, and how much at most."""

    known: Validators = Validators()
    accept: str = _FEEDS
    limit: int = BODY_LIMIT
    cut: bool = False
    """Whether a longer body is cut at the limit; else it is TooLarge."""
    permit: Permit | None = None
    """Asked before every hop, redirects included; what it raises is the answer."""


FEED = Ask()
PAGE = Ask(accept=_PAGES)


class Http(Protocol):
    """Asks web servers, politely and for public addresses only."""

    async def get(self, url: str, now: datetime, ask: Ask = FEED) -> Answer:
        """The answer to a GET, redirects followed; every failure is a SourceError of one line without credentials.

        Forbidden: the address or the server refuses. Missing: no such host or page. Gone: 410. RateLimited: the host
        wants a pause. TooLarge: past the limit. Unreadable: not HTTP, or damaged. Unreachable: anything else.
        """


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long an answer stays fresh (RFC 9111, 4.2.1): max-age less Age, else Expires less Date; None if unsaid.

    Expires is measured against the server's own Date, so that a wrong clock there does no harm, and against `now`
    only without one. What must not be kept is not fresh at all.
    """
    directives = {name.lower(): value for name, value in _DIRECTIVE.findall(headers.get("Cache-Control", ""))}
    if "no-store" in directives or "no-cache" in directives:
        return timedelta(0)
    seconds = _seconds(directives.get("max-age", ""))
    if seconds is not None:
        return _clamped(seconds - (_seconds(headers.get("Age", "")) or timedelta(0)))
    expires = headers.get("Expires")
    if expires is None:
        return None
    expires_at = http_date(expires)
    return _clamped(expires_at - _sent_at(headers, now)) if expires_at else timedelta(0)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The pause that Retry-After asks for, in seconds or until a date (RFC 9110, 10.2.3); None if it asks for none."""
    text = headers.get("Retry-After", "")
    seconds = _seconds(text)
    if seconds is not None:
        return _clamped(seconds)
    until_at = http_date(text)
    return _clamped(until_at - _sent_at(headers, now)) if until_at else None


def pause_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """The pause after a 429: what it asks for, and five minutes when it does not say."""
    asked = retry_after(headers, now)
    return _PAUSE_FOR if asked is None else asked


def http_date(text: str) -> datetime | None:
    """The time an HTTP date means, all three forms of RFC 9110, 5.6.7; None for anything else."""
    try:
        at = parsedate_to_datetime(text[:100])
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def validators(url: str, headers: Mapping[str, str]) -> Validators:
    """What to ask with next time, of `url`, as far as the headers say and it can be sent back."""
    return Validators(url, _verbatim(headers.get("ETag", "")), _verbatim(headers.get("Last-Modified", "")))


def content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    """The media type in lower case, empty if unsaid, and the declared charset."""
    kind, _, parameters = headers.get("Content-Type", "")[:_HEADER_LIMIT].partition(";")
    found = _CHARSET.search(parameters)
    return kind.strip().lower(), found[1].lower() if found else None


def _verbatim(value: str) -> str:
    """The header, unless it is too long to keep or could not be sent back."""
    return value if len(value) <= _HEADER_LIMIT and value.isascii() and value.isprintable() else ""


def _seconds(text: str) -> timedelta | None:
    """A number of seconds (delta-seconds, RFC 9111, 1.2.2), capped at a day; None for anything else."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit():
        return None
    return min(timedelta(seconds=int(digits[:9])), _LONGEST_FOR)


def _sent_at(headers: Mapping[str, str], now: datetime) -> datetime:
    return http_date(headers.get("Date", "")) or now


def _clamped(span: timedelta) -> timedelta:
    return min(max(span, timedelta(0)), _LONGEST_FOR)
