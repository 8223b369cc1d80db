"""What is said on top of a chat's next message: that its pause is over, that something came too late to be sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.core.compose import Telling
from bot.core.message import Line, filled, line
from bot.core.reader_ports import Preface
from bot.core.times import when


def said(prefaces: Iterable[tuple[Preface, int, datetime]], to: Telling) -> list[Line]:
    """A line for each (kind, number, since)."""
    return [_line(kind, number, since, to) for kind, number, since in prefaces]


def _line(kind: Preface, number: int, since: datetime, to: Telling) -> Line:
    match kind:
        case Preface.DROPPED:
            return line(to.words.count("readers.dropped", number))
        case Preface.PAUSE_OVER:
            held = to.words.count("readers.was_held", number) if number else to.words.say("readers.nothing_held")
            at = when(since, to.now, to.zone, to.words)
            return Line(filled(to.words.phrase("readers.pause_over"), since=at, held=held))
