"""Opening newsbell from the command line: settings, logging, and which `now` a command works at."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.core.errors import BotError
from bot.logs import begin, hide, say
from bot.scheduler import wall_clock

if TYPE_CHECKING:
    from bot.app import App
    from bot.config import Settings

CLOCK_STEP = timedelta(minutes=1)
"""How far a clock is set back without a word, as time servers do."""


def settings(arguments: argparse.Namespace) -> Settings:
    """The settings, their remarks printed on standard error; the log is set up on the way."""
    from bot.config import OPTIONS, load

    begin(detailed=arguments.debug)
    loaded = load()
    hide(getattr(loaded, option.field) for option in OPTIONS if option.secret)
    for remark in loaded.notes:
        note(remark)
    return loaded


@contextmanager
def opened(arguments: argparse.Namespace, *, delivers: bool = False) -> Iterator[tuple[App, datetime]]:
    """The app on its database and the `now` to work at: `--at` where given, else the wall clock.

    For one that `delivers` a disk on which nothing is left gets the room that is set aside for it.
    """
    from bot.app import App
    from store.space import make_way

    at: datetime | None = getattr(arguments, "at", None)
    now = at or wall_clock()
    found = settings(arguments)
    if delivers:
        make_way(found.database)
    app = App.open(found, now, note)
    try:
        _check_order(app, now, rehearsed=at is not None)
        yield app, now
    finally:
        app.close()


def _check_order(app: App, now: datetime, *, rehearsed: bool) -> None:
    """A rehearsal only goes forward: what was done at a later time cannot be undone. A clock may be set back."""
    last = app.store.read(lambda session: session.meta.last_run_at())
    if last is None or last <= now:
        return
    if rehearsed:
        raise BotError(
            f"--at {now:%Y-%m-%dT%H:%M:%SZ} is before this database's last run ({last:%Y-%m-%dT%H:%M:%SZ}); "
            "use a later time, or a fresh NEWSBELL_DATABASE"
        )
    if last - now > CLOCK_STEP:
        note(f"the clock is behind this database's last run ({last:%Y-%m-%d %H:%M} UTC); what is due then waits for it")


def put(value: Mapping[str, object]) -> None:
    """Prints one JSON object on one line."""
    print(json.dumps(value, ensure_ascii=False))


def note(text: str) -> None:
    """Says something on standard error, where scripts that read standard output do not see it."""
    say(f"newsbell: {text}")
