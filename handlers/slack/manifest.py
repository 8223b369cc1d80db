"""The manifest that makes the Slack app: everything newsbell needs there, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAME = "newsbell"
ABOUT = "Watches the news and rings when something you asked for appears: once a story, with the reason."
"""At most 140 characters."""
LONG = (
    "newsbell watches the news and rings here when something you asked for appears. Subscribe a channel or yourself "
    "to a topic or to any words, get one alert a story or a digest at your local time, and search all that came in. "
    "Nothing is lost, nothing is noise, and it always explains itself."
)
"""At least 175 characters."""

WHY = {
    "name": "Why was this sent?",
    "type": "message",
    "callback_id": "why_sent",
    "description": "Says which subscription an alert came for, and which words matched.",
}

SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to hear what is said to it in channels",
    "channels:read": "to know whether it is in a channel, and when that is archived",
    "chat:write": "to send",
    "commands": "for its slash command and the shortcut",
    "files:write": "for exports",
    "groups:read": "the same for private channels",
    "im:history": "to hear what is said in its direct messages",
    "users:read": "to know a person's time zone, and who is an admin",
}
"""What the bot's token must be granted, and what for."""

EVENTS = (
    "app_home_opened", "app_mention", "app_uninstalled", "channel_archive", "channel_deleted", "channel_left",
    "channel_rename", "channel_unarchive", "group_archive", "group_deleted", "group_left", "group_rename",
    "group_unarchive", "member_joined_channel", "member_left_channel", "message.im", "tokens_revoked",
)  # fmt: skip
"""What the bot is told of."""


def manifest(command: str) -> dict[str, Any]:
    """The manifest of an app whose one slash command is called `command`."""
    return {
        "display_information": {
            "name": NAME,
            "description": ABOUT,
            "long_description": LONG,
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": NAME, "always_online": True},
            "shortcuts": [WHY],
            "slash_commands": [
                {
                    "command": command,
                    "description": "Search the news, and have it ring here",
                    "usage_hint": "search kosovo | subscribe migration | help",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
