"""A trend as Telegram and Slack show it: the words at once, then the picture with what it shows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from bot.core.chart import Chart
from tests.botapi.server import BotApi
from tests.handlers.newsroom import Newsroom
from tests.handlers.slack.slackroom import slackroom
from tests.handlers.telegram.chatroom import chatroom
from tests.slackapi.server import SlackApi

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@dataclass
class Sketch:
    """An artist who needs no time."""

    png: bytes | None = PNG

    async def draw(self, chart: Chart) -> bytes | None:
        """Always the same."""
        return self.png if chart.counts else None


@pytest.mark.parametrize("png", [PNG, None])
def test_on_telegram(room: Newsroom, png: bytes | None) -> None:
    api = BotApi()
    object.__setattr__(room.app, "artist", Sketch(png))

    async def work() -> None:
        async with chatroom(api, room) as here:
            await here.asks("/trends kosovo", 42)

    asyncio.run(work())
    assert api.violations == []
    told, shown = api.shown[-2:]
    assert told.text.startswith("kosovo: 3 stories in 30 days")
    if png:
        assert shown.file == ("newsbell-trend.png", PNG)
        assert "Stories a day, kosovo" in shown.text
    else:
        assert shown.file is None
        assert shown.text.startswith("The picture could not be drawn.")


def test_on_slack(room: Newsroom) -> None:
    api = SlackApi()
    object.__setattr__(room.app, "artist", Sketch())

    async def work() -> None:
        async with slackroom(api, room) as here:
            await here.commands("trends kosovo")

    asyncio.run(work())
    assert api.violations == []
    assert "kosovo: 3 stories in 30 days" in "".join(shown.seen for shown in api.shown).replace("*", "").replace(
        "`", ""
    )
    [drawn] = [shown for shown in api.shown if shown.file]
    assert drawn.file is not None
    assert drawn.file[1] == PNG
