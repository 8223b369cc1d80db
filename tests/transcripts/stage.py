"""The stage of a transcript: people at terminals, a scripted web, and time that passes; each cue has its answer.

# admins: ana             who is an admin, on the first line; terminal:local is one too then, as everywhere
# access: invited         who may use the bot, below it; the codes of invites count from 1
> /sources                terminal:local types a line
ana> /sources             terminal:ana does
~ URL shows A | B         a feed at URL has these headlines, A the newest
~ URL names FEED          a page at URL names its feed
~ URL fails               it answers with an error from now on
~ 9 MB free               of the database's disk, from now on
~ 25h                     time passes (m, h, d); sources are scanned as they fall due, and what rings is shown
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.core.access import INVITE, Access
from bot.core.door import Door
from bot.core.errors import Unreachable
from bot.core.message import to_text
from bot.core.model import POLLED, Address, Article, SourceKind
from bot.core.ports import Session
from bot.core.space import MEASURED, Room, Space, past_of
from bot.matching.analysis import Analysis, analysed
from bot.sources.discovery import Candidate
from bot.sources.feeds.values import Feed
from bot.sources.polled import Polled
from bot.sources.reading import leads
from bot.sources.web.answers import FEED, Answer, Ask
from handlers.dispatch import answer
from handlers.request import Request
from tests.handlers.newsroom import SPACE, Newsroom, Paper
from tests.jobs.web import Entry, Web, reader, rss

CUE = re.compile(r"(?P<admins># admins: .*)|# access: (?P<access>\w+)|~ (?P<direction>.*)|(?P<name>\w*)> (?P<text>.*)")
_SHOWS = re.compile(r"(https://\S+) shows (.+)")
_NAMES = re.compile(r"(https://\S+) names (\S+)")
_FAILS = re.compile(r"(https://\S+) fails")
_FREE = re.compile(r"(\d+) MB free")
_PASSES = re.compile(r"(\d+)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
STEP = timedelta(minutes=30)


@dataclass
class Online:
    """A network on the scripted web."""

    web: Web = field(default_factory=Web)

    async def get(self, url: str, now: datetime, ask: Ask = FEED) -> Answer:
        """What the web answers; a page is one."""
        answered = await self.web.get(url, now, ask)
        page = bool(answered.body and answered.body.startswith(b"<html"))
        return replace(answered, content_type="text/html") if page else answered

    def read(self, kind: SourceKind, body: bytes, content_type: str | None, base_url: str | None) -> Awaitable[Feed]:
        """Reads here and now."""
        return reader(kind, body, content_type, base_url)

    async def leads(self, body: bytes, content_type: str | None, base_url: str) -> tuple[Candidate, ...]:
        """Looks for sources here and now."""
        return leads(body, content_type, base_url)

    async def analyse(self, articles: Sequence[Article]) -> Sequence[Analysis]:
        """Analyses here and now."""
        return analysed(articles)


def guard(room: Newsroom, access: Access, admins: frozenset[Address]) -> None:
    """From now on only some may use the bot."""
    codes = (f"{INVITE}{number:024}" for number in count(1))
    room.services = replace(room.services, door=Door(access, admins), code=lambda: next(codes))


async def _ended(work: Awaitable[object]) -> None:
    await work


@dataclass
class Stage:
    """A newsroom, its web, and who is an admin there: nobody, unless the transcript says so."""

    room: Newsroom
    online: Online = field(default_factory=Online)
    paper: Paper = field(default_factory=lambda: Paper(lambda to, message: f"to {to.chat}:\n{to_text(message)}"))
    guarded: bool = False
    disk: Room = SPACE.room

    def __post_init__(self) -> None:
        self.room.services = replace(self.room.services, space=self._look)

    def _look(self, session: Session) -> Space:
        """The space there is on this stage."""
        cause = self.room.app.caretaker.watermark.cause
        return Space(self.disk, None, past_of(session.meta.get(MEASURED)), cause)

    def play(self, cue: str) -> str:
        """What follows a cue; ValueError for one that means nothing."""
        found = CUE.fullmatch(cue)
        if found is None:
            raise ValueError(cue)
        if found["admins"]:
            return self._admit(found["admins"].partition(":")[2])
        if found["access"]:
            guard(self.room, Access(found["access"]), self.room.app.admins)
            return ""
        if found["direction"]:
            return self._direct(found["direction"])
        return self._type(found["name"] or "local", found["text"])

    def _admit(self, names: str) -> str:
        self.guarded = True
        admins = frozenset(Address("terminal", name.strip()) for name in names.split(","))
        self.room.app = replace(self.room.app, settings=replace(self.room.app.settings, admins=admins))
        return ""

    def _direct(self, direction: str) -> str:
        pages = self.online.web.pages
        if shows := _SHOWS.fullmatch(direction):
            titles = [title.strip() for title in shows[2].split("|")]
            pages[shows[1]] = rss(*(Entry(title, title, f"All on this: {title}.", self.room.now) for title in titles))
        elif names := _NAMES.fullmatch(direction):
            link = f"<link rel='alternate' type='application/rss+xml' href='{names[2]}'>"
            pages[names[1]] = f"<html><head>{link}</head><body>News</body></html>".encode()
        elif fails := _FAILS.fullmatch(direction):
            pages[fails[1]] = Unreachable(f"{fails[1]}: answers 500 Internal Server Error")
        elif free := _FREE.fullmatch(direction):
            self.disk = replace(self.disk, free=int(free[1]) * 10**6)
        elif passes := _PASSES.fullmatch(direction):
            return self._pass(timedelta(**{_UNITS[passes[2]]: int(passes[1])}))
        else:
            raise ValueError(direction)
        return ""

    def _pass(self, span: timedelta) -> str:
        """Time in steps; what rings meanwhile."""
        room, before, until = self.room, len(self.paper.printed), self.room.now + span
        polled = Polled(self.online, self.online.read)
        watermark = room.app.caretaker.watermark
        watermark.look = self._look  # type: ignore[method-assign]
        scan = watermark.gate(replace(room.app.scan, fetchers=dict.fromkeys(POLLED, polled)))
        while room.now < until:
            room.now = min(room.now + STEP, until)
            watermark(room.now)
            asyncio.run(_ended(scan(room.now)))
            asyncio.run(room.app.deliver(room.now, room.app.deliverer(self.paper, lambda _: True)))
        return "\n\n".join(self.paper.printed[before:]) or "(nothing rings)"

    def _type(self, name: str, text: str) -> str:
        """The answer and, where the network was needed, the second one."""
        room, address = self.room, Address("terminal", name)
        room.wait(seconds=10)
        admin = self.guarded and room.app.is_admin(address)
        request = Request(address, text, room.now, admin, name, metered=False)
        given = answer(request, room.services)
        said = [to_text(given.message)]
        if given.task is not None:
            network: Any = self.online
            said.append(to_text(asyncio.run(room.app.perform(given.task, request, network))))
        return "\n".join(said)
