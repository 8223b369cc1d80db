"""Transcripts run in the newsroom of the tests of commands, and never in real time."""

from __future__ import annotations

import pytest

from tests.handlers.conftest import room, template
from tests.jobs.conftest import impatient

__all__ = ["impatient", "room", "template"]


@pytest.fixture(autouse=True)
def _at_once(impatient: None) -> None:
    """A transcript's days of looks at one source pass in seconds."""
