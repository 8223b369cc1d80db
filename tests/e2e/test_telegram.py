"""`newsbell run` serving Telegram: a real process, against a strict Bot API server on this machine."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.core.door import MODE
from store.database import open_store
from tests.botapi.people import People
from tests.botapi.server import BotApi, Fails, serving
from tests.e2e.conftest import Shell

STORY = {
    "id": "e2e", "url": "https://example.org/skopje", "source": "Danube Wire", "language": "en",
    "title": "Frontex opens an office in Skopje", "text": "The agency will train border police in the city.",
}  # fmt: skip


@asynccontextmanager
async def running(shell: Shell, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`newsbell run`, killed if the test leaves it running."""
    process = await asyncio.create_subprocess_exec(
        *shell.command("run", *arguments),
        cwd=shell.folder,
        env=shell.environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def stopped(process: asyncio.subprocess.Process) -> tuple[int, str, str]:
    """Stopped by a signal: its exit code and what it said on both streams."""
    process.send_signal(signal.SIGTERM)
    out, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), complaints.decode()


def for_telegram(shell: Shell, api: BotApi) -> Shell:
    """A shell whose settings name this server."""
    settings = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url, "NEWSBELL_SOURCES": ""}
    return replace(shell, settings=settings)


def test_a_person_subscribes_and_an_article_dropped_into_the_folder_rings(shell: Shell) -> None:
    api = BotApi(clock=None)

    async def work() -> None:
        async with serving(api):
            people = People(api)
            async with running(for_telegram(shell, api)) as bot:
                await people.says("/start")
                await api.until(lambda: len(api.shown) == 1, 30)
                await people.says("/subscribe frontex")
                await api.until(lambda: len(api.shown) == 2)
                (shell.folder / "inbox" / "story.jsonl").write_text(json.dumps(STORY) + "\n")
                await api.until(lambda: len(api.shown) == 3)
                press = await people.presses(api.shown[1], "My subscriptions")
                await api.until(lambda: len(api.shown) == 4 and press in api.answered)
                code, out, complaints = await stopped(bot)
        assert code == 0
        assert out == ""
        assert complaints == "newsbell: Telegram: listening as @newsbell_bot\n"

    asyncio.run(work())
    assert api.violations == []
    welcome, subscribed, alert, listed = api.shown
    assert welcome.text.startswith("Welcome to newsbell")
    assert "telegram:42" not in alert.text
    assert subscribed.text.startswith("Subscribed: this is subscription 1.")
    assert alert.text.startswith("Frontex opens an office in Skopje\nDanube Wire")
    assert alert.preview == "https://example.org/skopje"
    assert listed.text.startswith("1 subscription")


def test_a_stranger_asks_the_admin_and_is_let_in(shell: Shell) -> None:
    api = BotApi(clock=None)

    async def work() -> None:
        async with serving(api):
            people = People(api)
            guarded = for_telegram(shell, api)
            guarded.settings["NEWSBELL_ADMINS"] = "telegram:42"
            async with running(guarded) as bot:
                await people.says("/start", 77)
                await api.until(lambda: len(api.shown) == 2, 30)
                await people.presses(api.shown[1], "Approve")
                await api.until(lambda: len(api.shown) == 4)
                code, _, complaints = await stopped(bot)
        assert (code, complaints) == (0, "newsbell: Telegram: listening as @newsbell_bot\n")

    asyncio.run(work())
    assert api.violations == []
    store = open_store(shell.folder / "newsbell.db", now=datetime.now(UTC))
    assert store.read(lambda session: session.meta.get(MODE)) == "invited"
    store.close()
    told, card, *answers = api.shown
    assert told.text.startswith("This newsbell is for those who are invited. Its admins have been asked")
    assert (card.chat, card.text.split("\n")[0]) == (42, "Ana (telegram:77) asks to use newsbell.")
    assert sorted((shown.chat, shown.text) for shown in answers) == [
        (42, "Let in: Ana (telegram:77)."), (77, "You are let in. Send /start to see what to try.")
    ]  # fmt: skip


def test_a_wrong_token_is_one_clear_line(shell: Shell) -> None:
    api = BotApi()

    async def work() -> tuple[int | None, str]:
        async with serving(api):
            other = for_telegram(shell, api)
            other.settings["TELEGRAM_BOT_TOKEN"] = "2:wrong-token"
            async with running(other) as bot:
                _, complaints = await asyncio.wait_for(bot.communicate(), 30)
                return bot.returncode, complaints.decode()

    code, complaints = asyncio.run(work())
    assert code == 1
    assert complaints.count("\n") == 1
    assert "TELEGRAM_BOT_TOKEN" in complaints
    assert "wrong-token" not in complaints


def test_with_the_terminal_beside_it_the_input_s_end_ends_nothing(shell: Shell, tmp_path: Path) -> None:
    api = BotApi()
    (tmp_path / "token").write_text(f"{api.token}\n")

    async def work() -> tuple[int, str, str]:
        async with serving(api):
            here = for_telegram(shell, api)
            del here.settings["TELEGRAM_BOT_TOKEN"]
            here.settings["TELEGRAM_BOT_TOKEN_FILE"] = str(tmp_path / "token")
            api.script["getUpdates"].append(Fails(409, "Conflict: terminated by other getUpdates request"))
            async with running(here, "--terminal") as bot:
                assert bot.stdin is not None
                bot.stdin.write(b"/subscribe frontex\n")
                bot.stdin.close()
                people = People(api)
                await people.says("/start")
                await api.until(lambda: api.shown, 30)
                return await stopped(bot)

    code, out, complaints = asyncio.run(work())
    assert code == 0
    assert "> /subscribe frontex\nSubscribed: this is subscription 1." in out
    assert "another program polls with this bot's token" in complaints
    assert "it works again" in complaints
