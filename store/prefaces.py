"""Prefaces: what is to be said on top of a chat's next message."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.core.reader_ports import Preface, Said
from store.times import micros, moment

ADD = """
    INSERT INTO prefaces (chat_id, kind, number, since_at, about) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (chat_id, kind) DO UPDATE SET
        number = number + excluded.number, since_at = min(since_at, excluded.since_at),
        about = CASE WHEN about = '' THEN excluded.about ELSE about || ', ' || excluded.about END
"""


class Prefaces:
    """The Prefaces port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, chat_id: int, kind: Preface, number: int, since_at: datetime, about: str = "") -> None:
        """To be said once: the numbers of two of a kind are added up, the earlier time counts, `about` is a list."""
        self._connection.execute(ADD, (chat_id, kind.value, number, micros(since_at), about))

    def of_chat(self, chat_id: int) -> list[Said]:
        """What is still to be said in a chat."""
        sql = "SELECT kind, number, since_at, about FROM prefaces WHERE chat_id = ? ORDER BY kind"
        rows = self._connection.execute(sql, (chat_id,))
        return [Said(Preface(kind), number, moment(at), about) for kind, number, at, about in rows]

    def said(self, chat_id: int, kinds: Iterable[Preface]) -> None:
        """They have been said."""
        sql = "DELETE FROM prefaces WHERE chat_id = ? AND kind = ?"
        self._connection.executemany(sql, [(chat_id, kind.value) for kind in kinds])
