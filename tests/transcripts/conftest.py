"""Transcripts run in the newsroom of the tests of commands."""

from __future__ import annotations

from tests.handlers.conftest import room, template

__all__ = ["room", "template"]
