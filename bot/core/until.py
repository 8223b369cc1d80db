"""When something ends that lasts for a while: `3d`, `2 weeks`, `until 2026-12-24`, as people write it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.cadence import parse_time, parse_weekday
from bot.core.errors import UserError
from bot.core.typed import loose
from bot.core.zones import instant

LONGEST = timedelta(days=366)
"""Nothing ends later: what is to last longer is better taken back when it should end."""

_FOR = re.compile(r"(?:for |na |za )?([0-9]{1,6}|an?|one|jedan|jednu) ?([a-z]+)")
_UNTIL = re.compile(r"(?:until|till?|do) (.+)")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ t](.+))?")
_DOTTED = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\.(?: ?([0-9]{4})\.?)?(?: (.+))?")
_UNITS = {
    "m min mins minute minutes minut minuta": timedelta(minutes=1),
    "h hr hrs hour hours sat sata sati": timedelta(hours=1),
    "d day days dan dana": timedelta(days=1),
    "w wk week weeks nedelja nedelje nedelju nedjelja nedjelje nedjelju sedmica sedmice sedmicu": timedelta(weeks=1),
    "y year years godina godine godinu": timedelta(days=365),
    "month months mesec meseca meseci mjesec mjeseca mjeseci": timedelta(days=30),
}
_UNIT = {name: length for names, length in _UNITS.items() for name in names.split()}
_UNTIL_DAY = {
    name: day
    for day, names in enumerate(
        ("ponedeljka ponedjeljka", "utorka", "srede srijede", "cetvrtka", "petka", "subote", "nedelje nedjelje")
    )
    for name in names.split()
}
"""Days as Serbian says them after `do`."""
_ONE = ("a", "an", "one", "jedan", "jednu")


def parse_until(text: str, now: datetime, zone: ZoneInfo, day_at: time) -> datetime:
    """The moment (UTC, after `now`) that `text` names: a length from now, or a date, day or time of day in the zone.

    A day without a time is its `day_at`. UserError `readers.bad_until`, `readers.until_past` or `readers.until_far`.
    """
    typed, shown = loose(text[:100]), text.strip()[:40]
    spoken = _UNTIL.fullmatch(typed)
    ends_at = _after(typed, now) if not spoken else None
    if ends_at is None:
        ends_at = _at(spoken[1] if spoken else typed, now, zone, day_at)
    if ends_at is None:
        raise UserError("readers.bad_until", text=shown)
    if ends_at <= now:
        raise UserError("readers.until_past", time=shown)
    if ends_at - now > LONGEST:
        raise UserError("readers.until_far")
    return ends_at


def _after(typed: str, now: datetime) -> datetime | None:
    """A length from now."""
    found = _FOR.fullmatch(typed)
    unit = _UNIT.get(found[2]) if found else None
    if found is None or unit is None:
        return None
    number = 1 if found[1] in _ONE else int(found[1])
    return now + min(number * unit, 2 * LONGEST)


def _at(typed: str, now: datetime, zone: ZoneInfo, day_at: time) -> datetime | None:
    """A date, a day or a time of day."""
    today = now.astimezone(zone).date()
    if found := _ISO.fullmatch(typed):
        return _moment(int(found[1]), int(found[2]), int(found[3]), found[4], zone, day_at)
    if found := _DOTTED.fullmatch(typed):
        year = int(found[3]) if found[3] else today.year
        at = _moment(year, int(found[2]), int(found[1]), found[4], zone, day_at)
        passed = at is not None and at <= now and not found[3]
        return _moment(year + 1, int(found[2]), int(found[1]), found[4], zone, day_at) if passed else at
    if typed in ("tomorrow", "sutra"):
        return instant(today + timedelta(days=1), day_at, zone)
    day, _, clock = typed.partition(" ")
    weekday = _UNTIL_DAY.get(day, parse_weekday(day))
    if weekday is not None:
        ahead = (weekday - today.weekday()) % 7 or 7
        at_time = _time(clock, day_at)
        return instant(today + timedelta(days=ahead), at_time, zone) if at_time else None
    at_time = _time(typed, None) if ":" in typed or typed.endswith(("am", "pm", "h")) else None
    if at_time is None:
        return None
    at = instant(today, at_time, zone)
    return at if at > now else instant(today + timedelta(days=1), at_time, zone)


def _moment(year: int, month: int, day: int, clock: str | None, zone: ZoneInfo, day_at: time) -> datetime | None:
    at = _time(clock, day_at)
    try:
        return instant(date(year, month, day), at, zone) if at and 1 < year < 9999 else None
    except ValueError:
        return None


def _time(clock: str | None, otherwise: time | None) -> time | None:
    """The time of day that is written, `otherwise` where nothing is."""
    if not clock:
        return otherwise
    try:
        return parse_time(clock.removeprefix("at ").removeprefix("u "))
    except UserError:
        return None
