"""What has to be said of a count: how far it went, and how far the archive goes."""

from __future__ import annotations

from datetime import timedelta

from bot.core.message import Line
from bot.core.tally import Sightings
from bot.core.times import duration
from handlers.call import Call


def bounds(call: Call, found: Sightings) -> list[Line]:
    """How far counting went, where it did not go all the way."""
    if found.exact or found.reached_at is None:
        return []
    if not found.whole:
        return [call.line("looking.counted_back", quiet=True, span=duration(call.now - found.reached_at, call.words))]
    return [call.line("looking.estimated", quiet=True, newest=f"{len(found.entries):,}")]


def coverage(call: Call, span: timedelta) -> list[Line]:
    """Since when the archive has gathered, where that is less than the span."""
    for first in call.session.articles.after(0, 1):
        gathered = call.now - first.first_seen_at
        if gathered >= span:
            return []
        return [call.line("looking.covers", quiet=True, span=duration(gathered, call.words))]
    return [call.line("looking.covers_nothing", quiet=True)]
