"""Previews, reasons and trends as they look on all three platforms: goldens, as `UPDATE_GOLDEN=1` writes them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from bot.core.message import Message
from bot.menus import verbs
from handlers.console.render import render as in_terminal
from handlers.slack.render import render as in_slack
from handlers.slack.spoken import Speech
from handlers.telegram.render import render as in_telegram
from tests.botapi.markup import parse
from tests.handlers.newsroom import Newsroom
from tests.handlers.test_subscribing import article
from tests.slackapi.blocks import check_message

GOLDEN = Path(__file__).parents[1] / "golden"
NEWS = "Frontex gets a new head"
TEXT = "The head of Frontex leaves. Guards at the <border> & beyond say *goodbye*."
SPEECH = Speech(verbs=frozenset(verbs()))


def told(room: Newsroom) -> dict[str, Message]:
    """The messages, by name."""
    room.say("/subscribe frontex NEAR/9 head OR granica")
    room.say("/subscribe kosovo")
    room.say("/settings quiet 22:00-07:00")
    room.wait(hours=11)
    room.take(article(NEWS, text=TEXT, language="en"))
    room.app.owe(room.now)
    commands = {
        "preview": "/preview migra*",
        "preview_nothing": "/preview frontexx",
        "why": f"/why {NEWS}",
        "why_not": "/why bird migration",
        "why_unwatched": "/why https://nowhere.example/<b>&x",
        "trends": "/trends migration 14d",
    }
    return {name: room.answer(command) for name, command in commands.items()}


def slack(message: Message) -> str:
    pages = in_slack(message, SPEECH).pages
    for page in pages:
        check_message(list(page.blocks))
    return "\n".join(json.dumps(block, ensure_ascii=False) for page in pages for block in page.blocks)


def telegram(message: Message) -> str:
    pages = in_telegram(message).pages
    for page in pages:
        parse(page.text)
    rows = (f"[{action.label}: {action.command}]" for page in pages for row in page.rows for action in row)
    return "\n".join([*(page.text for page in pages), *rows])


PLATFORMS = {
    "console": lambda message: in_terminal(message, width=80, color=False),
    "telegram": telegram,
    "slack": slack,
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_it_looks_so(room: Newsroom, platform: str) -> None:
    shown = "\n".join(f"=== {name}\n{PLATFORMS[platform](message)}\n" for name, message in told(room).items())
    path = GOLDEN / f"looking_{platform}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(shown)
    assert shown == path.read_text()
