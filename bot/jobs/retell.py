"""Retell: another account of a story -> rings owed to chats that follow it, or to which so many outlets are news."""

from __future__ import annotations

from datetime import datetime

from bot.core.following import Further, Joining, Owing
from bot.core.model import Archived
from bot.core.plan import audible_at, reads
from bot.core.ports import Session, Store
from bot.jobs.steps import in_steps
from bot.matching.muting import keys

CHUNK = 500
"""Chats, or deliveries, a transaction looks at."""


def retell(store: Store, now: datetime, default_zone: str) -> int:
    """Owes what joined its story to whom it is to be told again; returns how many rings are new."""
    return in_steps(store, lambda session: session.joinings.next(), lambda session: _step(session, now, default_zone))


def _step(session: Session, now: datetime, default_zone: str) -> int:
    """The oldest account that is not told to everybody, for the next chats; the position commits with the rings."""
    joining = session.joinings.next()
    if joining is None:
        return 0
    archived = session.articles.get(joining.article_id)
    if archived is None:
        session.joinings.told(joining, None)
        return 0
    chosen = _to_followers if joining.further is Further.ACCOUNT else _to_hearers
    owed, reached = chosen(session, joining, archived, now, default_zone)
    new = session.joinings.owe(joining, owed)
    session.joinings.told(joining, reached)
    chats = [entry.chat_id for entry in owed]
    for article_id in {entry.article_id for entry in owed}:
        told = archived if article_id == archived.id else session.articles.get(article_id)
        if told is not None:
            session.mutes.hold(chats, told.story_id, told.id, keys(told), now)
    for due_at in {entry.due_at for entry in owed if entry.due_at > now}:
        quiet = [entry.chat_id for entry in owed if entry.due_at == due_at]
        session.reasons.hold_quiet(quiet, joining.story_id, now, due_at)
    return new


def _to_followers(
    session: Session, joining: Joining, archived: Archived, now: datetime, default_zone: str
) -> tuple[list[Owing], int | None]:
    """The article, to those that read its language."""
    chats, reached = session.joinings.followers(joining, CHUNK)
    readers = (chat for chat in chats if reads(chat, archived.language))
    return [Owing(chat.id, archived.id, audible_at(chat, now, default_zone)) for chat in readers], reached


def _to_hearers(
    session: Session, joining: Joining, archived: Archived, now: datetime, default_zone: str
) -> tuple[list[Owing], int | None]:
    """The number of outlets: by this article or, to who does not read its language, by the one it was told by."""
    hearers, reached = session.joinings.hearers(joining, CHUNK)
    return [
        Owing(
            chat.id,
            archived.id if reads(chat, archived.language) else told_id,
            audible_at(chat, now, default_zone),
            subscription_id,
        )
        for chat, subscription_id, told_id in hearers
    ], reached
