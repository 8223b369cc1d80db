"""The articles of a day: real ones over and over, each time with other ids, words and numbers, and copies of them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from bot.core.model import Article
from tests.benchmarks.archive.articles import sentences, texts

A_DAY = 300_000
OUTLETS = 4_000
"""Sources they come from, a few articles at a time."""

_CHANGED, _COPIED, _EDITED = 0.4, 0.2, 0.05
"""Shares: of an article's sentences that are another's; of articles that are a copy of a late one in another outlet; of
a copy's sentences that are left out."""
_LATE = 3_000
"""Articles that a copy may be of."""
_LATELY_FOR = timedelta(hours=2)
_NUMBER = re.compile(r"\d+")


def coming(since: datetime, seed: int = 11) -> Iterator[Article]:
    """Articles without a language, as they come in from `since` on: 300,000 a day, each published a little before."""
    chance = Random(seed)
    known = [(article, sentences(article.text)) for article in texts()]
    pools: dict[str | None, list[str]] = {}
    titles: dict[str | None, list[str]] = {}
    for article, parts in known:
        pools.setdefault(article.language, []).extend(parts)
        titles.setdefault(article.language, []).extend(article.title.split())
    late: deque[Article] = deque(maxlen=_LATE)
    for number in count():
        at = since + timedelta(days=number / A_DAY) - _LATELY_FOR * chance.random()
        if late and chance.random() < _COPIED:
            found = _copy(chance.choice(late), chance)
        else:
            model, parts = known[chance.randrange(len(known))]
            found = _changed(model, parts, pools[model.language], titles[model.language], chance)
            late.append(found)
        outlet = chance.randrange(OUTLETS)
        url = f"https://www.outlet{outlet}.example/{since:%Y/%m/%d}/{number}"
        yield replace(found, guid=f"{since:%Y%m%d}-{number}", source=f"Outlet {outlet}", url=url, published_at=at)


def _changed(model: Article, parts: list[str], pool: list[str], words: list[str], chance: Random) -> Article:
    """The text with other sentences here and there, other words in its headline, and all numbers new."""
    text = ". ".join([chance.choice(pool) if chance.random() < _CHANGED else part for part in parts])
    title = " ".join([chance.choice(words) if chance.random() < _CHANGED else word for word in model.title.split()])

    def other(match: re.Match[str]) -> str:
        return str(chance.randrange(1, 10 ** len(match[0][:9])))

    return Article("", _NUMBER.sub(other, title), _NUMBER.sub(other, text), "")


def _copy(article: Article, chance: Random) -> Article:
    parts = [part for part in sentences(article.text) if chance.random() >= _EDITED]
    return replace(article, text=". ".join(parts) or article.text)
