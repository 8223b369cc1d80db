"""The SQLite store: one writer thread, read-only connections beside it, and a lock file around every write."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot.core import ports
from bot.core.errors import StoreError, StoreFull
from store import migrations
from store.connections import commit, is_new, open_reader, open_writer, wiped
from store.failures import wrapped
from store.learned import Learned
from store.locks import WriteLock
from store.migrations import migrate, stored_schema
from store.traces import rewrite
from store.upkeep import SqliteUpkeep

if TYPE_CHECKING:
    from store.articles import Articles
    from store.bursts import Bursts
    from store.cards import Cards
    from store.chats import Chats
    from store.conversations import Conversations
    from store.figures import Figures
    from store.follows import Follows
    from store.guests import Guests
    from store.joinings import Joinings
    from store.leftovers import Leftovers
    from store.meta import Meta
    from store.mutes import Mutes
    from store.outbox import Outbox
    from store.pages import Pages
    from store.pauses import Pauses
    from store.prefaces import Prefaces
    from store.queries import Queries
    from store.reasons import Reasons
    from store.reports import Reports
    from store.rules import Rules
    from store.search import Search
    from store.shelf import Shelf
    from store.sources import Sources
    from store.stories import Stories
    from store.subscriptions import Subscriptions

T = TypeVar("T")

_IDLE = 2
"""Connections that wait for the next who reads: each remembers up to 8 MB of pages."""


class SqliteSession:
    """One operation's repositories on one connection, each loaded when it is first asked for."""

    def __init__(self, connection: sqlite3.Connection, learned: Learned | None = None) -> None:
        self.connection = connection
        self.learned = learned or Learned()

    @cached_property
    def articles(self) -> Articles:
        from store.articles import Articles

        return Articles(self.connection)

    @cached_property
    def stories(self) -> Stories:
        from store.stories import Stories

        return Stories(self.connection, self.learned.neighbours, self.learned.openings)

    @cached_property
    def pages(self) -> Pages:
        from store.pages import Pages

        return Pages(self.connection)

    @cached_property
    def sources(self) -> Sources:
        from store.sources import Sources

        return Sources(self.connection)

    @cached_property
    def bursts(self) -> Bursts:
        from store.bursts import Bursts

        return Bursts(self.connection)

    @cached_property
    def reports(self) -> Reports:
        from store.reports import Reports

        return Reports(self.connection)

    @cached_property
    def chats(self) -> Chats:
        from store.chats import Chats

        return Chats(self.connection)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        from store.subscriptions import Subscriptions

        return Subscriptions(self.connection)

    @cached_property
    def queries(self) -> Queries:
        from store.queries import Queries

        return Queries(self.connection)

    @cached_property
    def outbox(self) -> Outbox:
        from store.outbox import Outbox

        return Outbox(self.connection)

    @cached_property
    def conversations(self) -> Conversations:
        from store.conversations import Conversations

        return Conversations(self.connection)

    @cached_property
    def reasons(self) -> Reasons:
        from store.reasons import Reasons

        return Reasons(self.connection)

    @cached_property
    def rules(self) -> Rules:
        from store.rules import Rules

        return Rules(self.connection)

    @cached_property
    def search(self) -> Search:
        from store.search import Search

        return Search(self.connection, learned=self.learned)

    @cached_property
    def meta(self) -> Meta:
        from store.meta import Meta

        return Meta(self.connection)

    @cached_property
    def mutes(self) -> Mutes:
        from store.mutes import Mutes

        return Mutes(self.connection)

    @cached_property
    def shelf(self) -> Shelf:
        from store.shelf import Shelf

        return Shelf(self.connection)

    @cached_property
    def leftovers(self) -> Leftovers:
        from store.leftovers import Leftovers

        return Leftovers(self.connection)

    @cached_property
    def pauses(self) -> Pauses:
        from store.pauses import Pauses

        return Pauses(self.connection)

    @cached_property
    def prefaces(self) -> Prefaces:
        from store.prefaces import Prefaces

        return Prefaces(self.connection)

    @cached_property
    def guests(self) -> Guests:
        from store.guests import Guests

        return Guests(self.connection)

    @cached_property
    def cards(self) -> Cards:
        from store.cards import Cards

        return Cards(self.connection)

    @cached_property
    def figures(self) -> Figures:
        from store.figures import Figures

        return Figures(self.connection)

    @cached_property
    def follows(self) -> Follows:
        from store.follows import Follows

        return Follows(self.connection)

    @cached_property
    def joinings(self) -> Joinings:
        from store.joinings import Joinings

        return Joinings(self.connection)

    @property
    def left_traces(self) -> bool:
        """Whether something was removed of which not even the log may keep a byte."""
        return "chats" in vars(self) and self.chats.forgot


class SqliteStore(SqliteUpkeep):
    """The Store port on one SQLite file; any thread may call it, and an operation must not call it again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = WriteLock(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="newsbell-writer")
        self._writer: sqlite3.Connection | None = None
        self._readers: deque[sqlite3.Connection] = deque()
        self._thread_state = threading.local()
        self._closed = False
        self._traces = False
        self._learned = Learned()
        self._heeding: list[Callable[[], None]] = []

    def write(self, work: Callable[[ports.Session], T]) -> T:
        """Runs `work` in one transaction, commits and returns its result; an exception rolls back and is raised."""
        return self.exclusively(lambda connection: self._transact(work, connection))

    def read(self, work: Callable[[ports.Session], T]) -> T:
        """Runs `work` on a consistent view that cannot write."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            try:
                return work(SqliteSession(connection))
            finally:
                connection.rollback()

    def check(self) -> Iterator[tuple[str, bool, str]]:
        """(what, whether it is well, what was found or what to do) for each thing `doctor` looks at."""
        from store.health import check

        yield from check(self)

    def close(self) -> None:
        """Finishes what is being written and lets go of the file; calling it again is harmless."""
        if self._closed:
            return
        self._closed = True
        self._close_readers()
        try:
            self._thread.submit(self._close_writer).result()
        finally:
            self._thread.shutdown()

    def prepare(self, now: datetime, keep: Callable[[Path, int], None] | None = None) -> None:
        """Creates or migrates the database; StoreError when it is newer than this newsbell or not a database.

        `keep` is called with a database that is there, and its schema, before it is migrated.
        """
        schema = 0 if is_new(self.path) else self.read(lambda session: stored_schema(_raw(session), self.path))
        if schema and schema < migrations.SCHEMA and keep is not None:
            keep(self.path, schema)
        if schema < migrations.SCHEMA:
            self.write(lambda session: migrate(_raw(session), self.path, now))

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that cannot write, outside a transaction."""
        with self._one_operation(), wrapped(self.path), self._reader() as connection:
            yield connection

    def exclusively(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Runs `work` on the writing connection, outside a transaction, while nobody else writes."""
        return self._in_writer(lambda: self._hold(work))

    def _in_writer(self, work: Callable[[], T]) -> T:
        self._refuse_nesting()
        try:
            future = self._thread.submit(work)
        except RuntimeError as error:
            raise StoreError(f"database {self.path}: it is closed") from error
        try:
            return future.result()
        except StoreFull:
            for heed in self._heeding:
                heed()
            raise

    def heed_full(self, heed: Callable[[], None]) -> None:
        """Has `heed` called whenever a write finds no room, by the thread that was refused."""
        self._heeding.append(heed)

    def _hold(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._one_operation(), self._lock.held(), wrapped(self.path):
            self._writer = self._writer or open_writer(self.path)
            return work(self._writer)

    def _transact(self, work: Callable[[ports.Session], T], connection: sqlite3.Connection) -> T:
        session = SqliteSession(connection, self._learned)
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(session)
            commit(connection)
            self._learned.committed()
        finally:
            connection.rollback()
            self._learned.undone()
        if session.left_traces:
            self._traces = True
            with suppress(sqlite3.Error):  # no room: the rows are gone all the same
                rewrite(connection)
        if self._traces:
            self._traces = not wiped(connection)
        return result

    @contextmanager
    def _reader(self) -> Iterator[sqlite3.Connection]:
        """A connection of the pool, or a new one; as many are open as threads read at once, and few afterwards."""
        if self._closed:
            raise StoreError(f"database {self.path}: it is closed")
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = open_reader(self.path)
        try:
            yield connection
        finally:
            if len(self._readers) < _IDLE:
                self._readers.append(connection)
            else:
                connection.close()
            if self._closed:
                self._close_readers()

    def _close_readers(self) -> None:
        with suppress(IndexError):
            while True:
                self._readers.pop().close()

    def _close_writer(self) -> None:
        if self._writer:
            with self._lock.held(), suppress(sqlite3.Error):
                wiped(self._writer)
                self._writer.close()

    @contextmanager
    def _one_operation(self) -> Iterator[None]:
        self._refuse_nesting()
        self._thread_state.busy = True
        try:
            yield
        finally:
            self._thread_state.busy = False

    def _refuse_nesting(self) -> None:
        if getattr(self._thread_state, "busy", False):
            raise RuntimeError("a store operation must use its session, not call the store again")


def open_store(path: Path, *, now: datetime, keep: Callable[[Path, int], None] | None = None) -> SqliteStore:
    """The store at `path`, created or migrated when need be; StoreError in one line when it cannot be used.

    `keep` is as in `prepare`; what it raises leaves the database as it was.
    """
    store = SqliteStore(path)
    try:
        store.prepare(now, keep)
    except BaseException:
        store.close()
        raise
    return store


def _raw(session: ports.Session) -> sqlite3.Connection:
    assert isinstance(session, SqliteSession)
    return session.connection
