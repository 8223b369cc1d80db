"""Chats, their settings, and the inverse of each chat's latest change."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from bot.core.cadence import Quiet
from bot.core.model import Address, Chat
from store.holds import remember_reads
from store.merging import merge
from store.parking import unpark
from store.queries import Queries
from store.times import micros, moment

SETTINGS = (
    "timezone",
    "language",
    "reads",
    "digest_at",
    "quiet",
    "max_per_hour",
    "empty_digest",
    "paused_at",
    "pause_reason",
    "zone_told",
    "owner",
    "held_since",
    "paused_until",
    "zone_guessed",
    "outlets",
)
CHAT = ", ".join(
    f"c.{name}" for name in ("id", "platform", "chat", "thread", "created_at", "last_digest_at", *SETTINGS)
)
"""The columns `read_chat` reads, of a table called `c`."""

INSERT = f"""
    INSERT INTO chats (platform, chat, thread, created_at, {", ".join(SETTINGS)})
    VALUES (?, ?, ?, ?{", ?" * len(SETTINGS)})
"""  # noqa: S608
SAVE = f"UPDATE chats SET {' = ?, '.join(SETTINGS)} = ? WHERE id = ?"  # noqa: S608

HELD = ("subscriptions", "deliveries", "undo", "mutes", "saved", "irrelevant", "follows")
"""The nouns of `holdings`."""


class Chats:
    """The Chats port on one connection; `forgot` says whether this session removed a chat."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.forgot = False

    def pausing(self, now: datetime, limit: int) -> list[Chat]:
        """Paused chats whose pause has come to its end."""
        sql = f"SELECT {CHAT} FROM chats c WHERE c.paused_until <= ? AND c.paused_at IS NOT NULL LIMIT ?"  # noqa: S608
        return [read_chat(row) for row in self._connection.execute(sql, (micros(now), limit))]

    def ensure(self, address: Address, now: datetime) -> Chat:
        """The chat at this address, made with the defaults when it is not there yet."""
        chat = self.at(address)
        if chat is None:
            place = (address.platform, address.chat, address.thread)
            defaults = Chat(0, address, now)
            self._connection.execute(INSERT, (*place, micros(now), *_settings(defaults)))
            chat = self.at(address)
            assert chat is not None
        return chat

    def at(self, address: Address) -> Chat | None:
        """The chat at this address."""
        place = (address.platform, address.chat, address.thread)
        return self._one("c.platform = ? AND c.chat = ? AND c.thread = ?", place)

    def get(self, chat_id: int) -> Chat | None:
        """The chat with this id."""
        return self._one("c.id = ?", (chat_id,))

    def threads(self, platform: str, chat: str) -> list[Chat]:
        """Every chat with this id on the platform, one a thread."""
        sql = f"SELECT {CHAT} FROM chats c WHERE c.platform = ? AND c.chat = ? ORDER BY c.id"  # noqa: S608
        return [read_chat(row) for row in self._connection.execute(sql, (platform, chat))]

    def save(self, chat: Chat) -> None:
        """Stores every setting of the chat as given; its address is `move`'s, `last_digest_at` is the outbox's."""
        remember_reads(self._connection, chat.id, ",".join(chat.reads))
        self._connection.execute(SAVE, (*_settings(chat), chat.id))
        if chat.paused_at is None:
            unpark(self._connection, chat.id)

    def move(self, chat_id: int, new: Address) -> None:
        """The chat has a new address; with a chat already there it is one, which has the settings of the older."""
        there = self.at(new)
        if there is not None and there.id != chat_id:
            newer, chat_id = max(there.id, chat_id), min(there.id, chat_id)
            merge(self._connection, newer, chat_id)
        sql = "UPDATE chats SET platform = ?, chat = ?, thread = ? WHERE id = ?"
        self._connection.execute(sql, (new.platform, new.chat, new.thread, chat_id))

    def block(self, chat_id: int, until: datetime) -> None:
        """The platform wants silence in the chat until then: nothing of it is claimed before."""
        self._connection.execute("UPDATE chats SET blocked_until = ? WHERE id = ?", (micros(until), chat_id))

    def forget(self, chat_id: int) -> None:
        """Removes every trace of the chat, and the queries only it used."""
        sql = "SELECT DISTINCT query_id FROM subscriptions WHERE chat_id = ?"
        used = [query_id for (query_id,) in self._connection.execute(sql, (chat_id,))]
        if (chat := self.get(chat_id)) is not None:
            place = str(chat.address)
            self._connection.execute("UPDATE chats SET owner = NULL WHERE owner = ?", (place,))
            self._connection.execute(
                "DELETE FROM errands WHERE kind = 'notice' AND json_extract(about, '$[1].chat') = ?", (place,)
            )
        self._connection.execute("DELETE FROM chats WHERE id = ?", (chat_id,))
        Queries(self._connection).forget(used)
        self.forgot = True

    def holdings(self, chat_id: int) -> dict[str, int]:
        """What the store holds of the chat, counted by noun: what `forget` would remove."""
        sql = """
            SELECT (SELECT count(*) FROM subscriptions WHERE chat_id = :chat),
                   (SELECT count(*) FROM deliveries WHERE chat_id = :chat AND story_id IS NOT NULL)
                       + (SELECT count(*) FROM reports WHERE chat_id = :chat),
                   (SELECT count(*) FROM undo WHERE chat_id = :chat),
                   (SELECT count(*) FROM mutes WHERE chat_id = :chat),
                   (SELECT count(*) FROM saved WHERE chat_id = :chat),
                   (SELECT count(*) FROM irrelevant WHERE chat_id = :chat),
                   (SELECT count(*) FROM follows WHERE chat_id = :chat)
        """
        counted = self._connection.execute(sql, {"chat": chat_id}).fetchone()
        return dict(zip(HELD, counted, strict=True))

    def remember_undo(self, chat_id: int, now: datetime, change: str) -> None:
        """Keeps the inverse of the chat's latest change (opaque JSON)."""
        sql = "INSERT OR REPLACE INTO undo (chat_id, at, change) VALUES (?, ?, ?)"
        self._connection.execute(sql, (chat_id, micros(now), change))

    def take_undo(self, chat_id: int) -> str | None:
        """The latest inverse, removed."""
        row = self._connection.execute("SELECT change FROM undo WHERE chat_id = ?", (chat_id,)).fetchone()
        self._connection.execute("DELETE FROM undo WHERE chat_id = ?", (chat_id,))
        return row[0] if row else None

    def _one(self, condition: str, values: Sequence[object]) -> Chat | None:
        sql = f"SELECT {CHAT} FROM chats c WHERE {condition}"  # noqa: S608
        row = self._connection.execute(sql, values).fetchone()
        return read_chat(row) if row else None


def read_chat(row: Sequence[Any]) -> Chat:
    """The Chat in a row of `CHAT` columns."""
    chat_id, platform, chat, thread, created_at, last_digest_at, *settings = row
    *settings, zone_told, owner, held_since, until, zone_guessed, outlets = settings
    timezone, language, *habits, max_per_hour, empty_digest, paused_at, reason = settings
    reads, digest_at, quiet = read_habits(*habits)
    return Chat(
        id=chat_id,
        address=Address(platform, chat, thread),
        created_at=moment(created_at),
        timezone=timezone,
        language=language,
        reads=reads,
        digest_at=digest_at,
        quiet=quiet,
        max_per_hour=max_per_hour,
        empty_digest=bool(empty_digest),
        paused_at=moment(paused_at),
        pause_reason=reason,
        zone_told=bool(zone_told),
        paused_until=moment(until),
        zone_guessed=bool(zone_guessed),
        last_digest_at=moment(last_digest_at),
        owner=Address.parse(owner) if owner else None,
        held_since=moment(held_since),
        outlets=outlets,
    )


@lru_cache(maxsize=4096)
def read_habits(
    reads: str, digest_at: str | None, quiet: str | None
) -> tuple[tuple[str, ...], time | None, Quiet | None]:
    """The values of the columns of these names."""
    return (
        tuple(reads.split(",")) if reads else (),
        time.fromisoformat(digest_at) if digest_at else None,
        _read_quiet(quiet) if quiet else None,
    )


def _settings(chat: Chat) -> tuple[object, ...]:
    """The values of SETTINGS."""
    return (
        chat.timezone,
        chat.language,
        ",".join(chat.reads),
        f"{chat.digest_at:%H:%M}" if chat.digest_at else None,
        f"{chat.quiet.start:%H:%M}-{chat.quiet.end:%H:%M}" if chat.quiet else None,
        chat.max_per_hour,
        chat.empty_digest,
        micros(chat.paused_at),
        chat.pause_reason,
        chat.zone_told,
        str(chat.owner) if chat.owner else None,
        micros(chat.held_since),
        micros(chat.paused_until),
        chat.zone_guessed,
        chat.outlets,
    )


def _read_quiet(text: str) -> Quiet:
    start, end = map(time.fromisoformat, text.split("-"))
    return Quiet(start, end)
