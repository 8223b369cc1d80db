"""Transcripts run in the newsroom of the tests of commands, and never in real time."""

from __future__ import annotations

import pytest

from tests.handlers.conftest import room, template

__all__ = ["room", "template"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrivals never wait for company: a transcript's days of looks at one source pass in seconds."""
    monkeypatch.setattr("bot.jobs.turns.PAUSE_SECONDS", 0)
