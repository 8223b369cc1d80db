"""Slack under load: people give commands while a backlog drains over many channels; prints what became of both.

Usage: python -m tests.soak.slack FOLDER
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

from bot.core.model import Address, Article, State
from bot.core.pacing import SLACK
from tests.handlers.newsroom import NOW, Newsroom, found, open_newsroom
from tests.handlers.slack.slackroom import Slackroom, listening
from tests.slackapi.server import SlackApi, serving
from tests.slackapi.state import Channel, Envelope

CHANNELS, STORIES, COMMANDS, SECONDS = 50, 100, 200, 10.0
ASKED = ("search kosovo", "subscriptions", "status", "search border OR kosovo", "topics", "preview kosovo", "help")


@dataclass(frozen=True)
class Load:
    """How much of everything; `seconds` is what the commands are spread over."""

    channels: int = CHANNELS
    stories: int = STORIES
    commands: int = COMMANDS
    seconds: float = SECONDS


@dataclass(frozen=True)
class Outcome:
    """What came of it; times in seconds."""

    owed: int
    sent: int
    messages: int
    refused: int
    acked: int
    slowest: float
    p99: float
    median: float


def story(number: int) -> Article:
    """A story of its own."""
    letters = random.Random(number)
    words = ["".join(letters.choices("abcdefghijklmnoprstuvz", k=9)) for _ in range(14)]
    title = f"Frontex report {number}: {' '.join(words[:4])}"
    return Article(
        f"load{number}", title, " ".join(words[4:]), "Danube Wire", f"https://example.org/{number}", language="en"
    )


def prepared(room: Newsroom, load: Load) -> SlackApi:
    """A Slack with so many channels, to each of which every story is owed."""
    api = SlackApi()
    for number in range(load.channels):
        channel = Channel(f"C{100 + number}", f"desk{number}", {"UBOT", "U1", "U2", "U3"})
        api.channels[channel.id] = channel
        for line in ("/subscribe frontex", "/settings max 100"):
            room.say(line, address=Address("slack", channel.id))
    room.wait(minutes=1)
    room.take(*map(story, range(load.stories)))
    room.app.owe(room.now)
    return api


async def under_load(api: SlackApi, room: Newsroom, load: Load) -> Outcome:
    """Drains and answers at the same time, on the real clock, to a Slack that enforces its rates."""
    owed = _count(room, State.WAITING)
    async with serving(api), listening(api, room) as here:
        loop = asyncio.get_running_loop()
        here.slack.sender.pace.rates = SLACK
        api.clock = loop.time
        deliver = room.app.delivery([here.slack.sender], lambda _: True, lambda: room.now)
        drained = asyncio.ensure_future(deliver(room.now))
        envelopes = await _ask(here, load)
        await api.until(lambda: all(envelope.acks for envelope in envelopes), 60)
        await drained
        await here.slack.settled(30)
    waits = sorted(
        envelope.acked_at - envelope.sent_at for envelope in envelopes if envelope.acked_at and envelope.sent_at
    )
    posted = sum(method == "chat.postMessage" for method, _ in api.calls)
    return Outcome(
        owed, _count(room, State.SENT), posted, posted - sum(shown.only_for is None for shown in api.shown), len(waits),
        waits[-1], statistics.quantiles(waits, n=100)[98], statistics.median(waits),
    )  # fmt: skip


async def _ask(here: Slackroom, load: Load) -> list[Envelope]:
    """Commands at even intervals, from everywhere."""
    places = cycle([*(f"C{100 + number}" for number in range(load.channels)), ""])
    lines = cycle([*ASKED, "subscribe word{}", "mute source:x{}"])
    envelopes = []
    for number, line, place in zip(range(load.commands), lines, places, strict=False):
        user = f"U{1 + number % 3}"
        envelopes.append(await here.people.commands(line.format(number), user, place))
        await asyncio.sleep(load.seconds / load.commands)
    return envelopes


def _count(room: Newsroom, state: State) -> int:
    counts = room.app.store.read(lambda session: session.outbox.counts())
    return sum(number for (_, found_state), number in counts.items() if found_state is state)


def main() -> None:
    """The whole load, in a folder."""
    folder = Path(sys.argv[1])
    found(folder / "template.db")
    room = open_newsroom(folder / "news.db", folder / "template.db")
    load = Load()
    api = prepared(room, load)
    outcome = asyncio.run(under_load(api, room, load))
    room.app.close()
    print(json.dumps(asdict(outcome) | {"violations": api.violations, "at": str(NOW)}))


if __name__ == "__main__":
    main()
