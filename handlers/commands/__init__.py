"""Everything a person can say: one file a verb."""

MODULES = (
    "search",
    "digest",
    "topics",
    "preview",
    "trends",
    "save",
    "export",
    "subscribe",
    "unsubscribe",
    "subscriptions",
    "channel",
    "why",
    "mute",
    "irrelevant",
    "pause",
    "resume",
    "undo",
    "settings",
    "status",
    "forget",
    "start",
    "help",
    "sources",
    "access",
)
"""The modules with commands, in the order the help lists them."""
