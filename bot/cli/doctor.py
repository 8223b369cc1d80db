"""doctor: is everything in order, and if not, what to do."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.cli.opening import opened, settings
from bot.core.compose import Telling
from bot.core.condition import condition, glance
from bot.core.errors import BotError, ConfigError
from bot.core.health import TROUBLED, health_of, rank
from bot.core.message import plain
from bot.core.words import ENGLISH
from bot.scheduler import wall_clock

if TYPE_CHECKING:
    from bot.app import App

UTC = ZoneInfo("UTC")

Finding = tuple[str, bool, str]


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
    try:
        with opened(arguments) as (app, now):
            last = app.store.read(lambda session: session.meta.last_run_at())
            yield "clock", last is None or last <= now, _clock(last is None or last <= now)
            yield "topics", True, ", ".join(topic.name for topic in app.topics)
            yield from app.store.check()
            yield from _sources(app, now)
    except BotError as error:
        yield "database", False, str(error)


def _clock(forward: bool) -> str:
    at = f"{wall_clock():%Y-%m-%d %H:%M} UTC"
    return (
        at if forward else f"{at} is before this database's last run; set the clock, or use another NEWSBELL_DATABASE"
    )


def _sources(app: App, now: datetime) -> Iterator[Finding]:
    """All at a glance, then those in trouble; one that fails for less than a day is told and still well."""
    totals = app.store.read(lambda session: session.sources.totals())
    to = Telling(ENGLISH, UTC, now)
    yield "sources", True, glance((source for source, _, _ in totals), ENGLISH) or "none"
    for source, _, newest_at in sorted(totals, key=lambda total: rank(total[0])):
        if health_of(source) in TROUBLED:
            yield f"source {source.name}", not source.fails, plain(condition(source, newest_at, to))
