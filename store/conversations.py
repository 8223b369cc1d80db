"""What conversations leave behind: what was acted on, and what long buttons mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bot.core.conversations import ACTED_FOR, BUTTONS_FOR
from bot.core.model import Address
from store.sealing import opened, place_of, sealed
from store.times import micros

FORGET = """
    DELETE FROM unanswered WHERE CASE WHEN json_valid(said) THEN :place IN (
        json_extract(said, '$.address'), json_extract(said, '$.speaker'), json_extract(said, '$.answer_at')
    ) END
"""

KEEP = """
    INSERT INTO unanswered (event, said, at) VALUES (?, ?, ?)
    ON CONFLICT (event) DO UPDATE SET said = excluded.said WHERE excluded.said <> ''
"""
"""A text that is kept stays."""


class Conversations:
    """The Conversations port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def acted(self, event: str, now: datetime) -> bool:
        """Remembers that `event` was acted on; False when it had been before."""
        sql = "INSERT OR IGNORE INTO acted (event, at) VALUES (?, ?)"
        return self._connection.execute(sql, (event, micros(now))).rowcount == 1

    def has_acted(self, event: str) -> bool:
        """Whether `event` was acted on."""
        return self._connection.execute("SELECT 1 FROM acted WHERE event = ?", (event,)).fetchone() is not None

    def keep_unanswered(self, said: Mapping[str, str], now: datetime) -> None:
        """Keeps what was heard and waits for its answer (opaque text), by event; without a text, that it waits."""
        self._connection.executemany(KEEP, [(event, text, micros(now)) for event, text in said.items()])

    def owes_answer(self, event: str) -> bool:
        """Whether `event` waits for its answer."""
        return self._connection.execute("SELECT 1 FROM unanswered WHERE event = ?", (event,)).fetchone() is not None

    def unanswered(self) -> dict[str, str]:
        """What was kept with a text and is not answered yet, by event."""
        sql = "SELECT event, said FROM unanswered WHERE said <> '' ORDER BY at, rowid"
        return dict(self._connection.execute(sql))

    def answered(self, event: str, now: datetime) -> None:
        """`event` has its answer: it was acted on, and nothing is kept of it any more."""
        self.acted(event, now)
        self._connection.execute("DELETE FROM unanswered WHERE event = ?", (event,))

    def keep_buttons(self, commands: Mapping[str, str], now: datetime) -> None:
        """Keeps commands by their keys."""
        sql = "INSERT OR REPLACE INTO buttons (key, command, used_at) VALUES (?, ?, ?)"
        rows = [(place_of(key), sealed(key, command), micros(now)) for key, command in commands.items()]
        self._connection.executemany(sql, rows)

    def button(self, key: str, now: datetime) -> str | None:
        """The command kept by this key, for longer from now on; None when it is not kept any more."""
        sql = "UPDATE buttons SET used_at = ? WHERE key = ? RETURNING command"
        row = self._connection.execute(sql, (micros(now), place_of(key))).fetchone()
        return opened(key, row[0]) if row else None

    def forget(self, address: Address) -> None:
        """Drops what was heard there, or of this person elsewhere, and waits for its answer."""
        self._connection.execute(FORGET, {"place": str(address)})

    def prune(self, now: datetime) -> None:
        """Drops what is older than ACTED_FOR and BUTTONS_FOR."""
        self._connection.execute("DELETE FROM unanswered WHERE at < ?", (micros(now - ACTED_FOR),))
        self._connection.execute("DELETE FROM acted WHERE at < ?", (micros(now - ACTED_FOR),))
        self._connection.execute("DELETE FROM buttons WHERE used_at < ?", (micros(now - BUTTONS_FOR),))
