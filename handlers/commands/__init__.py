"""Everything a person can say: one file a verb."""

MODULES = (
    "search",
    "digest",
    "topics",
    "preview",
    "export",
    "subscribe",
    "unsubscribe",
    "subscriptions",
    "why",
    "pause",
    "undo",
    "settings",
    "status",
    "forget",
    "start",
    "help",
    "sources",
)
"""The modules with commands, in the order the help lists them."""
