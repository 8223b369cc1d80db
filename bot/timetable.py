"""What runs when, as data: the scheduler hands these entries to the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

Job = Callable[[datetime], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A job and how long between two of its runs; one instance of it runs at a time, and a late run is still run."""

    name: str
    every: timedelta
    job: Job


OWE_FOR = timedelta(milliseconds=500)
DELIVER_FOR = timedelta(milliseconds=500)
"""Between two looks at what is owed and at what is due: what another process enqueued leaves within two seconds.

They are two entries, as a backlog may keep delivery busy for an hour.
"""

PAGES_FOR = timedelta(seconds=1)
RETAG_FOR = timedelta(seconds=1)
MERGE_FOR = timedelta(seconds=1)
PRUNE_FOR = timedelta(hours=1)

BACKUP_FOR = timedelta(minutes=20)
"""Between two looks whether today's copy is there: one that failed is tried again."""


def timetable(
    *,
    scan: Job,
    poll: Job,
    pages: Job,
    owe: Job,
    deliver: Job,
    retag: Job,
    merge: Job,
    prune: Job,
    scan_for: timedelta,
    poll_for: timedelta,
) -> tuple[Entry, ...]:
    """The running bot's timetable; `scan` looks into folders, `poll` and `pages` begin what is due on the network."""
    return (
        Entry("scan", scan_for, scan),
        Entry("poll", poll_for, poll),
        Entry("pages", PAGES_FOR, pages),
        Entry("owe", OWE_FOR, owe),
        Entry("deliver", DELIVER_FOR, deliver),
        Entry("retag", RETAG_FOR, retag),
        Entry("merge", MERGE_FOR, merge),
        Entry("prune", PRUNE_FOR, prune),
    )


SWEEP_FOR = timedelta(seconds=10)
"""Between two steps of the sweep: at 25 articles a step it keeps up with 216,000 a day."""


ROOM_FOR = timedelta(seconds=20)
"""Between two looks at the room there is: what fills a disk sooner is found by the write that is refused."""


def upkeep(*, backup: Job, sweep: Job, room: Job) -> tuple[Entry, ...]:
    """What keeps an installation well beside it."""
    return (Entry("backup", BACKUP_FOR, backup), Entry("sweep", SWEEP_FOR, sweep), Entry("room", ROOM_FOR, room))
