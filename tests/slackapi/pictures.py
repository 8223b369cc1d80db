"""Pictures of what Slack shows, for the README: `python -m tests.slackapi.pictures BROWSER` takes them.

Each is a page of tests/golden/pictures, made from the blocks the bot really sends, and a PNG that a browser takes of
it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

from bot.core.compose import alert_card, digest, story_actions
from bot.core.message import Message
from bot.core.model import Address
from bot.core.words import ENGLISH as WORDS
from bot.menus import verbs
from handlers.overview import overview
from handlers.request import Request
from handlers.slack.home import page as home
from handlers.slack.render import render
from handlers.slack.spoken import Speech
from tests.core.test_compose import EIGHT, ENGLISH, GROUPS, LORRY
from tests.handlers.newsroom import Newsroom, found, open_newsroom
from tests.pictures import PICTURES, take
from tests.slackapi.mrkdwn import read

__all__ = ["PICTURES", "pages"]

SPEECH = Speech(verbs=frozenset(verbs()))
WIDTH = 620
"""Pixels of a picture."""

STYLE = """
body { margin: 0; padding: 14px 18px; width: 584px; background: #fff; font: 15px/1.46 'DejaVu Sans', sans-serif;
       color: #1d1c1d; overflow-wrap: break-word; }
.who { font-weight: bold; margin-bottom: 3px; } .who span { font: bold 10px sans-serif; background: #e8e8e8;
       color: #616061; border-radius: 3px; padding: 1px 4px; margin-left: 4px; }
.only { color: #616061; font-size: 12px; margin-bottom: 4px; }
section { margin: 7px 0; white-space: pre-wrap; } h3 { margin: 9px 0 4px; font-size: 18px; }
small { display: block; color: #616061; font-size: 12.5px; margin: 6px 0; white-space: pre-wrap; }
a { color: #1264a3; text-decoration: none; }
code { color: #e01e5a; background: #f6f6f6; border: 1px solid #ddd; border-radius: 3px; padding: 0 3px;
       font: 12.5px 'DejaVu Sans Mono', monospace; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.row span { border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; font-weight: bold; font-size: 13px; }
.row .primary { background: #007a5a; border-color: #007a5a; color: #fff; }
"""

_FORMS = (
    (re.compile(r"&lt;(https?://[^|]+?)\|(.+?)&gt;"), r'<a href="\1">\2</a>'),
    (re.compile(r"&lt;!date\^\d+\^.+?\|(.+?)&gt;"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?!\s)(.+?)(?<!\s)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"`(.+?)`"), r"<code>\1</code>"),
)


def views(room: Newsroom) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """(name, what stands above it, the blocks) of each picture."""
    buttons = story_actions(LORRY.archived.story_id, WORDS)
    yield "slack_alert", "", _blocks(alert_card(LORRY, ENGLISH, buttons))
    yield "slack_digest", "", _blocks(digest(GROUPS, ENGLISH, since=EIGHT - timedelta(days=1), due_at=EIGHT))
    ana = Address("slack", "U1")
    searched = Request(Address("slack", "C1"), "/search frontex OR serbia", room.now)
    yield (
        "slack_search",
        "Only visible to you · /newsbell search frontex OR serbia",
        _blocks(room.app.answer(searched).message),
    )
    for line in ("/subscribe migration daily 08:00", '/subscribe "border force" OR frontex',
                 "/settings timezone Europe/Belgrade", "/settings quiet 22:00-07:00"):  # fmt: skip
        room.say(line, address=ana)
    sections = overview(Request(ana, "", room.now), room.services)
    yield "slack_home", "Home", home(sections, WORDS, SPEECH)["blocks"]


def _blocks(message: Message) -> list[dict[str, Any]]:
    return list(render(replace(message), SPEECH).pages[0].blocks)


def pages() -> dict[str, str]:
    """Name -> the page."""
    with tempfile.TemporaryDirectory() as folder:
        found(Path(folder) / "template.db")
        room = open_newsroom(Path(folder) / "n.db", Path(folder) / "template.db")
        shown = {name: _page(above, blocks) for name, above, blocks in views(room)}
        room.app.close()
    return shown


def _page(above: str, blocks: list[dict[str, Any]]) -> str:
    head = '<div class="who">newsbell<span>APP</span></div>\n'
    only = f'<div class="only">{escape(above)}</div>\n' if above else ""
    said = "\n".join(map(_block, blocks))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>\n{only}{head}{said}\n'


def _block(block: dict[str, Any]) -> str:
    match block["type"]:
        case "header":
            return f"<h3>{_plain(block['text']['text'])}</h3>"
        case "context":
            return f"<small>{' '.join(_marked(entry['text']) for entry in block['elements'])}</small>"
        case "actions":
            shown = (
                f'<span class="{entry.get("style", "")}">{_plain(entry["text"]["text"])}</span>'
                for entry in block["elements"]
            )
            return f'<div class="row">{"".join(shown)}</div>'
    return f"<section>{_marked(block['text']['text'])}</section>"


def _plain(text: str) -> str:
    return escape(read(text).text)


def _marked(text: str) -> str:
    """Markup as HTML: what is escaped in Slack stays escaped, brackets become links and times."""
    shown = re.sub(r"[<>]", lambda found: escape(found[0]), text)
    shown = shown.replace('"', "&quot;")
    for form, html in _FORMS:
        shown = form.sub(html, shown)
    return shown.replace("&quot;>", '">').replace("href=&quot;", 'href="')


if __name__ == "__main__":
    take(sys.argv[1], pages(), WIDTH)
