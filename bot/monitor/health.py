"""Whether scans, expansion and deliveries go on; pure, on what was looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.figures import Due

JOB_FOR = timedelta(minutes=2)
"""A job of the timetable that has not come to a good end for so long stalls; they run every few seconds."""

SOURCE_FOR = timedelta(minutes=30)
"""A source that is due for so long is not asked: a fetch, its retries and a host's politeness take minutes."""

ALERT_FOR = timedelta(minutes=5)
"""An alert reaches all its subscribers within seconds."""

SENT_FOR = timedelta(minutes=5)
"""A platform that takes nothing for so long while something is due stalls; a backlog drains for longer and does not."""

SCANS = ("scan", "poll")
EXPANSION = "owe"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a look found: `now` of the wall clock, everything else in spans that no clock's jump can stretch.

    `silent` says for how long each job of the timetable, `unaccepted` for how long each platform, has done nothing.
    """

    now: datetime
    up_for: timedelta
    silent: Mapping[str, timedelta]
    unaccepted: Mapping[str, timedelta]
    source_due_at: datetime | None = None
    unexpanded_since: datetime | None = None
    due: Sequence[Due] = ()
    held: str | None = None
    """Why nothing is fetched, if it is on purpose."""

    def waited(self, since: datetime) -> timedelta:
        """For how long something has waited for this process: not for longer than it runs."""
        return min(self.now - since, self.up_for)


def stalls(pulse: Pulse) -> list[str]:
    """A line for each thing that stalls: what, for how long, and what to look at; none when all is well."""
    return [*_scans(pulse), *_expansion(pulse), *_deliveries(pulse)]


def _scans(pulse: Pulse) -> Iterator[str]:
    if pulse.held is not None:
        yield f"scans: {pulse.held}"
        return
    for job in SCANS:
        if (silent := pulse.silent.get(job, timedelta())) > JOB_FOR:
            yield f"scans: the job {job} has not succeeded for {_span(silent)}; the log says why"
    if pulse.source_due_at is not None and (waited := pulse.waited(pulse.source_due_at)) > SOURCE_FOR:
        yield f"scans: a source has been due for {_span(waited)} and was not asked; the log says why"


def _expansion(pulse: Pulse) -> Iterator[str]:
    if (silent := pulse.silent.get(EXPANSION, timedelta())) > JOB_FOR:
        yield f"expansion: alerts have not become deliveries for {_span(silent)}; the log says why"
    elif pulse.unexpanded_since is not None and (waited := pulse.waited(pulse.unexpanded_since)) > ALERT_FOR:
        yield f"expansion: an alert has waited for {_span(waited)} to reach its subscribers; the log says why"


def _deliveries(pulse: Pulse) -> Iterator[str]:
    for due in pulse.due:
        silent = pulse.unaccepted.get(due.platform)  # None for a platform that is not served here
        if silent is not None and min(silent, pulse.waited(due.since)) > SENT_FOR:
            yield (
                f"deliveries: {due.platform} has taken nothing for {_span(silent)} while {due.lines:,} are due; "
                "is it reachable, and its token valid?"
            )


def _span(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
