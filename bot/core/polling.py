"""When a source is asked next, and what state it is in; pure, and the only memory of it is a Poll.

A source is asked in its own rhythm, slower where it says that it stays fresh, and always before what it shows could
have rolled over. Errors back off, the hopeless are disabled and still retried weekly: nothing is silent for ever.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise

from bot.core.errors import Gone, Missing, RateLimited, SourceError
from bot.core.poll import Poll, Seen, Standing

FASTEST_FOR, QUICK_FOR = timedelta(minutes=1), timedelta(minutes=5)
"""Between two looks at least: ever, and unless what is shown would roll over sooner."""
SLOW_FOR = timedelta(hours=1)
UNKNOWN_FOR = timedelta(minutes=15)
"""While the rhythm is not known."""
SHARE = 0.3
"""Of the median gap between items: how long to wait."""
REMEMBERED = 30
JITTER = 0.15
FIRST_RETRY_FOR, LAST_RETRY_FOR = timedelta(minutes=5), timedelta(hours=12)
PAUSE_LIMIT_FOR = timedelta(days=1)
DEGRADED_AFTER_FOR, MISSING_FOR, DISABLED_RETRY_FOR = timedelta(hours=24), timedelta(days=14), timedelta(days=7)
LONGEST_FOR = DISABLED_RETRY_FOR * (1 + JITTER)
"""No source is ever asked later than this; a time further off is a damaged memory, or a clock that was set back."""
MOVES = 3
"""Identical permanent redirects until the new address is believed."""
SILENT_TIMES, SILENT_LEAST_FOR = 3, timedelta(days=1)
"""A source is silent after so many times its usual gap, which counts as a day at least: outlets sleep at night."""
_A_SECOND = 40
"""Sources begun a second after a start."""
_HINT_LIMIT_FOR, _WINDOW_LIMIT_FOR = timedelta(days=1), timedelta(days=365)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def succeeded(poll: Poll, location: str, seen: Seen, now: datetime) -> Poll:
    """The poll after a look at `location` that was answered."""
    rhythm = poll if seen.items_at is None else _rhythm(poll, seen.items_at, seen, now)
    return replace(
        rhythm,
        next_at=now + _wait(rhythm, location, seen.fresh_for, now),
        standing=Standing.OK,
        since_at=now if poll.standing is not Standing.OK else poll.since_at,
        reason="",
        succeeded_at=now,
        failures=0,
        failing_since_at=None,
        missing_since_at=None,
        url=seen.url,
        etag=seen.etag,
        last_modified=seen.last_modified,
        digest=seen.digest or poll.digest,
        moved_to=seen.moved_to or "",
        moves=_moves(poll, seen),
        memory=poll.memory if seen.memory is None else seen.memory,
    )


def failed(poll: Poll, location: str, error: SourceError, now: datetime) -> Poll:
    """The poll after a look at `location` that failed."""
    missing_since_at = (poll.missing_since_at or now) if isinstance(error, Missing) else poll.missing_since_at
    trouble = replace(
        poll,
        reason=str(error),
        failures=poll.failures + 1,
        failing_since_at=(poll.failing_since_at or now) if poll.failures else now,
        missing_since_at=missing_since_at,
    )
    standing = _standing(trouble, error, now)
    return replace(
        trouble,
        standing=standing,
        since_at=poll.since_at if standing is poll.standing else now,
        next_at=now + _retry(replace(trouble, standing=standing), location, error, now),
    )


def due_at(
    poll: Poll, location: str, now: datetime, *, woken_at: datetime | None = None, spread_for: timedelta = timedelta(0)
) -> datetime:
    """When a source is to be asked; it is due once `now` has come to it.

    What was overdue when newsbell woke at `woken_at`, new sources included, is spread over `spread_for` by a hash of
    its address, so that a start is no stampede.
    """
    woken = now if woken_at is None else min(woken_at, now)
    at = poll.next_at
    if at is None or at > now + LONGEST_FOR or at <= woken:
        return woken + spread_for * _fraction(location)
    return at


def spread_for(sources: int) -> timedelta:
    """How long a start takes to ask so many sources once."""
    return timedelta(seconds=sources / _A_SECOND)


def moved(poll: Poll) -> str | None:
    """The address to save as the source's own, after enough identical permanent redirects that still brought it."""
    return poll.moved_to if poll.moves >= MOVES and poll.moved_to else None


def settled(poll: Poll) -> Poll:
    """The poll once the source's address was changed: its rhythm is kept, what was known of the old address is not."""
    return replace(poll, url="", etag="", last_modified="", digest="", moved_to="", moves=0)


def silent_at(poll: Poll) -> datetime | None:
    """When a source that answers counts as silent unless it brings something: after three times its usual gap.

    None while its rhythm is not known. One that is back from a failure has as long again from then on.
    """
    if poll.newest_at is None or poll.usual_for is None:
        return None
    heard_at = max(filter(None, (poll.newest_at, poll.since_at)))
    return heard_at + SILENT_TIMES * max(poll.usual_for, SILENT_LEAST_FOR)


def _moves(poll: Poll, seen: Seen) -> int:
    """How often in a row the same permanent redirect has led to the source."""
    if not seen.moved_to:
        return 0
    return poll.moves + 1 if seen.moved_to == poll.moved_to else 1


def _rhythm(poll: Poll, items_at: tuple[datetime, ...], seen: Seen, now: datetime) -> Poll:
    """The poll with what the items shown tell of the source's rhythm; a time in the future counts as now."""
    ttl_for = None if seen.ttl_for is None else min(max(seen.ttl_for, timedelta(0)), _HINT_LIMIT_FOR)
    poll = replace(poll, ttl_for=ttl_for)
    times = sorted((min(max(at, _EPOCH), now) for at in items_at), reverse=True)
    gaps = sorted(later - sooner for later, sooner in pairwise(times[:REMEMBERED]))
    if len(gaps) < 2:
        return _arrivals(poll, seen, now)
    middle = (gaps[(len(gaps) - 1) // 2] + gaps[len(gaps) // 2]) / 2
    windows = (middle * max(seen.shown, len(times)), times[0] - times[-1], _WINDOW_LIMIT_FOR)
    return replace(
        poll,
        gap_for=middle,
        usual_for=gaps[len(gaps) * 9 // 10],
        window_for=min(filter(None, windows)) if times[0] > times[-1] else None,
        newest_at=times[0],
    )


def _arrivals(poll: Poll, seen: Seen, now: datetime) -> Poll:
    """The same for a source without dates: from when new items were seen, the last few counting most."""
    if not seen.new:
        return poll
    if poll.newest_at is None or poll.newest_at >= now:
        return replace(poll, newest_at=now)
    observed = (now - poll.newest_at) / seen.new
    gap = observed if poll.gap_for is None else (3 * poll.gap_for + observed) / 4
    usual = max(observed, gap, (poll.usual_for or gap) * 0.9)
    return replace(
        poll, gap_for=gap, usual_for=usual, window_for=min(gap * max(seen.shown, 1), _WINDOW_LIMIT_FOR), newest_at=now
    )


def _wait(poll: Poll, location: str, fresh_for: timedelta | None, now: datetime) -> timedelta:
    shift = _fraction(location, now)
    wait = _own_pace(poll, now) * (1 - JITTER + 2 * JITTER * shift)
    hint = max(filter(None, (fresh_for, poll.ttl_for)), default=None)
    if hint is not None:
        wait = max(wait, min(max(hint, QUICK_FOR), SLOW_FOR) * (1 + JITTER * shift))
    return wait if poll.window_for is None else min(wait, max(poll.window_for / 2, FASTEST_FOR))


def _own_pace(poll: Poll, now: datetime) -> timedelta:
    """The wait its rhythm suggests; a long silence slows it down."""
    if poll.gap_for is None:
        return UNKNOWN_FOR
    silence = now - poll.newest_at if poll.newest_at else timedelta(0)
    return min(max(SHARE * max(poll.gap_for, silence / REMEMBERED), QUICK_FOR), SLOW_FOR)


def _standing(poll: Poll, error: SourceError, now: datetime) -> Standing:
    if isinstance(error, Gone) or poll.standing is Standing.DISABLED:
        return Standing.DISABLED
    if isinstance(error, Missing) and poll.missing_since_at and now - poll.missing_since_at >= MISSING_FOR:
        return Standing.DISABLED
    return Standing.DEGRADED if now >= _degraded_at(poll, now) else poll.standing


def _degraded_at(poll: Poll, now: datetime) -> datetime:
    """When a source that fails has done so for too long: what it did while nobody asked is not held against it."""
    return (poll.failing_since_at or now) + DEGRADED_AFTER_FOR


def _retry(poll: Poll, location: str, error: SourceError, now: datetime) -> timedelta:
    """How long to wait after a failure; a day after the first there is a look, so that an outage is told in one."""
    shift = _fraction(location, now)
    if poll.standing is Standing.DISABLED:
        return DISABLED_RETRY_FOR * (1 - JITTER + 2 * JITTER * shift)
    if isinstance(error, RateLimited):
        return min(max(error.retry_after, FASTEST_FOR), PAUSE_LIMIT_FOR) * (1 + JITTER * shift)
    doubled = FIRST_RETRY_FOR * (1 << min(poll.failures - 1, 10))
    wait = min(doubled, LAST_RETRY_FOR) * (1 - JITTER * shift)
    judged_for = _degraded_at(poll, now) - now
    return max(judged_for, FASTEST_FOR) if timedelta(0) < judged_for < wait else wait


def _fraction(location: str, at: datetime | None = None) -> float:
    """From 0 to 1, evenly, always the same for the same address and time: sources need no dice to keep apart."""
    text = f"{location} {at.timestamp() if at else ''}"
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=4).digest()) / 2**32
