"""Articles and what is known of them: stored once, found again by guid, address or text."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from bot.core.model import Archived, Article
from bot.core.url import canonical_url
from store.fulltext import Fulltext
from store.pages import Pages
from store.strangers import Strangers, Traits
from store.times import micros, moment

_TELLING = 40
"""Words of a text that tell it from tomorrow's; a shorter one (a forecast, a headline) is told apart by its date."""

_OWN = ("id", "guid", "title", "text", "outlet", "url", "published_at")
_KNOWN = ("author", "sample", "first_seen_at", "effective_at", "language", "story_id", "first_title")
_NAMES = (*_OWN, "said_language", *_KNOWN, "topics")
"""What is read of an article, in this order."""
_TOPICS = "(SELECT group_concat(topic, ' ') FROM article_topics WHERE article_id = articles.id)"
_COLUMNS = ", ".join((*_OWN, "coalesce(said_language, language)", *_KNOWN, _TOPICS))
_SELECT = f"SELECT {_COLUMNS} FROM articles "  # noqa: S608


class Articles:
    """The Articles port."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._strangers = Strangers(connection)
        self._traits: dict[int, tuple[Article, Traits]] = {}
        """By the id of the very object, of what was expected: what is looked for and then added is hashed once."""

    def expect(self, asked: Sequence[tuple[Article, int]]) -> None:
        """Looks up at once, which costs far less, which of (article, source id) `find` will find nothing of."""
        self._traits = {id(article): (article, _traits(article, source_id)) for article, source_id in asked}
        self._strangers.expect([traits for _, traits in self._traits.values()])

    def find(self, article: Article, source_id: int) -> Archived | None:
        """The archived article this one is: by guid in its source, else canonical URL, else as the outlet's own copy.

        A guid alone proves nothing (two files may both count from 0): the article must also be recognisable. Another
        outlet's copy of the same text is an article of its own, in the same story.
        """
        traits = self._traits_of(article, source_id)
        if self._strangers.has(traits):
            return None
        sharing = self._all("WHERE source_id = ? AND guid = ? ORDER BY id DESC LIMIT 20", source_id, article.guid)
        said = Pages(self._connection).said
        return (
            next((archived for archived in sharing if _recognisable(said(archived), article)), None)
            or (self._at(traits.canonical_url) if article.url else None)
            or self._first("WHERE copy_hash = ? ORDER BY id", traits.copy_hash)
        )

    def get(self, article_id: int) -> Archived | None:
        """The article with this id."""
        return self._first("WHERE id = ?", article_id)

    def many(self, article_ids: Sequence[int]) -> list[Archived]:
        """Those that exist, in the order asked for."""
        rows = self._all("WHERE id IN (SELECT value FROM json_each(?))", json.dumps(list(article_ids)))
        found = {archived.id: archived for archived in rows}
        return [found[article_id] for article_id in article_ids if article_id in found]

    def at(self, positions: Sequence[int]) -> list[Archived]:
        """Those that stand at these positions of the full text, in the order asked for."""
        select = f"SELECT position, {_COLUMNS} FROM articles WHERE position IN (SELECT value FROM json_each(?))"  # noqa: S608
        found = {row[0]: _archived(row[1:]) for row in self._connection.execute(select, (json.dumps(positions),))}
        return [found[position] for position in positions if position in found]

    def after(self, article_id: int, limit: int) -> list[Archived]:
        """Articles with a larger id, ascending: how background work walks the archive."""
        return self._all("WHERE id > ? ORDER BY id LIMIT ?", article_id, limit)

    def prune(self, after: int, limit: int, before: datetime, told_since: datetime) -> tuple[int, int | None]:
        """Looks at the next articles for those that are old enough to leave; see `store.pruning.prune_articles`."""
        from store.pruning import prune_articles

        return prune_articles(self._connection, after, limit, before, told_since)

    def count(self) -> int:
        """How many articles the archive holds."""
        (count,) = self._connection.execute("SELECT count(*) FROM articles").fetchone()
        return int(count)

    def by_url(self, url: str) -> Archived | None:
        """The article at this URL, compared in canonical form."""
        return self._at(canonical_url(url))

    def _at(self, canonical: str | None) -> Archived | None:
        return self._first("WHERE canonical_url = ? ORDER BY id", canonical)

    def of_story(self, story_id: int) -> list[Archived]:
        """The story's articles, first seen first."""
        return self._all("WHERE story_id = ? ORDER BY first_seen_at, id", story_id)

    def outlets(self, story_id: int) -> list[str]:
        """The outlets that carry the story, the first of them first."""
        sql = "SELECT outlet FROM articles WHERE story_id = ? ORDER BY first_seen_at, id"
        return [outlet for (outlet,) in self._connection.execute(sql, (story_id,))]

    def add(
        self,
        article: Article,
        *,
        source_id: int,
        now: datetime,
        language: str | None,
        story_id: int,
        topics: Sequence[str],
    ) -> Archived:
        """Stores a new article, as `find` knows none; `Search.index` then makes it searchable."""
        traits = self._traits_of(article, source_id)
        values = {
            "source_id": source_id,
            "story_id": story_id,
            "guid": article.guid,
            "first_seen_at": micros(now),
            "first_title": article.title,
            "sample": article.sample,
            "copy_hash": traits.copy_hash,
        } | _content(article, now, language, traits.canonical_url)
        insert = f"INSERT INTO articles ({', '.join(values)}) VALUES (:{', :'.join(values)})"  # noqa: S608
        article_id = self._connection.execute(insert, values).lastrowid
        assert article_id is not None
        self._strangers.add(traits)
        self._add_topics(article_id, topics)
        said = language if article.language is None else article.language
        stored = values | {"id": article_id, "said_language": said, "topics": " ".join(set(topics))}
        return _archived(tuple(stored[name] for name in _NAMES))

    def update(
        self,
        archived: Archived,
        article: Article,
        *,
        language: str | None,
        topics: Sequence[str],
        said: str | None = None,
    ) -> Archived:
        """Puts the article's new text in place; id, first-seen time and story stay, the first headline is kept.

        What the new version leaves out (date, address, author) stays too. `said` is its source's own text where the
        new one is its page's: copies are known by that. The article leaves the full text: `Search.index` puts it back.
        """
        self._leave_fulltext(archived.id)
        known = archived.article
        article = replace(
            article,
            url=article.url or known.url,
            published_at=article.published_at or known.published_at,
            author=article.author or known.author,
        )
        found = _traits(article if said is None else replace(article, text=said), 0)
        values = _content(article, archived.first_seen_at, language, found.canonical_url)
        values["copy_hash"] = found.copy_hash
        self._strangers.add(found)
        assignments = ", ".join(f"{name} = :{name}" for name in values)
        self._connection.execute(f"UPDATE articles SET {assignments} WHERE id = :id", values | {"id": archived.id})  # noqa: S608
        self._set_topics(archived.id, topics)
        return self._stored(archived.id)

    def retag(self, article_id: int, topics: Sequence[str]) -> None:
        """Gives the article these topics and no other; it leaves the full text: `Search.index` puts it back."""
        self._leave_fulltext(article_id)
        self._set_topics(article_id, topics)

    def _leave_fulltext(self, article_id: int) -> None:
        archived = self.get(article_id)
        if archived is not None:
            Fulltext(self._connection).take_out(archived)

    def _set_topics(self, article_id: int, topics: Sequence[str]) -> None:
        self._connection.execute("DELETE FROM article_topics WHERE article_id = ?", (article_id,))
        self._add_topics(article_id, topics)

    def _add_topics(self, article_id: int, topics: Sequence[str]) -> None:
        self._connection.executemany(
            "INSERT INTO article_topics (topic, article_id) VALUES (?, ?)",
            [(topic, article_id) for topic in sorted(set(topics))],
        )

    def _stored(self, article_id: int) -> Archived:
        archived = self.get(article_id)
        assert archived is not None
        return archived

    def _traits_of(self, article: Article, source_id: int) -> Traits:
        found = self._traits.get(id(article))
        return found[1] if found and found[1].source_id == source_id else _traits(article, source_id)

    def _first(self, where: str, *parameters: object) -> Archived | None:
        row = self._connection.execute(f"{_SELECT}{where} LIMIT 1", parameters).fetchone()
        return _archived(row) if row else None

    def is_further_outlet(self, archived: Archived) -> bool:
        """Whether its story has other articles, none of them of the same outlet."""
        sql = "SELECT count(*), coalesce(sum(outlet = ?), 0) FROM articles WHERE story_id = ? AND id <> ?"
        values = (archived.article.source, archived.story_id, archived.id)
        others, same = self._connection.execute(sql, values).fetchone()
        return bool(others) and not same

    def _all(self, where: str, *parameters: object) -> list[Archived]:
        return [_archived(row) for row in self._connection.execute(_SELECT + where, parameters)]


def _recognisable(known: Article, given: Article) -> bool:
    """Whether one can be a version of the other: the same address or headline, or a third of all their words shared."""
    if known.url and given.url and canonical_url(known.url) == canonical_url(given.url):
        return True
    if known.title.casefold().split() == given.title.casefold().split():
        return True
    before, after = (set(text.casefold().split()) for text in (known.text, given.text))
    return 3 * len(before & after) >= len(before | after) > 0


def _traits(article: Article, source_id: int) -> Traits:
    url = canonical_url(article.url) if article.url else None
    return Traits(source_id, article.guid, url, _copy_hash(article))


def _content(article: Article, first_seen_at: datetime, language: str | None, url: str | None) -> dict[str, object]:
    """The columns that a new version of an article may change."""
    published_at = article.published_at
    return {
        "canonical_url": url,
        "published_at": micros(published_at),
        "effective_at": micros(min(published_at or first_seen_at, first_seen_at)),
        "said_language": article.language,
        "language": language,
        "url": article.url,
        "outlet": article.source,
        "author": article.author,
        "title": article.title,
        "text": article.text,
    }


def _copy_hash(article: Article) -> bytes:
    """What the outlet's own copies of an article share, whatever address they came from; white space does not count."""
    words = article.text.split()
    date = article.published_at.date().isoformat() if article.published_at and len(words) < _TELLING else ""
    parts = (article.source.casefold(), " ".join(article.title.split()), " ".join(words), date)
    return blake2b("\n".join(parts).encode(errors="surrogatepass"), digest_size=16).digest()


def _archived(row: tuple[Any, ...]) -> Archived:
    article_id, guid, title, text, outlet, url, published_at, said, author, sample, *known = row
    first_seen_at, effective_at, language, story_id, first_title, topics = known
    article = Article(guid, title, text, outlet, url, moment(published_at), said, author, bool(sample))
    seen, effective = moment(first_seen_at), moment(effective_at)
    names = tuple(sorted((topics or "").split()))
    return Archived(article_id, article, seen, effective, language, story_id, names, first_title)
