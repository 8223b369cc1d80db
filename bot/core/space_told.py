"""Space as people read it: in a line for `/status`, `doctor` and `/healthz`, and as what the admins are told."""

from __future__ import annotations

from datetime import timedelta

from bot.core.reports import Details, Report
from bot.core.space import Cause, Space, in_bytes
from bot.core.times import duration
from bot.core.words import Words

ABOUT = "disk"
"""What reports on it are about: a later one overtakes one that was not sent yet."""


def held(space: Space, words: Words) -> str | None:
    """That nothing is fetched, why, and what to do; None when something may come in."""
    if space.cause is None:
        return None
    details = _details(space)
    why = words.say(f"space.{space.cause}", **details)
    return f"{words.say('space.held', why=why)}; {words.say(f'space.do_{space.cause}')}"


def advice(space: Space, words: Words) -> str:
    """What to do before it is full."""
    return words.say("space.do_limit" if space.is_limited else "space.do_disk")


def takes(space: Space, words: Words) -> str:
    """`812 MB, 44 GB free`, or `812 MB and 5.1 GB in copies, 10.0 GB at most`."""
    room = space.room
    taken = in_bytes(room.database + room.log)
    if room.all_copies:
        taken = words.say("space.copies", database=taken, copies=in_bytes(room.all_copies))
    if space.most is None:
        return words.say("space.takes", taken=taken, free=in_bytes(room.free))
    return words.say("space.takes_of", taken=taken, limit=in_bytes(space.most))


def grows(space: Space, words: Words) -> str:
    """`12 MB a day, room for 300 days`; that it does not grow, or that nobody knows yet."""
    if space.growth is None:
        return words.say("space.unknown")
    if space.days_left is None:
        return words.say("space.steady")
    growth, left = in_bytes(space.growth), duration(_left(space.days_left), words)
    return words.say("space.grows_until", growth=growth, left=left)


def tight(space: Space) -> list[Report]:
    """That it will soon be full, and when."""
    key = "tight_limit" if space.is_limited else "tight_disk"
    details: Details = {"taken": in_bytes(space.room.staying), "percent": round(space.share * 100)}
    reports = [Report(ABOUT, key, details)]
    if space.growth is not None and space.days_left is not None:
        left_for = int(_left(space.days_left).total_seconds())
        growing: Details = {"growth": in_bytes(space.growth), "left_for": left_for}
        reports.append(Report("growth", "growing", growing))
    return reports


def full(space: Space, cause: Cause) -> Report:
    """That nothing is fetched any more, and what to do."""
    return Report(ABOUT, f"full_{cause}", _details(space))


def _left(days: int) -> timedelta:
    """Days as they are told: the last one is not counted down."""
    return timedelta(days=max(1, days))


def _details(space: Space) -> dict[str, str]:
    room = space.room
    return {"free": in_bytes(room.free), "needed": in_bytes(space.needed), "taken": in_bytes(room.staying)}


def room_again(lasted_for: timedelta) -> Report:
    """That fetching goes on."""
    return Report(ABOUT, "room_again", {"held_for": int(lasted_for.total_seconds())})


def ballast_used(size: int) -> Report:
    """That what was set aside is given up."""
    return Report("ballast", "ballast_used", {"size": in_bytes(size)})


def ballast_back(size: int) -> Report:
    """That something is set aside again."""
    return Report("ballast", "ballast_back", {"size": in_bytes(size)})
