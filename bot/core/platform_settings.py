"""What settings of platforms look like: tokens, addresses, what a command may be called; ValueError says why not."""

from __future__ import annotations

from collections.abc import Callable

SLACK_RESERVED = frozenset(
    (
        "active",
        "apps",
        "archive",
        "away",
        "call",
        "canvas",
        "collapse",
        "dm",
        "dnd",
        "expand",
        "feed",
        "feedback",
        "help",
        "huddle",
        "invite",
        "invite_people",
        "join",
        "kick",
        "leave",
        "list",
        "me",
        "msg",
        "mute",
        "open",
        "part",
        "prefs",
        "remind",
        "remove",
        "rename",
        "search",
        "shortcuts",
        "shrug",
        "star",
        "status",
        "sync",
        "topic",
        "unarchive",
        "who",
        "workflow",
    )
)
"""Names of Slack's own slash commands (slack.com/help/articles/201259356): one of them makes a manifest invalid."""


def telegram_token(text: str) -> str:
    """A token of a Telegram bot, or nothing."""
    if text and (any(letter.isspace() for letter in text) or ":" not in text or not text.isascii()):
        raise ValueError("it is no token; @BotFather gives one like 123456:ABC-DEF")
    return text


def server(text: str) -> str:
    """The address of a server, without a slash at its end."""
    if not text.startswith(("http://", "https://")) or any(letter.isspace() for letter in text):
        raise ValueError(f"{text!r} is no address; write one like https://api.telegram.org")
    return text.rstrip("/")


def slack_token(kind: str, whose: str) -> Callable[[str], str]:
    """Reads a token of Slack's that begins with `kind`, or nothing."""

    def read(text: str) -> str:
        if text and (not text.startswith(f"{kind}-") or not text.isascii() or any(map(str.isspace, text))):
            raise ValueError(f"it is no {whose} token; that begins with {kind}-")
        return text

    return read


def slack_api(text: str) -> str:
    """The address of a Web API, a slash at its end."""
    return server(text) + "/"


def slack_command(text: str) -> str:
    """The name of a slash command that Slack would take, with its slash."""
    name = text if text.startswith("/") else f"/{text}"
    if not 2 <= len(name) <= 32 or name != name.lower() or any(map(str.isspace, name)) or "/" in name[1:]:
        raise ValueError(f"{text!r} is no command; write one like /newsbell, up to 32 characters, in lower case")
    if name[1:] in SLACK_RESERVED:
        raise ValueError(f"{name} is one of Slack's own commands; choose another, such as /newsbell")
    return name
