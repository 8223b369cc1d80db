"""backup and doctor: keeping an installation well."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.cli.opening import opened, settings
from bot.core.errors import BotError, ConfigError
from bot.scheduler import wall_clock

if TYPE_CHECKING:
    from bot.app import App

Finding = tuple[str, bool, str]


def backup(arguments: argparse.Namespace) -> int:
    """A consistent copy in a new file."""
    with opened(arguments) as (app, _):
        app.store.backup(str(arguments.file))
    print(f"{arguments.file}: {arguments.file.stat().st_size:,} bytes")
    return 0


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
            yield from _sources(app)
    except BotError as error:
        yield "database", False, str(error)


def _clock(forward: bool) -> str:
    at = f"{wall_clock():%Y-%m-%d %H:%M} UTC"
    return (
        at if forward else f"{at} is before this database's last run; set the clock, or use another NEWSBELL_DATABASE"
    )


def _sources(app: App) -> Iterator[Finding]:
    for source, held, _ in app.store.read(lambda session: session.sources.totals()):
        yield f"source {source.name}", not source.fails, source.problem or f"{held:,} articles"
