"""Setting platforms up: what a person pastes where."""

from __future__ import annotations

import argparse

NAME = "newsbell"
ABOUT = "Watches the news and rings when something you asked for appears: once a story, with the reason."
"""At most 120 characters (core.telegram.org/bots/api#setmyshortdescription)."""
DESCRIPTION = (
    "Watches the news and rings here when something you asked for appears.\n\n"
    "/subscribe migration: hear of a topic as stories come\n"
    "/subscribe \"border force\" daily 08:00: any words, at any time\n"
    "/search kosovo: everything that came in\n\n"
    "Nothing is lost, nothing is noise, and it always explains itself."
)  # fmt: skip
"""At most 512 characters (core.telegram.org/bots/api#setmydescription)."""


def botfather(_: argparse.Namespace) -> int:
    """Prints the steps in a chat with @BotFather, with the texts to paste."""
    from bot.core.words import ENGLISH
    from bot.menus import menu
    from handlers.telegram.menu import for_botfather

    print(for_botfather(NAME, ABOUT, DESCRIPTION, menu(ENGLISH)), end="")
    return 0


def manifest(arguments: argparse.Namespace) -> int:  # noqa: ARG001, Slack is the one platform that has them
    """Prints the manifest to paste when the Slack app is made; ConfigError for a command's name that Slack reserves."""
    import json

    from bot.config import load
    from handlers.slack.manifest import manifest as made

    print(json.dumps(made(load().slack_command), indent=2))
    return 0
