"""What holds an alert back when its turn has come: a chat that has rung often enough, and its own age."""

from __future__ import annotations

from datetime import datetime, timedelta

COUNTED_FOR = timedelta(hours=1)
"""How long an alert counts towards its chat's ceiling (`/settings max`)."""

GATHERED_FOR = timedelta(minutes=30)
"""How long a chat at its ceiling is left in peace between two messages."""

STALE_AFTER = timedelta(hours=6)
"""How long after it was due an alert is no news: it goes into the chat's next digest, else it says that it is late."""


def gathered_until(rung: int, last_at: datetime, most: int, now: datetime) -> datetime | None:
    """Until when the alerts of a chat gather into one message, None when they may ring now.

    `rung` is how many messages rang within the last hour, the latest at `last_at`; `most` is the chat's ceiling.
    """
    free_at = last_at + GATHERED_FOR
    return free_at if rung >= most and free_at > now else None


def is_stale(due_at: datetime, now: datetime) -> bool:
    """Whether an alert due then has waited too long to ring."""
    return now - due_at > STALE_AFTER
