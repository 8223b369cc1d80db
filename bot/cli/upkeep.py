"""backup, restore and upgrade: copies of the database, putting one back, and never changing it without one."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from bot.cli.opening import note, settings
from bot.scheduler import wall_clock


def backup(arguments: argparse.Namespace) -> int:
    """A checked copy in a new file; the database stays as it is, also one that an upgrade would change."""
    from store.database import SqliteStore

    with closing(SqliteStore(settings(arguments).database)) as store:
        store.backup(str(arguments.file))
    print(f"{arguments.file}: {arguments.file.stat().st_size:,} bytes, checked")
    return 0


def upgrade(arguments: argparse.Namespace) -> int:
    """Keeps the database as it is, brings it up to date and says how to go back."""
    from bot.app import App
    from store.locks import RunLock
    from store.migrations import SCHEMA

    given = settings(arguments)
    if not given.database.exists():
        print(f"{given.database}: there is none yet; newsbell run makes it")
        return 0
    said: list[str] = []
    with RunLock(given.database):
        App.open(given, wall_clock(), said.append).close()
    for line in said:
        print(line)
    print(f"{given.database}: up to date (schema {SCHEMA})")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Puts a copy in the database's place and says where what was there is kept."""
    from store.locks import RunLock
    from store.restoring import restore as put_back

    database: Path = settings(arguments).database
    with RunLock(database):
        kept = put_back(arguments.file, database, wall_clock())
    print(f"{database}: restored from {arguments.file}")
    if kept is not None:
        print(f"What it replaced is kept as {kept}; to go back: newsbell restore {kept}")
    note("what was sent since the copy was made may be sent again, as far as NEWSBELL_LATE goes back")
    return 0
