"""A copy a day: made in the background, told when it cannot be, given up at once when newsbell stops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.model import Address
from bot.core.ports import Session
from bot.jobs.alarm import AGAIN_FOR
from bot.jobs.backup import Backup
from tests.jobs.conftest import NOW, Newsbell

ADMINS = [Address("terminal", "local")]
HOUR = timedelta(hours=1)


def job(bell: Newsbell, folder: Path | None) -> Backup:
    return Backup(bell.app.store, folder, ADMINS, "UTC")


def owed(bell: Newsbell) -> int:
    return bell.app.store.read(lambda session: sum(session.reports.counts().values()))


def test_a_copy_is_made_a_day_and_only_where_one_is_wanted(bell: Newsbell, tmp_path: Path) -> None:
    backup = job(bell, tmp_path / "kept")
    made = asyncio.run(backup(NOW))
    assert made == str(tmp_path / "kept" / f"{bell.app.settings.database.stem}-2026-03-10.db")
    assert asyncio.run(backup(NOW + HOUR)) is None
    assert asyncio.run(job(bell, None)(NOW)) is None
    assert owed(bell) == 0


def test_admins_are_told_that_there_is_none_once_a_day_and_again_after_one_that_went_well(
    bell: Newsbell, tmp_path: Path
) -> None:
    (tmp_path / "kept").write_text("no folder")
    backup = job(bell, tmp_path / "kept")
    for hours in (0, 1, 2):
        assert asyncio.run(backup(NOW + hours * HOUR)) is None
    bell.deliver(NOW + 2 * HOUR)
    [text] = bell.texts
    assert text.startswith("For the admins\n• No backup was made: backup folder")
    asyncio.run(backup(NOW + AGAIN_FOR))
    assert owed(bell) == 2
    (tmp_path / "kept").unlink()
    assert asyncio.run(backup(NOW + AGAIN_FOR + HOUR))
    (tmp_path / "kept").rename(tmp_path / "good")
    (tmp_path / "kept").write_text("no folder")
    asyncio.run(backup(NOW + AGAIN_FOR + 2 * HOUR))
    assert owed(bell) == 3


class Slow:
    """A store whose copy takes until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.let_go = threading.Event()

    def backup_daily(self, _folder: str, _now: datetime, _most: int | None) -> str | None:
        self.begun.set()
        self.let_go.wait(30)
        return "made"

    def write(self, work: Callable[[Session], None]) -> None:
        raise AssertionError("nothing is recorded of a copy that was given up")


def test_a_copy_that_takes_long_is_not_waited_for_when_newsbell_stops(tmp_path: Path) -> None:
    slow = Slow()

    async def stops() -> str | None:
        backup = Backup(slow, tmp_path, ADMINS, "UTC")  # type: ignore[arg-type]
        running = asyncio.ensure_future(backup(NOW))
        await asyncio.to_thread(slow.begun.wait, 30)
        backup.stop()
        return await running

    assert asyncio.run(stops()) is None
    slow.let_go.set()  # only now: it was not needed
