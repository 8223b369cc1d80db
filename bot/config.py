"""Settings: one declarative table of options, read from the environment and `.env` into frozen Settings.

`python -m bot.config` prints `.env.example`, which is this table with its explanations.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.core.access import Access
from bot.core.errors import ConfigError
from bot.core.listening import Listening
from bot.core.model import Address
from bot.core.platform_settings import server, slack_api, slack_command, slack_token, telegram_token
from bot.core.setting_values import access, addresses, kept, quota, seconds, size, size_or_none, span, switch, zone
from bot.option import Option, unknown, written
from bot.setting_paths import SHIPPED, path, path_or_none, seed_articles, sources

FOLDER_SCAN_FOR = timedelta(seconds=2)
DUE_FOR = timedelta(seconds=3)
TOKENS = ("TELEGRAM_BOT_TOKEN", "SLACK_BOT_TOKEN")
"""With any of them newsbell serves people, and begins with the shipped sources."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What newsbell was told, checked; `notes` are one-line remarks to print at start."""

    database: Path
    folder: Path | None
    seed_articles: Path | None
    scan_for: timedelta
    timezone: str
    admins: frozenset[Address]
    notes: tuple[str, ...] = ()
    sources: Path | None = None
    """The list of sources that a new database begins with."""
    contact: str = ""
    fetch_private: bool = False
    late_for: timedelta = timedelta(days=7)
    """Nothing that was due longer ago is sent any more."""
    access: Access = Access.OPEN
    max_subscriptions: int = 50
    max_commands: int = 20
    max_exports: int = 5
    fulltext: bool = True
    """Whether the pages of articles of which a source tells little are read."""
    keep_for: timedelta = timedelta(days=400)
    """How long articles are kept."""
    backups: Path | None = None
    """Where the daily copies of the database go, if any are made."""
    disk_max: int | None = None
    """Bytes that the database, its log and its copies may take, None for as much as there is."""
    ballast: int = 0
    """Bytes set aside for when the disk is full."""
    http: Listening | None = None
    """Where health and metrics are shown."""
    telegram_token: str = field(default="", repr=False)
    telegram_api: str = "https://api.telegram.org"
    slack_token: str = field(default="", repr=False)
    slack_app_token: str = field(default="", repr=False)
    slack_api: str = "https://slack.com/api/"
    slack_command: str = "/newsbell"

    @property
    def serves(self) -> bool:
        """Whether it was given a platform's token."""
        return bool(self.telegram_token or self.slack_token)

    @property
    def due_for(self) -> timedelta:
        """How long between two looks for polled sources that are due."""
        return min(DUE_FOR, self.scan_for)

    @property
    def folder_scan_for(self) -> timedelta:
        """How long between two looks into the watched folder."""
        return min(FOLDER_SCAN_FOR, self.scan_for)


_FOR_WHOM = "admins and terminals may do as they like."

OPTIONS = (
    Option("NEWSBELL_DATABASE", "newsbell.db", path, "The database file.", "database"),
    Option(
        "NEWSBELL_FOLDER",
        "inbox",
        path_or_none,
        "A watched folder: article files copied into it ring. Empty watches none.",
        "folder",
    ),
    Option(
        "NEWSBELL_SEED_ARTICLES",
        "shipped",
        seed_articles,
        "What a new database starts with: a folder or file of articles. Unset, it is the shipped samples in the "
        "terminal, and nothing once a token of a platform is set. Empty plants none.",
        "seed_articles",
    ),
    Option(
        "NEWSBELL_SCAN_SECONDS",
        "60",
        seconds,
        "Seconds at least between two looks at one polled source; each is asked in its own rhythm. "
        "Folders are looked at every 2 s, or this often if it is less.",
        "scan_for",
    ),
    Option("NEWSBELL_TIMEZONE", "UTC", zone, "The IANA time zone assumed for a chat that has set none.", "timezone"),
    Option(
        "NEWSBELL_ADMINS",
        "",
        addresses,
        "Admins, comma-separated, as platform:id, for example terminal:ana. terminal:local always is one.",
        "admins",
    ),
    Option(
        "NEWSBELL_SOURCES",
        SHIPPED,
        sources,
        "An OPML list of sources that a new database begins with. Unset, it is the shipped list once a token of a "
        "platform is set, and none in the terminal. Empty is none.",
        "sources",
    ),
    Option(
        "NEWSBELL_CONTACT",
        "",
        str,
        "How the owner of a site can reach you, an address or a URL: it is part of the User-Agent.",
        "contact",
    ),
    Option(
        "NEWSBELL_FETCH_PRIVATE",
        "0",
        switch,
        "1 allows sources on private addresses: of this machine and of your own network.",
        "fetch_private",
    ),
    Option(
        "NEWSBELL_LATE",
        "7d",
        span,
        "After an absence nothing is sent that was due longer ago than this; what is dropped is counted and said.",
        "late_for",
    ),
    Option(
        "NEWSBELL_FULLTEXT",
        "1",
        switch,
        "1 reads the page of a new article of which its source gives a summary only, as its robots.txt permits. "
        "0 asks for no pages.",
        "fulltext",
    ),
    Option(
        "NEWSBELL_HTTP",
        "127.0.0.1:8787",
        Listening.parse,
        "Where /healthz and /metrics are shown; this machine alone sees them unless you name another address. Empty is "
        "nowhere.",
        "http",
    ),
    Option(
        "TELEGRAM_BOT_TOKEN",
        "",
        telegram_token,
        "The token that @BotFather gave you, or TELEGRAM_BOT_TOKEN_FILE, a file that holds it. With it newsbell serves "
        "Telegram; keep it secret.",
        "telegram_token",
        secret=True,
    ),
    Option(
        "TELEGRAM_API_URL",
        "https://api.telegram.org",
        server,
        "Another Bot API server, such as one of your own; calls go to URL/bot<token>/method.",
        "telegram_api",
    ),
    Option(
        "SLACK_BOT_TOKEN",
        "",
        slack_token("xoxb", "bot"),
        "The bot token of your Slack app (xoxb-...), or SLACK_BOT_TOKEN_FILE. With it and SLACK_APP_TOKEN newsbell "
        "serves Slack; `newsbell manifest slack` prints what makes the app.",
        "slack_token",
        secret=True,
    ),
    Option(
        "SLACK_APP_TOKEN",
        "",
        slack_token("xapp", "app-level"),
        "The app-level token of your Slack app (xapp-..., scope connections:write), or SLACK_APP_TOKEN_FILE: for "
        "Socket Mode, which needs no address that can be reached from outside.",
        "slack_app_token",
        secret=True,
    ),
    Option(
        "SLACK_API_URL",
        "https://slack.com/api/",
        slack_api,
        "Another address of the Web API, for tests; it ends in /api/.",
        "slack_api",
    ),
    Option(
        "SLACK_COMMAND",
        "/newsbell",
        slack_command,
        "What the one slash command is called, in the manifest and in answers. Slack's own names (/search, /feed ...) "
        "are refused.",
        "slack_command",
    ),
    Option(
        "NEWSBELL_ACCESS",
        "",
        access,
        "Who may use the bot: open is everybody who finds it; invited, whom an admin lets in; admins, nobody else. "
        "Unset it is invited once a token of a platform and NEWSBELL_ADMINS are set, else open.",
        "access",
    ),
    Option(
        "NEWSBELL_MAX_SUBSCRIPTIONS", "50", quota, f"Subscriptions a chat may have; {_FOR_WHOM}", "max_subscriptions"
    ),
    Option(
        "NEWSBELL_MAX_COMMANDS", "20", quota, f"Commands a chat may give within a minute; {_FOR_WHOM}", "max_commands"
    ),
    Option(
        "NEWSBELL_KEEP",
        "400d",
        kept,
        "How long articles are kept, such as 90d or 52w, at least 30d. Samples, what somebody saved and what still "
        "waits to be sent stay.",
        "keep_for",
    ),
    Option(
        "NEWSBELL_BACKUPS",
        "backups",
        path_or_none,
        "The folder of a copy of the database a day, checked, of which seven are kept. Unset, it is backups once a "
        "token of a platform is set, and in the terminal none are made. Empty makes none.",
        "backups",
    ),
    Option(
        "NEWSBELL_DISK_MAX",
        "",
        size_or_none,
        "The most that the database, its log and its copies on the same disk may take, such as 500MB or 20GB. When "
        "that is reached nothing more is fetched. Empty is as much as the disk holds.",
        "disk_max",
    ),
    Option(
        "NEWSBELL_BALLAST",
        "64MB",
        size,
        "Set aside as a file beside the database, and given up when the disk is full, so that what is due can still be "
        "sent and written down. Empty sets nothing aside.",
        "ballast",
    ),
    Option("NEWSBELL_MAX_EXPORTS", "5", quota, f"Exports a chat may make within an hour; {_FOR_WHOM}", "max_exports"),
)


def load(environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")) -> Settings:
    """Settings from the environment and, where that is silent, from `env_file`; ConfigError lists every problem."""
    given = {**written(env_file), **(os.environ if environment is None else environment)}
    problems = unknown(given, [option.name for option in OPTIONS])
    values: dict[str, Any] = {}
    for option in OPTIONS:
        try:
            values[option.field] = option.value(given)
        except ValueError as error:
            problems.append(f"{option.name}: {error}")
    tokens = [name for name in TOKENS if given.get(name) or given.get(f"{name}_FILE")]
    if given.get("NEWSBELL_SOURCES", SHIPPED).strip() == SHIPPED and not tokens:
        values["sources"] = None
    if "NEWSBELL_BACKUPS" not in given and not tokens:
        values["backups"] = None
    # Samples are for whoever tries newsbell, not for its readers.
    if tokens and "NEWSBELL_SEED_ARTICLES" not in given:
        values["seed_articles"] = None
    problems += _halves(values)
    values["access"] = values.get("access") or (Access.INVITED if tokens and values.get("admins") else Access.OPEN)
    if problems:
        raise ConfigError("\n".join(problems))
    notes = []
    if tokens and values["access"] is not Access.OPEN and not values["admins"]:
        notes.append(
            "nobody can be asked, as there are no NEWSBELL_ADMINS: newsbell access decides who may use the bot"
        )
    return Settings(**values, notes=tuple(notes))


def _halves(values: Mapping[str, Any]) -> list[str]:
    """Slack needs both of its tokens."""
    bot, app = values.get("slack_token"), values.get("slack_app_token")
    if bot is None or app is None or bool(bot) == bool(app):
        return []
    missing, where = ("SLACK_APP_TOKEN", "Basic Information") if bot else ("SLACK_BOT_TOKEN", "Install App")
    return [f"{missing}: Slack needs it, too; it is on your app's page at api.slack.com/apps, under {where}"]


def env_example() -> str:
    """The text of `.env.example`: every option, commented out at its default."""
    lines = ["# Settings of newsbell. Copy this file to .env and change what you need; the environment wins over .env."]
    for option in OPTIONS:
        lines += ["", f"# {option.help}", f"# {option.name}={option.default}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(env_example(), end="")
