"""doctor: is everything in order, and if not, what to do."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.cli.opening import settings
from bot.core.compose import Telling
from bot.core.condition import condition, glance
from bot.core.errors import BotError, ConfigError
from bot.core.health import TROUBLED, health_of, rank
from bot.core.message import plain
from bot.core.space import TIGHT, Space
from bot.core.space_told import advice, grows, held, takes
from bot.core.words import ENGLISH
from bot.scheduler import wall_clock

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Settings

UTC = ZoneInfo("UTC")

Finding = tuple[str, bool, str]

NEEDED = ("schema", "integrity")
"""Looks without which nothing else can be told of a database."""

STALE = 2
"""Days after which the latest copy is too old."""


def doctor(arguments: argparse.Namespace) -> int:
    """What was looked at, a line each; exit code 1 when something is not well."""
    well = True
    for what, ok, finding in _findings(arguments):
        well = well and ok
        print(f"{'ok ' if ok else 'BAD'}  {what}: {finding}")
    return 0 if well else 1


def _findings(arguments: argparse.Namespace) -> Iterator[Finding]:
    yield "Python", sys.version_info >= (3, 11), f"{platform.python_version()} (3.11 or newer is needed)"
    try:
        found = settings(arguments)
    except ConfigError as error:
        yield "settings", False, str(error).replace("\n", "; ")
        return
    yield "settings", True, f"database {found.database}, folder {found.folder}, time zone {found.timezone}"
    if found.database.exists():
        yield from _database(found, wall_clock())
    else:
        yield "database", True, f"{found.database}: there is none yet; newsbell run makes it"


def _database(found: Settings, now: datetime) -> Iterator[Finding]:
    """The store's own looks and, where this newsbell can use it, what the app makes of it; nothing is migrated."""
    from bot.app import App
    from store.database import SqliteStore

    usable = True
    try:
        with closing(SqliteStore(found.database)) as store:
            for what, well, finding in store.check():
                usable = usable and (well or what not in NEEDED)
                yield what, well, finding
            if usable:
                yield from _archive(App(found, store), now)
    except BotError as error:
        yield "database", False, str(error)
    yield "backups", *_backups(found, now)


def _archive(app: App, now: datetime) -> Iterator[Finding]:
    found = app.settings
    last = app.store.read(lambda session: session.meta.last_run_at())
    yield "clock", last is None or last <= now, _clock(last is None or last <= now)
    space = app.store.read(app.caretaker.watermark.look)
    yield "room", space.cause is None and space.share < TIGHT, _room(space, found.ballast)
    yield "topics", True, ", ".join(topic.name for topic in app.topics)
    yield from _sources(app, now)


def _backups(found: Settings, now: datetime) -> tuple[bool, str]:
    from store.backups import dailies

    if found.backups is None:
        return True, "none are made: NEWSBELL_BACKUPS names no folder"
    latest = next(iter(dailies(found.database, found.backups)), None)
    if latest is None:
        return True, f"none yet in {found.backups}; newsbell run makes one a day"
    days = (now.date() - date.fromisoformat(latest.stem[-10:])).days
    told = f"newsbell restore {latest} puts the latest back, of {'today' if days <= 0 else f'{days} days ago'}"
    return (
        days <= STALE,
        told if days <= STALE else f"{told}; newsbell run makes one a day: its log says why it did not",
    )


def _clock(forward: bool) -> str:
    at = f"{wall_clock():%Y-%m-%d %H:%M} UTC"
    return (
        at if forward else f"{at} is before this database's last run; set the clock, or use another NEWSBELL_DATABASE"
    )


def _room(space: Space, ballast: int) -> str:
    """What the database takes and how that grows; what to do where it is tight or full; that the ballast is in use."""
    told = f"{takes(space, ENGLISH)}; growth: {grows(space, ENGLISH)}"
    if (reason := held(space, ENGLISH)) is not None:
        told = f"{reason}; {told}"
    elif space.share >= TIGHT:
        told = f"{space.share:.0%} of what it may take: {advice(space, ENGLISH)}; {told}"
    if ballast > space.room.ballast:
        told += "; nothing is set aside for a full disk (NEWSBELL_BALLAST): newsbell run does so when there is room"
    return told


def _sources(app: App, now: datetime) -> Iterator[Finding]:
    """All at a glance, then those in trouble; one that fails for less than a day is told and still well."""
    totals = app.store.read(lambda session: session.sources.totals())
    to = Telling(ENGLISH, UTC, now)
    yield "sources", True, glance((source for source, _, _ in totals), ENGLISH) or "none"
    for source, _, newest_at in sorted(totals, key=lambda total: rank(total[0])):
        if health_of(source) in TROUBLED:
            yield f"source {source.name}", not source.fails, plain(condition(source, newest_at, to))
