"""The polite gate on a clock of its own: nobody sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.core.errors import RateLimited
from bot.sources.web.hosts import Gate

SECOND = timedelta(seconds=1)


class Time:
    """A clock that stands still until everybody sleeps, and then goes to the next waking."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.sleepers.append((self.now + seconds, woken))
        await woken

    async def run(self, *work: Awaitable[None]) -> None:
        everything = asyncio.gather(*work)
        while not everything.done():
            for _ in range(400):
                await asyncio.sleep(0)
            self.sleepers.sort(key=lambda sleeper: sleeper[0])
            if self.sleepers and not everything.done():
                self.now, woken = self.sleepers.pop(0)
                woken.set_result(None)
        await everything


Visit = Callable[[str], Awaitable[None]]


def gated(use: Callable[[Gate, Time, Visit], Awaitable[None]], at_once: int = 200) -> list[tuple[float, str]]:
    """When each visit of half a second began, in seconds from the start."""
    began: list[tuple[float, str]] = []

    async def main() -> None:
        clock = Time()
        gate = Gate(clock=lambda: clock.now, sleep=clock.sleep, at_once=at_once)

        async def visit(host: str) -> None:
            async with gate.turn(host):
                began.append((clock.now - 1_000, host))
                await clock.sleep(0.5)

        await use(gate, clock, visit)

    asyncio.run(main())
    return began


def test_one_request_a_host_and_a_gap_after_it() -> None:
    async def use(gate: Gate, clock: Time, visit: Visit) -> None:
        await clock.run(visit("a"), visit("a"), visit("b"), visit("a"))

    assert gated(use) == [(0, "a"), (0, "b"), (2.5, "a"), (5, "a")]


def test_no_more_than_so_many_at_once_and_who_waits_for_a_host_takes_no_place() -> None:
    async def use(gate: Gate, clock: Time, visit: Visit) -> None:
        await clock.run(*(visit("a") for _ in range(5)), *(visit(f"h{number}") for number in range(4)))

    began = gated(use, at_once=2)
    assert began[:5] == [(0, "a"), (0, "h0"), (0.5, "h1"), (0.5, "h2"), (1, "h3")]


def test_a_short_pause_is_waited_out_and_a_long_one_is_said() -> None:
    async def use(gate: Gate, clock: Time, visit: Visit) -> None:
        gate.pause("a", 5 * SECOND)
        gate.pause("a", 1 * SECOND)
        await clock.run(visit("a"), visit("b"))
        gate.pause("a", 600 * SECOND)
        with pytest.raises(RateLimited) as caught:
            await visit("a")
        assert caught.value.retry_after == 600 * SECOND
        clock.now += 600
        await clock.run(visit("a"))

    assert [host for _, host in gated(use)] == ["b", "a", "a"]


def test_a_visit_that_fails_or_is_cancelled_gives_its_turn_on() -> None:
    async def use(gate: Gate, clock: Time, visit: Visit) -> None:
        with pytest.raises(ValueError, match="broken"):
            async with gate.turn("a"):
                raise ValueError("broken")
        waiting = asyncio.ensure_future(visit("a"))
        for _ in range(9):
            await asyncio.sleep(0)
        waiting.cancel()
        clock.sleepers.clear()
        await clock.run(visit("a"))

    assert gated(use, at_once=1) == [(2, "a")]


def test_hosts_that_owe_no_wait_are_forgotten() -> None:
    async def use(gate: Gate, clock: Time, visit: Visit) -> None:
        gate.pause("paused", 10**6 * SECOND)
        for number in range(2_000):
            clock.now += 1
            async with gate.turn(f"h{number}"):
                pass
        assert len(gate._hosts) < 1_010
        assert "paused" in gate._hosts

    gated(use)


def test_a_loop_that_is_always_busy_still_begins_requests_but_few() -> None:
    ticks = iter(range(10**9))
    gate = Gate(clock=lambda: next(ticks) * 0.03, gap_for=0 * SECOND)

    async def run() -> None:
        for number in range(5):
            async with gate.turn(f"h{number}"):
                pass

    asyncio.run(run())
    assert gate._bearable == 32


def test_servers_that_stall_do_not_keep_the_others_from_their_places() -> None:
    begun: list[float] = []

    async def use(gate: Gate, clock: Time, visit: Visit) -> None:
        async def stalled(host: str) -> None:
            async with gate.turn(host):
                begun.append(clock.now - 1_000)
                await clock.sleep(20)

        await clock.run(*(stalled(f"h{number}") for number in range(250)))

    gated(use)
    assert 64 <= sum(at == 0 for at in begun) < 70
    assert sum(at < 8 for at in begun) == 200
    assert len(begun) == 250
