"""Holding what waits in a chat to its mutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.core.model import Archived, Chat
from bot.core.plan import reads
from bot.core.ports import Session
from bot.core.reader_ports import Mute
from bot.matching import muting


def hush(session: Session, chat: Chat, mute: Mute, now: datetime) -> int:
    """Cancels what waits in the chat and is muted by this; how many lines.

    A story that an outlet which is heard carries as well is told by that one instead.
    """
    if not mute.holds(now):
        return 0
    silent: list[int] = []
    muted = muted_in(session, chat, now)
    for line in session.mutes.pending(chat.id):
        archived = session.articles.get(line.article_id)
        if archived is None or mute.what not in muting.keys(archived):
            continue
        others = session.articles.many(line.others)
        heard = [entry for entry in others if reads(chat, entry.language) and not muted(entry)]
        if heard:
            session.mutes.retell(line.delivery_id, heard[0].id)
        else:
            silent.append(line.delivery_id)
    session.mutes.silence(mute.id, silent)
    return len(silent)


def muted_in(session: Session, chat: Chat, now: datetime) -> Callable[[Archived], bool]:
    """Tells whether the chat has muted an article's story or its outlet."""
    what = {entry.what for entry in session.mutes.live(chat.id, now)}
    return lambda archived: bool(what) and not what.isdisjoint(muting.keys(archived))
