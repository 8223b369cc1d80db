"""Five years of digests in ten zones: each once, at the right local minute, whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.cadence import parse_cadence
from bot.core.plan import next_digest
from bot.core.ports import Session
from bot.jobs.digest import open_digests
from tests.jobs.conftest import NOW, Newsbell

ZONES = (
    "Europe/Belgrade",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
    "America/Santiago",
    "Pacific/Chatham",
    "Asia/Beirut",
)
CADENCES = ("daily 02:30", "daily 00:00,08:00", "weekdays 01:30", "weekly sun 03:00")
"""Times at which clocks change somewhere: skipped in spring, passed twice in autumn."""
FIRST, LAST = date(2026, 1, 1), date(2030, 12, 31)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def promised(cadence: str, zone: ZoneInfo) -> Iterator[datetime]:
    """When digests should come, worked out from each day's minutes: the first real one at or after the time."""
    rhythm, *rest = cadence.split()
    for offset in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        wanted = day.weekday() < 5 if rhythm == "weekdays" else day.weekday() == 6 if rhythm == "weekly" else True
        if wanted:
            yield from sorted({_first_minute(day, time.fromisoformat(at), zone) for at in rest[-1].split(",")})


def _first_minute(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first minute, in the order in which they pass, whose local time of that day is not before `at`."""
    plain = datetime.combine(day, at, zone)
    if plain.astimezone(UTC).astimezone(zone).replace(fold=0) == plain.replace(fold=0):
        return plain.astimezone(UTC)  # it exists, and without a fold it is the first pass (PEP 495)
    around = plain.astimezone(UTC) - timedelta(hours=3)
    for minute in range(6 * 60):
        moment = around + timedelta(minutes=minute)
        local = moment.astimezone(zone)
        if local.date() == day and local.time().replace(second=0) >= at:
            return moment
    raise AssertionError(f"{day} has no {at} in {zone}")


@pytest.mark.parametrize("name", ZONES)
def test_each_of_five_years_is_promised_once_and_at_its_minute(name: str) -> None:
    zone = ZoneInfo(name)
    for text in CADENCES:
        cadence = parse_cadence(text)
        assert cadence is not None
        habits = _Habits(name)
        at, came = midnight(FIRST, zone) - timedelta(microseconds=1), []
        while (due := next_digest(cadence, habits, at, "UTC")) and due.astimezone(zone).date() <= LAST:
            came.append(due)
            at = due
        assert came == list(promised(text, zone)), (name, text)


class _Habits:
    """A chat that set nothing but its zone."""

    reads: tuple[str, ...] = ()
    digest_at = None
    quiet = None

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone


def test_the_job_opens_each_once_through_the_days_on_which_clocks_change(bell: Newsbell) -> None:
    """The job looks a second before, at and after each moment at which anything is due."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for name in ZONES:
        bell.chat(name.replace("/", "-"), timezone=name)
        for text in ("daily 02:30", "weekly sun 03:00"):
            _begin(bell, name, text, start)
    opened: Counter[tuple[int, datetime]] = Counter()
    now, end = start, start + timedelta(days=70)
    while (now := _next_due(bell) or end) < end:
        for moment in (now - timedelta(seconds=1), now, now, now + timedelta(seconds=1)):
            open_digests(bell.app.store, moment, "UTC")
        opened.update(bell.app.store.write(_envelopes))
    for name in ZONES:
        zone = ZoneInfo(name)
        chat = bell.chat_of(name.replace("/", "-"))
        days = {at.astimezone(zone).date() for (chat_id, at) in opened if chat_id == chat.id}
        expected = set(promised("daily 02:30", zone)) | set(promised("weekly sun 03:00", zone))
        wanted = {at for at in expected if start < at < end - timedelta(days=1)}
        came = {at for (chat_id, at) in opened if chat_id == chat.id and at < end - timedelta(days=1)}
        assert came == wanted, name
        assert len(days) >= 68
    assert set(opened.values()) == {1}


def _begin(bell: Newsbell, name: str, text: str, start: datetime) -> None:
    chat, cadence = bell.chat_of(name.replace("/", "-")), parse_cadence(text)
    assert cadence is not None
    due = next_digest(cadence, chat, start, "UTC")
    bell.app.store.write(
        lambda session: session.subscriptions.add(
            chat, text.split()[0], NOW, cadence=text, urgent=False, every=False, next_due_at=due
        )
    )


def _next_due(bell: Newsbell) -> datetime | None:
    due = bell.app.store.read(lambda session: session.subscriptions.due(datetime.max.replace(tzinfo=UTC), 1))
    return min((entry.next_due_at for entry, _ in due if entry.next_due_at), default=None)


def _envelopes(session: Session) -> list[tuple[int, datetime]]:
    """The digests that are open, which are then closed: (chat, due)."""
    connection = session.connection  # type: ignore[attr-defined]
    rows = connection.execute("DELETE FROM deliveries WHERE story_id IS NULL RETURNING chat_id, due_at").fetchall()
    return [(chat_id, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=due_at)) for chat_id, due_at in rows]
