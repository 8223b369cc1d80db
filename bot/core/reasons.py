"""Why deliveries were cancelled, as the outbox keeps it and `/why` reads it."""

from __future__ import annotations

UNSUBSCRIBED = "unsubscribed"
"""Its subscription ended; what waited comes back with it."""

TOO_LATE = "too late"
"""Newsbell was away for too long to send it."""

MUTED = "muted:"
"""A mute held it back: its id follows."""
