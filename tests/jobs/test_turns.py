"""Turns: arrivals are committed together, each whole, and none pays for another's fault."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.core.errors import StoreError
from bot.core.model import Archived, Article, Source, SourceKind
from bot.jobs.intake import Arrival, Status, Taken
from bot.jobs.scan import by_host
from bot.jobs.turns import ROOM, TOGETHER, Prepare, Turns
from tests.jobs.conftest import NOW, article


def source(number: int, location: str = "") -> Source:
    return Source(number, SourceKind.FEED, location or f"https://{number}.example/feed", f"Feed {number}")


def arrival(number: int, *articles: Article) -> Arrival:
    return Arrival(source(number), articles, NOW)


class Commits:
    """Commits what it is given, when it is let to; arrivals of `bad` sources fail whoever they come with."""

    def __init__(self, *bad: int) -> None:
        self.bad = bad
        self.turns: list[list[int]] = []
        self.go = threading.Event()

    def __call__(self, arrivals: Sequence[Arrival]) -> list[list[Taken]]:
        self.go.wait()
        self.turns.append([entry.source.id for entry in arrivals])
        if any(entry.source.id in self.bad for entry in arrivals):
            raise StoreError(f"the fault of {self.bad}")
        archived = [Archived(entry.source.id, article(), NOW, NOW, "en", 1, (), "") for entry in arrivals]
        return [[Taken("", Status.NEW, one)] * len(each.articles) for one, each in zip(archived, arrivals, strict=True)]


def outcomes(
    commits: Commits, *arrivals: Arrival, prepare: Prepare = lambda arrivals: arrivals
) -> list[list[Taken] | BaseException]:
    """What became of arrivals that came while another one, number 0, was being committed."""

    async def work() -> list[list[Taken] | BaseException]:
        turns = Turns(commits, prepare)
        first = asyncio.ensure_future(turns.take(arrival(0)))
        await asyncio.sleep(0)
        waiting = asyncio.gather(*map(turns.take, arrivals), return_exceptions=True)
        await asyncio.sleep(0)
        commits.go.set()
        found = await waiting
        await first
        turns.close()
        return found

    return asyncio.run(work())


def test_those_who_wait_share_a_turn_and_each_is_told_of_its_own() -> None:
    commits = Commits()
    found = outcomes(commits, arrival(1, article()), arrival(2), arrival(3, article(), article()))
    assert commits.turns == [[0], [1, 2, 3]]
    assert [[taken.archived.id for taken in each] for each in found if isinstance(each, list)] == [[1], [], [3, 3]]


def test_a_turn_has_room_for_two_batches_of_articles_and_so_many_arrivals() -> None:
    commits = Commits()
    outcomes(commits, arrival(1, *[article()] * (ROOM - 1)), arrival(2, article()), arrival(3, article()), arrival(4))
    assert commits.turns == [[0], [1, 2], [3, 4]]
    commits = Commits()
    outcomes(commits, *map(arrival, range(1, TOGETHER + 2)))
    assert [len(turn) for turn in commits.turns] == [1, TOGETHER, 1]


def test_a_whole_turn_that_waits_is_made_ready_meanwhile_and_committed_in_its_order() -> None:
    commits, ready = Commits(), threading.Semaphore(0)
    prepared: list[list[int]] = []

    def prepare(arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        prepared.append([entry.source.id for entry in arrivals])
        ready.release()
        return [replace(entry, prepared=()) for entry in arrivals]

    async def work() -> None:
        turns = Turns(commits, prepare)
        first = asyncio.ensure_future(turns.take(arrival(0)))
        await asyncio.to_thread(ready.acquire)
        whole = [arrival(1, *[article()] * (ROOM - 1)), arrival(2, article()), arrival(3, article())]
        taking = asyncio.gather(first, *map(turns.take, whole))
        assert await asyncio.to_thread(ready.acquire, timeout=60), "nobody makes it ready"
        assert (prepared, commits.turns) == ([[0], [1, 2]], [])
        ran = asyncio.ensure_future(turns.run(lambda: commits.turns.append([-1])))
        commits.go.set()
        await taking
        await ran
        turns.close()

    asyncio.run(work())
    assert [turn for turn in commits.turns if turn != [-1]] == [[0], [1, 2], [3]]
    assert [-1] in commits.turns


def test_what_cannot_be_made_ready_together_is_committed_one_by_one() -> None:
    def prepare(_: Sequence[Arrival]) -> Sequence[Arrival]:
        raise ValueError("no words")

    commits = Commits(2)
    first, second, third = outcomes(commits, arrival(1, article()), arrival(2, article()), arrival(3), prepare=prepare)
    assert isinstance(second, StoreError)
    assert first
    assert third == []


def test_one_that_fails_in_company_fails_alone() -> None:
    commits = Commits(2)
    first, second, third = outcomes(commits, arrival(1, article()), arrival(2, article()), arrival(3))
    assert isinstance(second, StoreError)
    assert isinstance(first, list)
    assert third == []
    assert commits.turns == [[0], [1, 2, 3], [1], [2], [3]]


def test_who_gives_up_waiting_before_his_turn_is_not_committed() -> None:
    commits = Commits()

    async def work() -> None:
        turns = Turns(commits)
        first, second = (asyncio.ensure_future(turns.take(arrival(number))) for number in (0, 1))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        commits.go.set()
        await first
        await turns.settled()
        turns.close()

    asyncio.run(work())
    assert commits.turns == [[0]]


def test_those_without_news_wait_for_company_only_when_very_many_come() -> None:
    commits, now = Commits(), [0.0]
    commits.go.set()

    async def work() -> None:
        turns = Turns(commits, clock=lambda: now[0])
        for number in range(60):
            await turns.take(arrival(number))
            now[0] += 10
        assert len(commits.turns) == 60, "nobody waited"
        for number in range(30):
            taking = asyncio.ensure_future(turns.take(arrival(number)))
            await asyncio.sleep(0)
            if not turns.patient:
                await taking
        assert turns.patient
        await turns.take(arrival(99, article()))
        turns.close()

    asyncio.run(work())
    assert 99 in commits.turns[-1], "news are waited for by nobody"
    assert len(commits.turns[-1]) > 1


def test_who_comes_in_another_loop_is_not_left_waiting_for_one_that_has_ended() -> None:
    commits = Commits()
    commits.go.set()
    turns = Turns(commits, clock=lambda: 0.0)

    async def taken_before_its_wait_is_over() -> None:
        while not turns.patient:
            await turns.take(arrival(0, article()))
        commits.go.clear()
        with_news = asyncio.ensure_future(turns.take(arrival(1, article())))
        await asyncio.sleep(0)
        without = asyncio.ensure_future(turns.take(arrival(2)))
        await asyncio.sleep(0)
        commits.go.set()
        await asyncio.gather(with_news, without)

    async def comes_later() -> None:
        async with asyncio.timeout(60):
            await turns.take(arrival(3))

    asyncio.run(taken_before_its_wait_is_over())
    asyncio.run(comes_later())
    turns.close()
    assert commits.turns[-1] == [3]


def test_sources_of_a_host_stand_in_one_queue_and_the_longest_come_first() -> None:
    places = ("https://a.example/1", "https://b.example/1", "/inbox", "https://b.example/2", "/other")
    queues = by_host([source(number, place) for number, place in enumerate(places)])
    assert [[entry.id for entry in queue] for queue in queues] == [[1, 3], [0], [2], [4]]


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one_are_no_special_case(count: int) -> None:
    commits = Commits()
    outcomes(commits, *map(arrival, range(1, count + 1)))
    assert sum(map(len, commits.turns)) == count + 1
