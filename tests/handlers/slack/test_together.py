"""An hour of Telegram, Slack and a terminal in one process: nobody starves, and nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
from itertools import count
from typing import Any

from bot.core.model import Address, State
from bot.core.pacing import UNLIMITED
from bot.jobs.sender import Sender
from handlers.console.messenger import ConsoleMessenger
from tests.botapi.server import BotApi
from tests.handlers.newsroom import LOCAL, Newsroom
from tests.handlers.slack.slackroom import Slackroom, slackroom
from tests.handlers.telegram.chatroom import Chatroom, chatroom
from tests.slackapi.server import SlackApi
from tests.soak.slack import story

MINUTES, STORY_EVERY = 60, 10
STEADY_AT = 15
"""The minute from which nothing may grow any more."""


def terminal(printed: list[str]) -> Sender:
    numbers = count(1)
    return Sender(
        ConsoleMessenger(printed.append, lambda: str(next(numbers)), width=lambda: 80, color=False, own=LOCAL)
    )


def left_behind(here: Slackroom) -> tuple[int, int, int]:
    """Tasks, turns and requests that are still held."""
    gc.collect()
    conversation = here.slack._conversation
    return len(asyncio.all_tasks()), len(here.slack._turns), len(conversation._open) + len(conversation._under_way)


async def a_minute(minute: int, here: Slackroom, there: Chatroom, room: Newsroom, senders: list[Sender]) -> None:
    """Something is asked everywhere, and now and then a story comes; what is due leaves."""
    room.wait(minutes=1)
    if minute % STORY_EVERY == 0:
        room.take(story(minute))
    asked = await asyncio.gather(
        here.commands("search kosovo", channel="C1"),
        there.asks("/search kosovo"),
        asyncio.to_thread(room.say, "/status"),
    )
    assert "car plates" in asked[0].seen
    assert "car plates" in asked[1].text
    assert "Subscriptions" in asked[2]
    await room.app.deliver(room.now, room.app.delivery(senders, lambda _: True))


def test_an_hour_of_all_three(room: Newsroom) -> None:
    slack, telegram, printed = SlackApi(), BotApi(), list[str]()
    steady, over = (0, 0, 0), (0, 0, 0)

    async def work() -> None:
        nonlocal steady, over
        async with slackroom(slack, room) as here, chatroom(telegram, room) as there:
            own = terminal(printed)
            own.pace.rates = UNLIMITED
            senders = [here.slack.sender, there.telegram.sender, own]
            for line in ("subscribe frontex",):
                await here.commands(line, channel="C1")
                await there.asks(f"/{line}")
                room.say(f"/{line}")
            for minute in range(MINUTES):
                if minute % 20 == 10:
                    await slack.disconnect("refresh_requested")
                await a_minute(minute, here, there, room, senders)
                if minute == STEADY_AT:
                    steady = left_behind(here)
            over = left_behind(here)

    asyncio.run(work())
    stories = MINUTES // STORY_EVERY
    alerts: dict[str, list[Any]] = {
        "slack": [shown for shown in slack.shown if not shown.only_for and "Frontex report" in shown.seen],
        "telegram": [shown for shown in telegram.shown if shown.text.startswith("Frontex report")],
        "terminal": [text for text in printed if "Frontex report" in text],
    }
    assert {platform: len(told) for platform, told in alerts.items()} == dict.fromkeys(alerts, stories)
    assert over[1:] == (0, 0)
    assert over[0] <= steady[0] + 4  # a connection that was replaced is listened to for a while
    assert slack.violations == telegram.violations == []
    counts = room.app.store.read(lambda session: session.outbox.counts())
    assert sum(number for (_, state), number in counts.items() if state is State.WAITING) == 0
    assert room.chat(Address("slack", "C1")).paused_at is None
