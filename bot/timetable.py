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


DELIVER_FOR = timedelta(seconds=1)
"""Between two looks at what is due: a message enqueued by another process leaves within two seconds."""

PAGES_FOR = timedelta(seconds=1)
RETAG_FOR = timedelta(seconds=1)
MERGE_FOR = timedelta(seconds=1)
PRUNE_FOR = timedelta(hours=1)


def timetable(
    *,
    scan: Job,
    poll: Job,
    pages: Job,
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
        Entry("deliver", DELIVER_FOR, deliver),
        Entry("retag", RETAG_FOR, retag),
        Entry("merge", MERGE_FOR, merge),
        Entry("prune", PRUNE_FOR, prune),
    )
