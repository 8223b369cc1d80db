"""Pictures of messages as Telegram shows them, for the README: `python -m tests.pictures BROWSER` takes them.

Each is a page of tests/golden/pictures, made from what the bot really renders, and a PNG that a browser takes of it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import escape
from pathlib import Path

from bot.core.compose import alert_card, digest
from bot.core.message import Action, Message
from bot.core.model import Address
from handlers.request import Request
from handlers.telegram.render import Page, render
from tests.core.test_compose import EIGHT, ENGLISH, GROUPS, LORRY
from tests.handlers.newsroom import Newsroom, found, open_newsroom

PICTURES = Path(__file__).parent / "golden" / "pictures"
WIDTH = 560
"""Pixels of a picture."""

STYLE = """
body { margin: 0; padding: 14px; width: 532px; background: #d5e3ce; font: 14px/1.36 'DejaVu Sans', sans-serif; }
.said { background: #fff; border-radius: 14px 14px 14px 4px; padding: 9px 13px; white-space: pre-wrap; color: #0c0c0c;
        overflow-wrap: break-word; box-shadow: 0 1px 1px #0003; }
.asked { background: #e3fdc8; border-radius: 14px 14px 4px 14px; padding: 8px 13px; margin: 0 0 8px auto;
         width: fit-content; box-shadow: 0 1px 1px #0003; }
a { color: #1a6fb8; text-decoration: none; } code { color: #a0522d; font: 13px 'DejaVu Sans Mono', monospace; }
blockquote { margin: 3px 0; padding: 4px 9px; border-left: 3px solid #3a95d5; background: #eef6fc; border-radius: 4px; }
.row { display: flex; gap: 4px; margin-top: 4px; }
.row span { flex: 1; text-align: center; background: #5b7a5299; color: #fff; border-radius: 8px; padding: 7px 4px;
            font-size: 14px; font-weight: bold; }
"""


def messages(room: Newsroom) -> Iterator[tuple[str, str, Message]]:
    """(name, what was asked for it, the message) of each picture."""
    buttons = (
        ("Follow", "/follow 1"),
        ("Mute story", "/mute 1"),
        ("Save", "/save 1"),
        ("Not relevant", "/irrelevant 1"),
    )
    yield "alert", "", alert_card(LORRY, ENGLISH, tuple(Action(*button) for button in buttons))
    yield "digest", "", digest(GROUPS, ENGLISH, since=EIGHT - timedelta(days=1), due_at=EIGHT)
    request = Request(Address("telegram", "42"), "/search frontex OR serbia", room.now)
    yield "search", request.text, room.app.answer(request).message


def pages() -> dict[str, str]:
    """Name -> the page."""
    with tempfile.TemporaryDirectory() as folder:
        found(Path(folder) / "template.db")
        room = open_newsroom(Path(folder) / "n.db", Path(folder) / "template.db")
        shown = {name: _page(asked, render(message).pages) for name, asked, message in messages(room)}
        room.app.close()
    return shown


def _page(asked: str, pages: tuple[Page, ...]) -> str:
    said = "\n".join(
        f'<div class="said">{_as_a_browser_has_it(page.text)}</div>'
        + "".join(
            f'\n<div class="row">{"".join(f"<span>{escape(action.label)}</span>" for action in row)}</div>'
            for row in page.rows
        )
        for page in pages
    )
    question = f'<div class="asked">{escape(asked)}</div>\n' if asked else ""
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>\n{question}{said}\n'


def _as_a_browser_has_it(text: str) -> str:
    """A quotation is a block to a browser, so that it ends its line itself."""
    return text.replace("</blockquote>\n", "</blockquote>").replace("\n<blockquote", "<blockquote")


def take(browser: str, shown: Mapping[str, str], width: int) -> None:
    """Writes every page and its PNG, so many pixels wide and as high as there is something to see."""
    for name, page in shown.items():
        path = PICTURES / f"{name}.html"
        path.write_text(page, encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            measured = Path(folder) / path.name
            measured.write_text(page + "<script>document.title = document.body.offsetHeight</script>", "utf-8")
            dom = _run(browser, "--dump-dom", measured.as_uri())
        height = int(re.findall(r"<title>(\d+)</title>", dom)[0])
        shot = f"--screenshot={path.with_suffix('.png')}"
        _run(browser, f"--window-size={width},{height}", "--disable-lcd-text", shot, path.as_uri())


def _run(browser: str, *arguments: str) -> str:
    command = (browser, "--headless", "--no-sandbox", "--hide-scrollbars", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    take(sys.argv[1], pages(), WIDTH)
