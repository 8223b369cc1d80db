"""Whether scans, expansion and deliveries go on, or hang; pure, on what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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

HUNG_FOR = timedelta(minutes=10)
"""What has not moved for so long although nothing outside is in its way hangs: no work takes that long."""

SCANS = ("scan", "poll")
EXPANSION = "owe"


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a look found: `now` of the wall clock, everything else in spans that no clock's jump can stretch.

    `silent` says for how long each job of the timetable, `unaccepted` for how long each platform, has done nothing;
    `hanging` for how long no run of a job has ended, well or not.
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
    hanging: Mapping[str, timedelta] = field(default_factory=dict)

    def waited(self, since: datetime) -> timedelta:
        """For how long something has waited for this process: not for longer than it runs."""
        return min(self.now - since, self.up_for)


def stalls(pulse: Pulse) -> list[str]:
    """A line for each thing that stalls: what, for how long, and what to look at; none when all is well."""
    return [*_scans(pulse), *_expansion(pulse), *_deliveries(pulse)]


def hangs(pulse: Pulse, open_to: Callable[[str], bool]) -> list[str]:
    """A line for each thing that stalls and that a restart may cure; `open_to` says whether a platform takes messages.

    What fails again and again, for want of room, a network or a platform, fails after a restart, too.
    """
    return [*_jobs(pulse), *_senders(pulse, open_to)]


def _jobs(pulse: Pulse) -> Iterator[str]:
    """Looks into a folder may take long by themselves, and so may a backlog's delivery."""
    for job in ("poll", EXPANSION):
        if (hanging := pulse.hanging.get(job, timedelta())) > HUNG_FOR:
            yield f"the job {job} has not ended for {_span(hanging)}"


def _senders(pulse: Pulse, open_to: Callable[[str], bool]) -> Iterator[str]:
    for due in pulse.due:
        silent = pulse.unaccepted.get(due.platform)
        if silent is not None and min(silent, pulse.waited(due.since)) > HUNG_FOR and open_to(due.platform):
            yield f"nothing was sent to {due.platform} for {_span(silent)} while {due.lines:,} are due"


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
