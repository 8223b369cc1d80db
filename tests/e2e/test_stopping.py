"""`newsbell run` is told to stop, at the worst moments: it does within ten seconds, and nothing is half done."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.core.model import Address, Kind, Outlook, SourceKind, State
from bot.core.ports import Session
from store.database import open_store
from tests.botapi.people import People
from tests.botapi.server import BotApi, serving
from tests.e2e.conftest import Shell
from tests.jobs.web import Entry, rss
from tests.sources.misbehaving import answer, stall
from tests.sources.misbehaving import serving as site

STORY = {
    "id": "e2e", "url": "https://example.org/skopje", "source": "Danube Wire", "language": "en",
    "title": "Frontex opens an office in Skopje", "text": "The agency will train border police in the city.",
}  # fmt: skip
LISTENING = "newsbell: Telegram: listening as @newsbell_bot\n"


@asynccontextmanager
async def running(shell: Shell) -> AsyncIterator[asyncio.subprocess.Process]:
    """`newsbell run </dev/null`, killed if the test leaves it running."""
    process = await asyncio.create_subprocess_exec(
        *shell.command("run"),
        cwd=shell.folder,
        env=shell.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def stopped(process: asyncio.subprocess.Process, by: signal.Signals = signal.SIGTERM) -> str:
    """Told to stop it does, and well; what it complained of, and were it cut short, that would be there."""
    process.send_signal(by)
    out, complaints = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, complaints.decode()
    assert out == b""
    return complaints.decode()


def for_telegram(shell: Shell, api: BotApi, **settings: str) -> Shell:
    """A shell whose settings name this server."""
    given = {"TELEGRAM_BOT_TOKEN": api.token, "TELEGRAM_API_URL": api.url, "NEWSBELL_SOURCES": ""}
    return replace(shell, settings={**given, **settings})


def owe(folder: Path, chats: Iterable[int]) -> None:
    """A database in which so many people wait for an article that is in the folder."""
    store, now = open_store(folder / "newsbell.db", now=datetime.now(UTC)), datetime.now(UTC)

    def subscribe(session: Session) -> None:
        for number in chats:
            chat = session.chats.ensure(Address("telegram", str(number)), now)
            session.subscriptions.add(
                chat, "frontex", now, cadence="instant", urgent=False, every=False, next_due_at=None
            )
        inbox = (folder / "inbox").absolute()
        source = session.sources.ensure(SourceKind.FOLDER, str(inbox), inbox.name)
        session.sources.fetched(source.id, now, Outlook())  # its first look is over: what comes now rings

    store.write(subscribe)
    store.close()
    (folder / "inbox").mkdir()
    (folder / "inbox" / "story.jsonl").write_text(json.dumps(STORY) + "\n")


def lines(folder: Path) -> Counter[State]:
    """How many alerts are in which state."""
    store = open_store(folder / "newsbell.db", now=datetime.now(UTC))
    counts = store.read(lambda session: session.outbox.counts())
    store.close()
    return Counter({state: number for (kind, state), number in counts.items() if kind is Kind.ALERT})


def test_without_an_input_it_stays_up_until_it_is_told_to_stop_and_tells_systemd(shell: Shell) -> None:
    api, told = BotApi(clock=None), str(shell.folder / "notify")

    async def work() -> None:
        async with serving(api):
            people = People(api)
            here = for_telegram(shell, api, NOTIFY_SOCKET=told, WATCHDOG_USEC="600000")
            async with running(here) as bot:
                await people.says("/start")
                await api.until(lambda: api.shown, 30)
                polls = api.polls
                await people.says("/status")
                await api.until(lambda: len(api.shown) == 2 and api.polls > polls)
                assert bot.returncode is None
                assert await asyncio.to_thread(systemd.recv, 4096) == b"READY=1\nWATCHDOG=1\nSTATUS=serving Telegram"
                assert await asyncio.to_thread(systemd.recv, 4096) == b"WATCHDOG=1\nSTATUS=serving Telegram"
                assert await stopped(bot) == LISTENING

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(told)
        systemd.settimeout(30)
        asyncio.run(work())
        last = b""
        while not last.startswith(b"STOPPING=1\n"):
            last = systemd.recv(4096)


def test_a_service_without_a_token_says_what_it_needs(shell: Shell) -> None:
    shell.settings["NOTIFY_SOCKET"] = str(shell.folder / "notify")
    done = shell.run("run")
    assert (done.returncode, done.stdout) == (1, "")
    assert "TELEGRAM_BOT_TOKEN" in done.stderr
    assert done.stderr.count("\n") == 1


def test_told_to_stop_in_the_middle_of_a_drain_it_loses_nothing_and_says_nothing_twice(shell: Shell) -> None:
    api, chats = BotApi(clock=time.monotonic), range(100, 160)
    owe(shell.folder, chats)

    async def work() -> None:
        async with serving(api):
            here = for_telegram(shell, api)
            async with running(here) as bot:
                await api.until(lambda: len(api.shown) >= 20, 30)
                assert await stopped(bot) == LISTENING
            left = lines(shell.folder)
            assert left == {State.SENT: len(api.shown), State.WAITING: len(chats) - len(api.shown)}
            assert left[State.WAITING] > 10, "it was in the middle"
            async with running(here) as bot:
                await api.until(lambda: len(api.shown) >= len(chats), 30)
                assert await stopped(bot) == LISTENING

    asyncio.run(work())
    assert sorted(shown.chat for shown in api.shown) == list(chats)
    assert lines(shell.folder) == {State.SENT: len(chats)}
    assert api.violations == []


def test_what_the_platform_is_slow_to_take_is_waited_for_and_settled(shell: Shell) -> None:
    api = BotApi(clock=None)
    owe(shell.folder, range(100, 104))

    async def work() -> None:
        async with serving(api):
            taken = api.held["sendMessage"] = asyncio.Event()
            async with running(for_telegram(shell, api)) as bot:
                await api.until(lambda: api.waiting == 4, 30)
                asyncio.get_running_loop().call_later(1, taken.set)
                assert await stopped(bot, signal.SIGINT) == LISTENING

    asyncio.run(work())
    assert len(api.shown) == 4
    assert lines(shell.folder) == {State.SENT: 4}


def test_a_platform_that_never_answers_keeps_nobody_waiting_and_the_message_is_given_back(shell: Shell) -> None:
    api = BotApi(clock=None)
    owe(shell.folder, range(100, 104))

    async def work() -> None:
        async with serving(api):
            api.held["sendMessage"] = asyncio.Event()
            async with running(for_telegram(shell, api)) as bot:
                await api.until(lambda: api.waiting == 4, 30)
                assert await stopped(bot) == LISTENING

    asyncio.run(work())
    assert api.shown == []
    assert lines(shell.folder) == {State.WAITING: 4}, "no lease has to lapse"


def test_it_stops_while_a_source_stalls_and_its_workers_end_with_it(shell: Shell) -> None:
    api = BotApi(clock=None)

    async def work() -> None:
        over = asyncio.Event()
        behaviours = {
            "/stalls.xml": stall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss>", over),
            "/well.xml": answer(body=rss(Entry("1", "Rain in Tirana", at=None))),
        }
        async with serving(api), site(behaviours) as one, site(behaviours, host="127.0.0.2") as other:
            outlines = "".join(f"<outline xmlUrl='{url}'/>" for url in (one.url("/well.xml"), other.url("/stalls.xml")))
            (shell.folder / "list.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
            here = for_telegram(shell, api, NEWSBELL_SOURCES="list.opml", NEWSBELL_FETCH_PRIVATE="1")
            here.settings["NEWSBELL_FULLTEXT"] = "0"
            async with running(here) as bot:
                await archived(shell.folder)
                assert other.asked
                workers = children(bot.pid)
                assert workers, "what has parsed waits for more"
                assert await stopped(bot) == LISTENING
            over.set()
        assert [process for process in workers if Path(f"/proc/{process}").exists()] == []

    asyncio.run(work())
    store = open_store(shell.folder / "newsbell.db", now=datetime.now(UTC))
    sources = store.read(lambda session: session.sources.all())
    store.close()
    polled = {source.location.rpartition("/")[2]: source for source in sources if source.kind is not SourceKind.FOLDER}
    stalled = polled["stalls.xml"]
    assert (stalled.problem, stalled.fetched_at, stalled.failures) == (None, None, 0), "it was not its fault"


async def archived(folder: Path) -> None:
    """Waits until there is an article; SQLite tells nobody when."""
    for _ in range(600):
        if (folder / "newsbell.db").exists() and (folder / "newsbell.db").stat().st_size:
            store = open_store(folder / "newsbell.db", now=datetime.now(UTC))
            count = store.read(lambda session: session.articles.count())
            store.close()
            if count:
                return
        await asyncio.sleep(0.05)
    raise AssertionError("no article came")


def children(process: int) -> list[int]:
    """The processes that it started."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
