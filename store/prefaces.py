"""Prefaces: what is to be said on top of a chat's next message."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from bot.core.reader_ports import Preface
from store.times import micros, moment

ADD = """
    INSERT INTO prefaces (chat_id, kind, number, since_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (chat_id, kind) DO UPDATE SET
        number = number + excluded.number, since_at = min(since_at, excluded.since_at)
"""


class Prefaces:
    """The Prefaces port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, chat_id: int, kind: Preface, number: int, since_at: datetime) -> None:
        """To be said once: the numbers of two of a kind are added up, the earlier time counts."""
        self._connection.execute(ADD, (chat_id, kind.value, number, micros(since_at)))

    def of_chat(self, chat_id: int) -> list[tuple[Preface, int, datetime]]:
        """What is still to be said in a chat."""
        sql = "SELECT kind, number, since_at FROM prefaces WHERE chat_id = ? ORDER BY kind"
        return [(Preface(kind), number, moment(at)) for kind, number, at in self._connection.execute(sql, (chat_id,))]

    def said(self, chat_id: int, kinds: Iterable[Preface]) -> None:
        """They have been said."""
        sql = "DELETE FROM prefaces WHERE chat_id = ? AND kind = ?"
        self._connection.executemany(sql, [(chat_id, kind.value) for kind in kinds])
