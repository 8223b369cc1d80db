"""Further outlets that take a story up, for platforms that can say so below the message that told it."""

from __future__ import annotations

from bot.core.compose import Telling
from bot.core.message import Link, Reply, Strong, Text
from bot.core.model import Archived
from bot.core.times import when

_TITLE = 200


def further(archived: Archived, to: Telling) -> Reply:
    """`Headline · Outlet, today 14:05`, said once however often the message is edited."""
    article = archived.article
    title = " ".join((article.title or article.text)[:_TITLE].split()) or article.source
    headline = Link(title, article.url) if article.url else Strong(title)
    moment = when(archived.published_at, to.now, to.zone, to.words)
    return Reply(f"{archived.story_id}:{archived.id}", (headline, Text(f" · {article.source}, "), moment))
