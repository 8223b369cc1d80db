"""A few small topics, read once a process: reading and standing the real ones takes longer than most tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.matching.topics import Topics


@cache
def few_topics() -> Topics:
    """The topics that newsrooms of tests watch."""
    return Topics.load(Path(__file__).parent / "handlers" / "topics")
