"""`newsbell run` serving Slack, alone and beside Telegram: a real process, against strict servers on this machine."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from tests.botapi.people import People as TelegramPeople
from tests.botapi.server import BotApi
from tests.botapi.server import serving as serving_telegram
from tests.e2e.conftest import Shell
from tests.e2e.test_telegram import STORY, running, stopped
from tests.slackapi.people import People
from tests.slackapi.server import SlackApi, serving


def for_slack(shell: Shell, api: SlackApi, **more: str) -> Shell:
    """A shell whose settings name this server."""
    tokens = {"SLACK_BOT_TOKEN": api.bot_token, "SLACK_APP_TOKEN": api.app_token, "SLACK_API_URL": api.url}
    return replace(shell, settings={**tokens, "NEWSBELL_SOURCES": "", **more})


def test_a_channel_subscribes_and_an_article_dropped_into_the_folder_rings(shell: Shell) -> None:
    api = SlackApi()

    async def work() -> None:
        async with serving(api):
            people = People(api)
            async with running(for_slack(shell, api)) as bot:
                await api.until(lambda: api.sockets, 30)
                asked = await people.commands("subscribe frontex", channel="C1")
                await api.until(lambda: asked.acks, 30)
                assert asked.acked_at is not None
                assert asked.sent_at is not None
                assert asked.acked_at - asked.sent_at < 3
                (shell.folder / "inbox" / "story.jsonl").write_text(json.dumps(STORY) + "\n")
                await api.until(lambda: len(api.shown) == 2)
                code, out, complaints = await stopped(bot)
        assert code == 0
        assert out == ""
        assert complaints == "newsbell: Slack: listening as @newsbell\n"

    asyncio.run(work())
    assert api.violations == []
    subscribed, alert = api.shown
    assert subscribed.seen.startswith("Subscribed: this is subscription 1.")
    assert subscribed.only_for == "U1"
    assert alert.only_for is None
    assert alert.links == [("Frontex opens an office in Skopje", "https://example.org/skopje")]


def test_a_token_of_no_use_is_one_clear_line(shell: Shell) -> None:
    api = SlackApi()

    async def work() -> tuple[int | None, str]:
        async with serving(api):
            here = for_slack(shell, api)
            api.app_scopes = frozenset()
            async with running(here) as bot:
                _, complaints = await asyncio.wait_for(bot.communicate(), 30)
                return bot.returncode, complaints.decode()

    code, complaints = asyncio.run(work())
    assert code == 1
    assert complaints.count("\n") == 1
    assert "SLACK_APP_TOKEN lacks the scope connections:write" in complaints
    assert "xapp-x" not in complaints


def test_when_slack_s_token_dies_telegram_goes_on_and_its_admins_hear_of_it(shell: Shell) -> None:
    slack, telegram = SlackApi(), BotApi(clock=None)

    async def work() -> tuple[int, str, str]:
        async with serving(slack), serving_telegram(telegram):
            here = for_slack(
                shell, slack, TELEGRAM_BOT_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url,
                NEWSBELL_ADMINS="telegram:42,slack:U1", NEWSBELL_ACCESS="open",
            )  # fmt: skip
            async with running(here) as bot:
                people = TelegramPeople(telegram)
                await people.says("/start")
                await telegram.until(lambda: telegram.shown, 30)
                await slack.until(lambda: slack.sockets, 30)
                await People(slack).event({"type": "app_uninstalled"})
                await telegram.until(lambda: len(telegram.shown) == 2, 30)
                await people.says("/search kosovo")
                await telegram.until(lambda: len(telegram.shown) == 3)
                return await stopped(bot)

    code, _, complaints = asyncio.run(work())
    assert code == 0
    assert "newsbell: Slack: the app was removed from the workspace; install it again\n" in complaints
    assert telegram.shown[1].text.startswith("Slack is not served any more: the app was removed")
    assert slack.violations == telegram.violations == []


def test_when_telegram_s_token_is_refused_slack_goes_on_and_its_admins_hear_of_it(shell: Shell) -> None:
    slack, telegram = SlackApi(), BotApi(clock=None)

    async def work() -> tuple[int, str, str]:
        async with serving(slack), serving_telegram(telegram):
            here = for_slack(
                shell, slack, TELEGRAM_BOT_TOKEN="2:wrong", TELEGRAM_API_URL=telegram.url,
                NEWSBELL_ADMINS="slack:U1", NEWSBELL_ACCESS="open",
            )  # fmt: skip
            async with running(here) as bot:
                await slack.until(lambda: slack.shown, 30)
                return await stopped(bot)

    code, _, complaints = asyncio.run(work())
    assert code == 0
    assert "TELEGRAM_BOT_TOKEN" in complaints
    assert slack.shown[0].channel == "D1"
    assert slack.shown[0].seen.startswith("Telegram is not served any more")
