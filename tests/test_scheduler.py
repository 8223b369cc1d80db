"""The scheduler: the timetable runs, a failure is logged and not fatal, and a stop waits for what is in flight."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.errors import StoreFull
from bot.scheduler import Scheduler
from bot.timetable import Entry, timetable

EVERY = timedelta(milliseconds=1)


def test_jobs_run_at_once_with_the_time_it_is() -> None:
    seen: list[datetime] = []

    async def look() -> None:
        ran = asyncio.Event()

        async def job(now: datetime) -> None:
            seen.append(now)
            ran.set()

        scheduler = Scheduler([Entry("job", timedelta(hours=1), job)])
        scheduler.start()
        await asyncio.wait_for(ran.wait(), 60)
        await scheduler.stop()

    asyncio.run(look())
    assert len(seen) == 1
    assert abs(datetime.now(UTC) - seen[0]) < timedelta(minutes=1)


def test_a_failing_job_is_logged_and_runs_again_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    runs = {"good": 0, "bad": 0}

    async def look() -> None:
        enough = asyncio.Event()

        async def bad(_: datetime) -> None:
            runs["bad"] += 1
            raise RuntimeError("broken on purpose")

        async def good(_: datetime) -> None:
            runs["good"] += 1
            if min(runs.values()) >= 2:
                enough.set()

        scheduler = Scheduler([Entry("bad", EVERY, bad), Entry("good", EVERY, good)])
        scheduler.start()
        await asyncio.wait_for(enough.wait(), 60)
        await scheduler.stop()

    with caplog.at_level(logging.ERROR):
        asyncio.run(look())
    assert "job=bad failed" in caplog.text


def test_a_job_that_finds_no_room_is_a_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def look() -> None:
        ran = asyncio.Event()

        async def full(_: datetime) -> None:
            ran.set()
            raise StoreFull("database n.db: the disk is full")

        scheduler = Scheduler([Entry("full", EVERY, full)])
        scheduler.start()
        await asyncio.wait_for(ran.wait(), 60)
        await scheduler.stop()
        assert scheduler.runs["full"].failed == 1

    asyncio.run(look())
    [record] = [record for record in caplog.records if record.name == "bot.scheduler"]
    assert record.getMessage() == "job=full refused: database n.db: the disk is full"
    assert record.exc_info is None


def test_stop_waits_for_what_is_in_flight_and_starts_nothing_more() -> None:
    done: list[str] = []

    async def look() -> None:
        begun, finish = asyncio.Event(), asyncio.Event()

        async def slow(_: datetime) -> None:
            begun.set()
            await finish.wait()
            done.append("slow")

        scheduler = Scheduler([Entry("slow", EVERY, slow)])
        scheduler.start()
        await asyncio.wait_for(begun.wait(), 60)
        stopping = asyncio.ensure_future(scheduler.stop())
        for _ in range(20):
            await asyncio.sleep(0)
        assert not stopping.done()
        finish.set()
        await asyncio.wait_for(stopping, 60)
        assert done == ["slow"]

    asyncio.run(look())
    assert done == ["slow"]


def test_stop_gives_up_what_takes_too_long(caplog: pytest.LogCaptureFixture) -> None:
    undone: list[str] = []

    async def look() -> None:
        begun = asyncio.Event()

        async def endless(_: datetime) -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                undone.append("endless")

        scheduler = Scheduler([Entry("endless", EVERY, endless)])
        scheduler.start()
        await asyncio.wait_for(begun.wait(), 60)
        await asyncio.wait_for(scheduler.stop(within=0.01), 60)

    asyncio.run(look())
    assert undone == ["endless"]
    assert [record.getMessage() for record in caplog.records] == ["job=endless given up"]


def test_one_instance_of_a_job_runs_at_a_time() -> None:
    at_once, most = 0, 0

    async def look() -> None:
        again = asyncio.Event()
        runs = 0

        async def job(_: datetime) -> None:
            nonlocal at_once, most, runs
            at_once += 1
            most = max(most, at_once)
            for _step in range(50):
                await asyncio.sleep(0)
            at_once -= 1
            runs += 1
            if runs >= 3:
                again.set()

        scheduler = Scheduler([Entry("job", EVERY, job)])
        scheduler.start()
        await asyncio.wait_for(again.wait(), 60)
        await scheduler.stop()

    asyncio.run(look())
    assert most == 1


def test_the_timetable_sends_within_two_seconds_of_another_process() -> None:
    async def nothing(_: datetime) -> None:
        """No job."""

    entries = timetable(
        scan=nothing,
        poll=nothing,
        pages=nothing,
        owe=nothing,
        deliver=nothing,
        retag=nothing,
        merge=nothing,
        prune=nothing,
        scan_for=timedelta(seconds=2),
        poll_for=timedelta(seconds=3),
    )
    by_name = {entry.name: entry.every for entry in entries}
    assert by_name["owe"] + by_name["deliver"] <= timedelta(seconds=1)
    assert by_name["scan"] == timedelta(seconds=2)
