"""A backlog drains through a Sender: at the permitted rate, fairly, answers at once, and it can be stopped."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.core.errors import StoreError, Throttled
from bot.core.message import Message, line
from bot.core.model import Address, Kind, State
from bot.jobs.deliver import CLAIMS, Deliver
from bot.jobs.sender import Sender
from tests.jobs.conftest import NOW, Newsbell, article
from tests.simulated import simulate
from tests.strict import StrictPlatform

CHATS = 150


@pytest.fixture
def platform() -> StrictPlatform:
    return StrictPlatform(platform="terminal", latency=0.1)


@pytest.fixture
def owed(bell: Newsbell) -> Newsbell:
    """A newsbell in which one article is owed to many chats."""
    for number in range(CHATS):
        bell.subscribe("frontex", chat=f"chat{number}")
    bell.take(article())
    bell.app.owe(NOW)
    return bell


def drain(bell: Newsbell, platform: StrictPlatform) -> tuple[Sender, Deliver]:
    """A sender, and what delivers through it on the simulated clock."""

    def clock() -> datetime:
        return NOW + timedelta(seconds=asyncio.get_running_loop().time())

    sender = Sender(platform)
    return sender, bell.app.delivery([sender], lambda _: True, clock)


def states(bell: Newsbell) -> dict[tuple[Kind, State], int]:
    return bell.app.store.read(lambda session: session.outbox.counts())


def test_a_backlog_drains_at_the_permitted_rate(owed: Newsbell, platform: StrictPlatform) -> None:
    async def run() -> float:
        _, deliver = drain(owed, platform)
        assert (await deliver(NOW)).sent == CHATS
        return asyncio.get_running_loop().time()

    assert simulate(run()) == pytest.approx(CHATS / 30, rel=0.03)
    assert not platform.refused
    assert platform.most_in_flight > 1
    assert states(owed) == {(Kind.ALERT, State.SENT): CHATS}


def test_answers_go_out_at_once_meanwhile(owed: Newsbell, platform: StrictPlatform) -> None:
    async def run() -> list[float]:
        sender, deliver = drain(owed, platform)
        drained = asyncio.ensure_future(deliver(NOW))
        waits = []
        for number in range(8):
            await asyncio.sleep(0.47)
            start = asyncio.get_running_loop().time()
            await sender.answer(Address("terminal", f"asking{number}"), Message((line("here"),)))
            waits.append(asyncio.get_running_loop().time() - start)
        await drained
        return waits

    assert max(simulate(run())) <= platform.latency + 1 / 30 + 0.001
    assert not platform.refused


def test_a_chat_with_hundreds_waiting_takes_one_turn(owed: Newsbell, platform: StrictPlatform) -> None:
    for number in range(6):
        owed.subscribe(f'"word{number}"', chat="busy")
    owed.take(*(article(f"Word{n % 6} {n}x {n}y {n}z {n}v", text=f"{n}a {n}b {n}c {n}d") for n in range(120)))
    owed.app.owe(NOW)

    async def run() -> None:
        _, deliver = drain(owed, platform)
        await deliver(NOW)

    simulate(run())
    assert [chat for _, chat, _ in platform.told].count("terminal:busy") == 1
    assert len(platform.told) == CHATS + 1


def test_only_what_leaves_soon_is_claimed(owed: Newsbell, platform: StrictPlatform) -> None:
    async def run() -> int:
        _, deliver = drain(owed, platform)
        drained = asyncio.ensure_future(deliver(NOW))
        await asyncio.sleep(1)
        leased = states(owed)[Kind.ALERT, State.LEASED]
        await drained
        return leased

    assert simulate(run()) <= CLAIMS


def test_a_drain_can_be_stopped_and_what_has_not_left_is_given_back(owed: Newsbell, platform: StrictPlatform) -> None:
    async def run() -> float:
        _, deliver = drain(owed, platform)
        drained = asyncio.ensure_future(deliver(NOW))
        await asyncio.sleep(2)
        deliver.stop()
        await drained
        return asyncio.get_running_loop().time()

    assert simulate(run()) <= 2 + platform.latency + 0.01
    told = len(platform.told)
    assert states(owed) == {(Kind.ALERT, State.SENT): told, (Kind.ALERT, State.WAITING): CHATS - told}
    assert 55 <= told <= 65


def test_while_everyone_is_stopped_nothing_is_held(owed: Newsbell, platform: StrictPlatform) -> None:
    platform.script = [None] * 5 + [Throttled(timedelta(minutes=10), everyone=True)]

    async def run() -> None:
        _, deliver = drain(owed, platform)
        await deliver(NOW)

    simulate(run())
    left = states(owed)
    assert left[Kind.ALERT, State.WAITING] == CHATS - len(platform.told)
    assert (Kind.ALERT, State.LEASED) not in left
    assert len(platform.told) < 10


def test_a_store_that_refuses_lets_what_is_under_way_come_to_its_end(
    owed: Newsbell, platform: StrictPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver = drain(owed, platform)[1]
    claim, calls = deliver.claim, iter(range(100))

    def refusing(*arguments: object) -> object:
        if next(calls) >= 1:
            raise StoreError("the disk is full")
        return claim(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(deliver, "claim", refusing)
    with pytest.raises(StoreError, match="the disk is full"):
        simulate(deliver_once(deliver))
    assert states(owed)[Kind.ALERT, State.SENT] == len(platform.told) == CLAIMS


async def deliver_once(deliver: Deliver) -> None:
    await deliver(NOW)
