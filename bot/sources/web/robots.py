"""robots.txt (RFC 9309): what a site asks of us."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, unquote_to_bytes

from bot.core.errors import Forbidden, Gone, Missing, RateLimited, SourceError
from bot.sources.web.addresses import Target, parse, shown
from bot.sources.web.answers import Answer, Ask, Http

PRODUCT = "newsbell"
SIZE_LIMIT = 500 * 1024
"""Bytes that are read; what follows is as if it were not there (RFC 9309, 2.5)."""
KEPT_FOR = timedelta(hours=24)
"""How long an answer holds at most (RFC 9309, 2.4), and where the server says nothing."""
KEPT_LEAST_FOR = UNREACHABLE_FOR = timedelta(hours=1)
SITES_LIMIT = 5_000
_RULES_LIMIT = 10_000
_ASK = Ask(accept="text/plain, */*;q=0.5", limit=SIZE_LIMIT, cut=True)
_TOKEN = re.compile(r"[A-Za-z_-]+")
_SAFE = "/%?:@!$&'()*+,;=~[]-._"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one site asks of newsbell: (pattern, whether it allows)."""

    rules: tuple[tuple[str, bool], ...] = ()

    def allow(self, path: str) -> bool:
        """Whether a path, with its query, may be fetched: the longest match decides, and an allowing one of equals.

        RFC 9309, 2.2.2. robots.txt itself always may.
        """
        path = _normal(path)
        matches = [(len(pattern), allows) for pattern, allows in self.rules if _matches(pattern, path)]
        return path == "/robots.txt" or max(matches, default=(0, True))[1]


ALL = Rules()


def read(data: bytes, product: str = PRODUCT) -> Rules:
    """The rules of a robots.txt for a product: its own groups together, else those of `*`; never an error."""
    own: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    named, agents, in_rules = False, set[str](), False
    for key, value in _lines(data[:SIZE_LIMIT]):
        if key == "user-agent":
            agents = set() if in_rules else agents
            in_rules = False
            agents.add(_product(value))
            named = named or _product(value) == product.lower()
        elif key in ("allow", "disallow"):
            in_rules = True
            rule = (_normal(value), key == "allow")
            own += [rule] if value and product.lower() in agents else []
            others += [rule] if value and "*" in agents else []
    return Rules(tuple((own if named else others)[:_RULES_LIMIT]))


@dataclass(slots=True)
class _Kept:
    """A site's rules, None while it cannot say them, until they expire; one asks while the others wait for it."""

    rules: Rules | None = None
    until_at: datetime | None = None
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Robots:
    """Asks sites what they permit, and remembers it for a while."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._kept: OrderedDict[tuple[str, str, int], _Kept] = OrderedDict()

    async def permit(self, url: str, now: datetime) -> None:
        """Raises Forbidden for a page that may not be fetched and for what is no web address.

        A site that has no robots.txt allows everything, one that fails or cannot be reached nothing for an hour (RFC
        9309, 2.3.1): RateLimited until then.
        """
        target = parse(url)
        kept = await self._asked_once(target, now)
        if kept.rules is None:
            assert kept.until_at is not None
            raise RateLimited(f"{target.site}/robots.txt: cannot be read just now", kept.until_at - now)
        if not kept.rules.allow(target.path):
            raise Forbidden(f"{shown(target.url)}: its robots.txt asks us to stay away")

    async def _asked_once(self, target: Target, now: datetime) -> _Kept:
        kept = self._kept.setdefault(target.origin, _Kept())
        self._kept.move_to_end(target.origin)
        while len(self._kept) > SITES_LIMIT:
            self._kept.popitem(last=False)
        async with kept.asking:
            if kept.until_at is None or not now < kept.until_at <= now + KEPT_FOR:
                kept.rules, kept_for = await self._asked(target, now)
                kept.until_at = now + kept_for
        return kept

    async def _asked(self, target: Target, now: datetime) -> tuple[Rules | None, timedelta]:
        try:
            answer = await self._http.get(f"{target.site}/robots.txt", now, _ASK)
        except RateLimited as pause:
            return None, min(max(pause.retry_after, timedelta(minutes=1)), KEPT_FOR)
        except (Missing, Gone, Forbidden):
            return ALL, KEPT_FOR
        except SourceError:
            return None, UNREACHABLE_FOR
        return read(answer.body or b""), _kept_for(answer)


def _kept_for(answer: Answer) -> timedelta:
    return min(max(KEPT_FOR if answer.fresh_for is None else answer.fresh_for, KEPT_LEAST_FOR), KEPT_FOR)


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    """Each line's key in lower case and its value, without comments; lines end as RFC 9309, 2.2 says."""
    for line in re.split(r"[\r\n]+", data.decode("utf-8-sig", "replace")):
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower(), value.strip()


def _product(value: str) -> str:
    """The product token a user-agent line names, in lower case; what follows it, like a version, does not count."""
    found = _TOKEN.match(value)
    return "*" if value.startswith("*") else found[0].lower() if found else ""


def _normal(path: str) -> str:
    """The path in one spelling, to compare octets: percent-encoded but for what need not be (RFC 9309, 2.2.2)."""
    encoded = re.sub(r"(?:%[0-9A-Fa-f]{2})+", _requoted, path)
    return quote(encoded.encode(errors="replace"), safe=_SAFE)


def _requoted(found: re.Match[str]) -> str:
    return quote(unquote_to_bytes(found[0]), safe="-._~")


def _matches(pattern: str, path: str) -> bool:
    """Whether a pattern matches from the start of a path: `*` is anything, a final `$` its end; in linear time."""
    anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1] if anchored else rest:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if not anchored:
        return True
    return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= at if rest else at == len(path)
