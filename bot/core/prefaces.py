"""What is said on top of a chat's next message: that its pause is over, that something came too late to be sent."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.compose import Telling
from bot.core.message import Line, filled, line
from bot.core.reader_ports import Preface, Said
from bot.core.times import when


def said(prefaces: Iterable[Said], to: Telling) -> list[Line]:
    """A line for each."""
    return [_line(entry, to) for entry in prefaces]


def _line(entry: Said, to: Telling) -> Line:
    words, number = to.words, entry.number
    held = words.count("readers.was_held", number) if number else words.say("readers.nothing_held")
    since = when(entry.since_at, to.now, to.zone, words)
    match entry.kind:
        case Preface.DROPPED:
            return line(words.count("readers.dropped", number))
        case Preface.PAUSE_OVER:
            return Line(filled(words.phrase("readers.pause_over"), since=since, held=held))
        case Preface.RESUMED:
            return Line(filled(words.phrase("pauses.is_over"), what=entry.about, since=since, held=held))
