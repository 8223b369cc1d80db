"""A hundred thousand chats on a simulated clock, and a platform that enforces its rates to the message."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from bot.core.lanes import Lane
from bot.core.message import Message, line
from bot.core.model import Address
from bot.jobs.sender import Sender
from tests.simulated import simulate
from tests.strict import StrictPlatform

CHATS = 100_000
AHEAD = 30
"""Deliveries that wait for their turn at once, as many as a pass claims."""
NEWS = Message((line("news"),))


def test_a_hundred_thousand_chats_get_theirs_at_the_permitted_rate_and_none_is_refused() -> None:
    platform = StrictPlatform(keeping=False, latency=0.15)
    answered: list[float] = []

    async def deliver(sender: Sender, chats: Iterator[int]) -> None:
        for number in chats:
            address = Address("strict", f"-{number}" if number % 10 == 0 else str(number))
            await sender.call(Lane.ALERT, address, lambda address=address: platform.send(address, NEWS))  # type: ignore[misc]

    async def ask(sender: Sender) -> None:
        for number in range(1_000):
            await asyncio.sleep(3.21)
            start = asyncio.get_running_loop().time()
            await sender.answer(Address("strict", f"asking{number}"), NEWS)
            answered.append(asyncio.get_running_loop().time() - start)

    async def drain() -> float:
        sender, chats = Sender(platform), iter(range(CHATS))
        await asyncio.gather(ask(sender), *(deliver(sender, chats) for _ in range(AHEAD)))
        return asyncio.get_running_loop().time()

    seconds = simulate(drain())
    assert len(platform.told) == CHATS + len(answered)
    assert not platform.refused
    assert len(platform.told) / seconds >= 0.99 * 30
    assert max(answered) <= platform.latency + 1 / 30 + 0.001
