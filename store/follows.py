"""Follows: which chats follow which stories, and what waits because they do."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from bot.core.following import Follow, Further
from bot.core.reasons import UNFOLLOWED
from store.times import micros, moment

CALL_OFF = f"""
    UPDATE deliveries SET state = 'cancelled', reason = :reason
    WHERE chat_id = :chat AND story_id = :story AND kind = 'alert' AND state = 'waiting'
      AND abs(further) = {Further.ACCOUNT:d}
"""  # noqa: S608

WAIT_AGAIN = """
    UPDATE deliveries SET state = 'waiting', reason = NULL
    WHERE chat_id = :chat AND story_id = :story AND kind = 'alert' AND state = 'cancelled' AND reason = :reason
"""

LIVES = "EXISTS (SELECT 1 FROM articles a WHERE a.story_id = follows.story_id AND a.first_seen_at >= ?)"

OVER = f"DELETE FROM follows WHERE NOT {LIVES}"  # noqa: S608

OF_CHAT = f"""
    SELECT story_id, since_at FROM follows WHERE chat_id = ? AND {LIVES} ORDER BY since_at DESC, story_id DESC
"""  # noqa: S608


class Follows:
    """The Follows port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def start(self, chat_id: int, story_id: int, now: datetime) -> bool:
        """The chat follows the story from now on; False when it did already."""
        sql = "INSERT OR IGNORE INTO follows (chat_id, story_id, since_at) VALUES (?, ?, ?)"
        return self._connection.execute(sql, (chat_id, story_id, micros(now))).rowcount > 0

    def end(self, chat_id: int, story_id: int) -> Follow | None:
        """It follows the story no more, and what waits of it because it did is called off; what it was, if it was."""
        follow = self.get(chat_id, story_id)
        if follow is not None:
            sql = "DELETE FROM follows WHERE chat_id = ? AND story_id = ?"
            self._connection.execute(sql, (chat_id, story_id))
            self._connection.execute(CALL_OFF, {"chat": chat_id, "story": story_id, "reason": UNFOLLOWED})
        return follow

    def resume(self, follow: Follow) -> None:
        """Undoes `end`: what that called off waits again."""
        if self.start(follow.chat_id, follow.story_id, follow.since_at):
            values = {"chat": follow.chat_id, "story": follow.story_id, "reason": UNFOLLOWED}
            self._connection.execute(WAIT_AGAIN, values)

    def get(self, chat_id: int, story_id: int) -> Follow | None:
        """Since when the chat follows the story, None when it does not."""
        sql = "SELECT since_at FROM follows WHERE chat_id = ? AND story_id = ?"
        row = self._connection.execute(sql, (chat_id, story_id)).fetchone()
        return Follow(chat_id, story_id, moment(row[0])) if row else None

    def of_chat(self, chat_id: int, since: datetime) -> list[Follow]:
        """What the chat follows that anything came to since then, the latest first."""
        rows = self._connection.execute(OF_CHAT, (chat_id, micros(since)))
        return [Follow(chat_id, story_id, moment(since_at)) for story_id, since_at in rows]

    def prune(self, before: datetime) -> int:
        """Ends what is followed of stories that nothing came to since then: nothing can join them; how many."""
        return self._connection.execute(OVER, (micros(before),)).rowcount
