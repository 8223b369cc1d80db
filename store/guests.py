"""Guests, and invites that let them in."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import datetime
from typing import Any

from bot.core.access import NOT_INVITED, Decision, Guest, Standing, Way
from bot.core.model import Address, Chat
from store.chats import CHAT, read_chat
from store.times import micros, moment

GUEST = "g.number, g.platform, g.chat, g.name, g.standing, g.asked_at, g.brought_by, g.decided_at, g.decided_by, g.way"
"""The columns `read_guest` reads, of a table called `g`."""

PLACE = "platform = ? AND chat = ?"

DECIDE = """
    UPDATE guests SET name = CASE :name WHEN '' THEN name ELSE :name END, standing = :standing, decided_at = :at,
        decided_by = :by, way = :way
    WHERE platform = :platform AND chat = :chat
"""

ADD = """
    INSERT INTO guests (platform, chat, name, standing, asked_at, decided_at, decided_by, way)
    VALUES (:platform, :chat, :name, :standing, :at, :at, :by, :way)
"""

UNKNOWN = """
    SELECT DISTINCT c.platform, c.chat FROM chats c
    WHERE EXISTS (SELECT 1 FROM subscriptions s WHERE s.chat_id = c.id AND s.ended_at IS NULL)
      AND NOT EXISTS (SELECT 1 FROM guests g WHERE g.platform = c.platform AND g.chat = c.chat)
"""

GOING = f"""
    SELECT {CHAT} FROM chats c
    WHERE (c.paused_at IS NULL OR c.pause_reason IS NOT :reason) AND :admitted = EXISTS (
        SELECT 1 FROM guests g WHERE g.platform = c.platform AND g.chat = c.chat AND g.standing = 'admitted'
    )
"""  # noqa: S608


class Guests:
    """The Guests port on one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def at(self, address: Address) -> Guest | None:
        """The guest at this address, whatever its thread."""
        return self._one(PLACE, address.platform, address.chat)

    def get(self, number: int) -> Guest | None:
        """The guest whose asking, or else whose admission, has this number."""
        return self._one("number = ?", number)

    def ask(self, address: Address, name: str, now: datetime, by: Address | None) -> Guest:
        """Records an asking under a new number; cards of an earlier one are gone."""
        self._connection.execute(f"DELETE FROM guests WHERE {PLACE}", (address.platform, address.chat))  # noqa: S608
        sql = """INSERT INTO guests (platform, chat, name, standing, asked_at, brought_by)
                 VALUES (?, ?, ?, 'asked', ?, ?)"""
        brought_by = None if by is None else str(by)
        self._connection.execute(sql, (address.platform, address.chat, name, micros(now), brought_by))
        return self._known(address)

    def decide(self, address: Address, name: str, decision: Decision) -> Guest:
        """Records a decision, also of a guest that never asked; an empty name keeps the one there is."""
        values = {
            "platform": address.platform,
            "chat": address.chat,
            "name": name,
            "standing": decision.standing.value,
            "at": micros(decision.at),
            "by": None if decision.by is None else str(decision.by),
            "way": decision.way and decision.way.value,
        }
        if not self._connection.execute(DECIDE, values).rowcount:
            self._connection.execute(ADD, values)
        return self._known(address)

    def listed(self, standing: Standing | None, limit: int, offset: int = 0) -> tuple[list[Guest], int]:
        """A page of those who stand so (None: all), who asked last first, and how many there are."""
        where, values = ("WHERE g.standing = ?", [standing.value]) if standing else ("", [])
        sql = f"SELECT {GUEST} FROM guests g {where} ORDER BY g.number DESC LIMIT ? OFFSET ?"  # noqa: S608
        rows = self._connection.execute(sql, (*values, limit, offset))
        (total,) = self._connection.execute(f"SELECT count(*) FROM guests g {where}", values).fetchone()  # noqa: S608
        return [read_guest(row) for row in rows], total

    def unknown(self) -> list[Address]:
        """Places of chats that have live subscriptions and are no guests."""
        return [Address(*row) for row in self._connection.execute(UNKNOWN)]

    def shut(self) -> list[Chat]:
        """Chats that are paused as not invited."""
        sql = f"SELECT {CHAT} FROM chats c WHERE c.paused_at IS NOT NULL AND c.pause_reason = ?"  # noqa: S608
        return [read_chat(row) for row in self._connection.execute(sql, (NOT_INVITED,))]

    def going(self, *, admitted: bool) -> list[Chat]:
        """The other chats: those of guests that are let in, or those of nobody who is."""
        rows = self._connection.execute(GOING, {"reason": NOT_INVITED, "admitted": admitted})
        return [read_chat(row) for row in rows]

    def move(self, old: Address, new: Address) -> None:
        """The place has a new address; a guest already there stays as it is."""
        sql = f"UPDATE OR IGNORE guests SET platform = ?, chat = ? WHERE {PLACE}"  # noqa: S608
        self._connection.execute(sql, (new.platform, new.chat, old.platform, old.chat))

    def forget(self, address: Address) -> None:
        """Removes the guest, and its name from what it decided about others."""
        self._connection.execute(f"DELETE FROM guests WHERE {PLACE}", (address.platform, address.chat))  # noqa: S608
        for table, column in (("guests", "decided_by"), ("guests", "brought_by"), ("invites", "made_by")):
            sql = f"UPDATE {table} SET {column} = NULL WHERE {column} = ?"  # noqa: S608
            self._connection.execute(sql, (f"{address.platform}:{address.chat}",))

    def prune(self, before: datetime) -> int:
        """Drops those who asked before then and were not let in, and invites that were over then; how many guests."""
        self._connection.execute("DELETE FROM invites WHERE until_at < ?", (micros(before),))
        sql = """DELETE FROM guests WHERE standing IN ('asked', 'denied') AND asked_at < :before
                 AND coalesce(decided_at, 0) < :before"""
        return self._connection.execute(sql, {"before": micros(before)}).rowcount

    def invite(self, code: str, by: Address, until_at: datetime) -> None:
        """Keeps an invite, by a digest of its code, until then."""
        sql = "INSERT INTO invites (digest, made_by, until_at) VALUES (?, ?, ?)"
        self._connection.execute(sql, (_digest(code), str(by), micros(until_at)))

    def take_invite(self, code: str, now: datetime) -> bool:
        """Uses an invite up; False when there is none of this code, it was used, or it is over."""
        sql = "UPDATE invites SET used_at = :now WHERE digest = :digest AND used_at IS NULL AND until_at > :now"
        return self._connection.execute(sql, {"now": micros(now), "digest": _digest(code)}).rowcount == 1

    def _known(self, address: Address) -> Guest:
        guest = self.at(address)
        assert guest is not None
        return guest

    def _one(self, where: str, *values: object) -> Guest | None:
        row = self._connection.execute(f"SELECT {GUEST} FROM guests g WHERE {where}", values).fetchone()  # noqa: S608
        return read_guest(row) if row else None


def read_guest(row: tuple[Any, ...]) -> Guest:
    """A guest from the columns of GUEST."""
    number, platform, chat, name, standing, asked_at, brought_by, decided_at, decided_by, way = row
    return Guest(
        number=number,
        address=Address(platform, chat),
        name=name,
        standing=Standing(standing),
        asked_at=moment(asked_at),
        by=Address.parse(brought_by) if brought_by else None,
        decided_at=moment(decided_at) if decided_at else None,
        decided_by=Address.parse(decided_by) if decided_by else None,
        way=Way(way) if way else None,
    )


def _digest(code: str) -> str:
    return hashlib.blake2b(code.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
