"""Why deliveries ended as they did, as the outbox keeps it and `/why` reads it."""

from __future__ import annotations

UNSUBSCRIBED = "unsubscribed"
"""Its subscription ended; what waited comes back with it."""

PAUSED = "paused"
"""Its subscription is paused; it comes when that is resumed."""

TOLD_MEANWHILE = "told meanwhile"
"""Another message told the story while its subscription was paused."""

TOO_LATE = "too late"
"""Newsbell was away for too long to send it."""

MUTED = "muted:"
"""A mute held it back: its id follows."""

PREFACE = "preface"
"""It was sent, as the envelope of something said that is no digest."""
