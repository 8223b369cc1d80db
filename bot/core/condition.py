"""How sources do, as people read it: at a glance, and of each why, since when, and when it is tried again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.core.compose import Telling
from bot.core.health import Health, health_of, tally
from bot.core.message import Spans, spans
from bot.core.model import POLLED, Source
from bot.core.times import duration, when
from bot.core.words import Words


def glance(sources: Iterable[Source], words: Words) -> str:
    """`131 well · 1 given up · 3 failing`; empty where there are no sources."""
    return " · ".join(words.count(f"commands.tally_{health}", n) for health, n in tally(sources).items())


def condition(source: Source, brought_at: datetime | None, to: Telling, *, reasons: bool = True) -> Spans:
    """How a source does and, where it is in trouble, since when and why; `brought_at` is when it last brought anything.

    A reason may name paths: without `reasons` it is only said that there is one.
    """
    health, words = health_of(source), to.words
    if health in (Health.OK, Health.OFF):
        return spans(words.say("commands.healthy" if health is Health.OK else "commands.not_asked"))
    if health is Health.SILENT:
        since = (" ", when(brought_at, to.now, to.zone, words)) if brought_at else ()
        return spans(words.say("commands.silent_since" if since else "commands.silent"), *since)
    reason = (source.problem or "") if reasons else words.say("commands.unhealthy")
    if source.kind not in POLLED:
        return spans(reason)
    return (*_since(source, health, to), *spans(", ", tries(source, to.now, words), f": {reason}"))


def tries(source: Source, now: datetime, words: Words) -> str:
    """`tried 4 times, next try in 20 minutes`."""
    tried = words.count("commands.tried", source.failures)
    if source.next_at is None or source.next_at <= now:
        return f"{tried}, {words.say('commands.next_try_due')}"
    return f"{tried}, {words.say('commands.next_try', span=duration(source.next_at - now, words))}"


def _since(source: Source, health: Health, to: Telling) -> Spans:
    """Since when a source fails: for how long on the first day, then from when."""
    began_at = source.failing_since_at or source.since_at or to.now
    if health is Health.FAILING:
        return spans(to.words.say("commands.failing_for", span=duration(to.now - began_at, to.words)))
    return spans(to.words.say(f"commands.{health}_since"), " ", when(began_at, to.now, to.zone, to.words))
