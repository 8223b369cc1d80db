"""A chart as values: what is counted a day, and what it shows in words for whoever cannot see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts by day, ascending; `label` names what is counted, `text` says what the picture shows.

    `ticks` are the places of the days that are named, and what they are called.
    """

    title: str
    label: str
    text: str
    counts: tuple[int, ...]
    ticks: tuple[tuple[int, str], ...]
