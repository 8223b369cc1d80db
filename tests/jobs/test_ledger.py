"""What was sent is settled, however long the store refuses: nothing is told twice for it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.core.model import Kind, State
from bot.core.ports import Session
from bot.core.reports import Report
from store.failures import refusal
from tests.jobs.conftest import NOW, Newsbell, article
from tests.simulated import simulate


class Refusing:
    """A store that refuses to write for an hour once something was sent, with this of SQLite's codes."""

    def __init__(self, bell: Newsbell, code: int) -> None:
        self._bell, self._code = bell, code
        self.read = bell.app.store.read

    def write(self, work: Callable[[Session], object]) -> object:
        """Refuses, or writes."""
        if self._bell.platform.sent and asyncio.get_running_loop().time() < 3_600:
            raise refused(self._code)
        return self._bell.app.store.write(work)


def refused(code: int) -> StoreError:
    error = sqlite3.OperationalError("refused")
    error.sqlite_errorcode = code
    return refusal(error, Path("n.db"))


def alert(bell: Newsbell) -> None:
    """One is due."""
    bell.subscribe("frontex")
    bell.take(article())
    bell.app.owe(NOW)


def report(bell: Newsbell) -> None:
    """One is due."""
    said, chat = Report("disk", "room_again", {"held_for": 60}), bell.chat().id
    bell.app.store.write(lambda session: session.reports.owe(chat, said, NOW, NOW))


def seconds_of_a_pass(
    bell: Newsbell, code: int, due: Callable[[Newsbell], None] = alert, *, stopped_at: float | None = None
) -> float:
    """What one pass takes in which this is sent."""
    due(bell)
    store = Refusing(bell, code)
    deliver = replace(bell.app.deliverer(bell.platform, lambda _: True), store=store)  # type: ignore[arg-type]

    async def work() -> float:
        loop = asyncio.get_running_loop()
        if stopped_at is not None:
            loop.call_later(stopped_at, deliver.stop)
        await deliver(NOW)
        return loop.time()

    return simulate(work())


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR])
def test_what_was_sent_is_settled_when_there_is_room_again(bell: Newsbell, code: int) -> None:
    assert 3_600 <= seconds_of_a_pass(bell, code) < 3_660
    assert bell.app.store.read(lambda session: session.outbox.counts()) == {(Kind.ALERT, State.SENT): 1}
    assert len(bell.platform.sent) == 1


def test_what_the_admins_were_told_is_settled_too(bell: Newsbell) -> None:
    assert 3_600 <= seconds_of_a_pass(bell, sqlite3.SQLITE_FULL, report) < 3_660
    assert bell.app.store.read(lambda session: session.reports.counts()) == {State.SENT: 1}
    assert len(bell.platform.sent) == 1


def test_what_will_not_pass_is_not_waited_for(bell: Newsbell) -> None:
    assert seconds_of_a_pass(bell, sqlite3.SQLITE_CORRUPT) < 1


def test_a_stop_ends_the_wait(bell: Newsbell) -> None:
    assert seconds_of_a_pass(bell, sqlite3.SQLITE_FULL, stopped_at=5) < 10
