"""What a database gains so that subscriptions can be paused one by one; times are integer microseconds UTC."""

from __future__ import annotations

PAUSES = (
    "ALTER TABLE subscriptions ADD COLUMN paused_at INTEGER",
    "ALTER TABLE subscriptions ADD COLUMN paused_until INTEGER",
    "CREATE INDEX subscriptions_pausing ON subscriptions (paused_until) WHERE paused_until IS NOT NULL",
    # What is held for a chat is counted in its lists.
    "CREATE INDEX deliveries_held ON deliveries (chat_id) WHERE state = 'cancelled' AND reason = 'paused'",
    # Which subscriptions a line that is said on top of a message is about, by number.
    "ALTER TABLE prefaces ADD COLUMN about TEXT NOT NULL DEFAULT ''",
)
"""In order."""
