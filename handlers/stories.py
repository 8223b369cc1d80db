"""Articles as the stories they belong to, which is what a person is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.core.model import Archived
from bot.matching.syntax import Node
from handlers.call import Call


def by_story(articles: Iterable[Archived]) -> list[list[Archived]]:
    """The articles grouped by story, stories and articles in the order given."""
    stories: dict[int, list[Archived]] = {}
    for archived in articles:
        stories.setdefault(archived.story_id, []).append(archived)
    return list(stories.values())


def latest(call: Call, query: Node, *, articles: int, since: datetime | None = None) -> list[list[Archived]]:
    """Stories among the newest articles the query matches and the chat reads, newest first."""
    page = call.session.search.newest(query, call.now, limit=articles, languages=call.chat.reads, since=since)
    return by_story(page.hits)
