"""Why deliveries ended as they did, as the outbox keeps it and `/why` reads it."""

from __future__ import annotations

UNSUBSCRIBED = "unsubscribed"
"""Its subscription ended; what waited comes back with it."""

UNFOLLOWED = "unfollowed"
"""Its chat follows the story no more; what waited comes back when that is undone."""

TOO_LATE = "too late"
"""Newsbell was away for too long to send it."""

MUTED = "muted:"
"""A mute held it back: its id follows."""

PREFACE = "preface"
"""It was sent, as the envelope of something said that is no digest."""
