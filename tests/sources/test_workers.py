"""Worker processes: a parse that never ends, dies or eats all memory costs its own source and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from bot.core.errors import NotAFeed, TooLarge, Unreadable
from bot.sources.feeds.parse import parse
from bot.sources.feeds.values import FeedKind
from bot.sources.workers import Workers

T = TypeVar("T")
SOON = timedelta(seconds=1)
RSS = b"<rss><channel><title>T</title><item><title>A</title><guid>1</guid></item></channel></rss>"


def behave(how: str, noise: str = "") -> int:
    """What a worker is asked to do here; answers with its process id."""
    print(noise)
    if how == "spin":
        while True:
            pass
    if how == "die":
        os._exit(3)
    if how == "eat":
        return len(bytearray(8_000_000_000))
    if how == "fail":
        raise KeyError(how)
    if how == "refuse":
        raise NotAFeed("no feed, says the worker")
    if how == "tokens":
        return len([name for name in os.environ if "TOKEN" in name])
    return os.getpid()


def large(size: int) -> bytes:
    """An answer of that size."""
    return bytes(size)


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def is_gone(pid: int) -> bool:
    """Whether no process of that id is left, not even one that has ended and was never asked about."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_feed_is_parsed_in_another_process() -> None:
    async def work() -> None:
        async with Workers(parse) as parser:
            feed = await parser(RSS, content_type="text/xml", base_url="https://ex.org/")
            assert (feed.kind, feed.title, feed.items[0].guid) == (FeedKind.RSS, "T", "1")
            with pytest.raises(NotAFeed, match="a web page"):
                await parser(b"<html></html>")

    run(work())


def test_a_parse_that_never_ends_is_killed_and_the_next_one_works() -> None:
    async def work() -> None:
        async with Workers(behave, size=1, limit_for=SOON) as parser:
            first = await parser("tell")
            with pytest.raises(Unreadable, match="took longer than 1 s"):
                await parser("spin")
            assert is_gone(first)
            assert await parser("tell", "x" * 100_000) != first

    run(work())


@pytest.mark.parametrize(
    ("how", "error"), [("die", Unreadable), ("fail", Unreadable), ("eat", TooLarge), ("refuse", NotAFeed)]
)
def test_what_goes_wrong_in_a_worker_is_an_error_of_that_source(how: str, error: type[Exception]) -> None:
    async def work() -> None:
        async with Workers(behave, size=1) as parser:
            with pytest.raises(error) as caught:
                await parser(how)
            assert len(str(caught.value).splitlines()) == 1
            assert await parser("tell") > 0

    run(work())


def test_one_slow_parse_holds_up_neither_the_others_nor_the_loop() -> None:
    async def work() -> None:
        async with Workers(behave, size=2, limit_for=timedelta(minutes=1)) as parser:
            await asyncio.gather(parser("tell"), parser("tell"))
            slow = asyncio.create_task(parser("spin"))
            for _ in range(50):
                assert await parser("tell") > 0
            assert not slow.done()
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow

    run(work())


def test_no_more_workers_than_asked_for_and_each_is_replaced_in_time() -> None:
    async def work() -> None:
        async with Workers(behave, size=2, recycle=3) as parser:
            pids = await asyncio.gather(*(parser("tell") for _ in range(12)))
            assert max(pids.count(pid) for pid in set(pids)) == 3
            assert sum(not is_gone(pid) for pid in set(pids)) <= 2

    run(work())


def test_a_cancelled_call_leaves_no_answer_for_the_next_one() -> None:
    async def work() -> None:
        async with Workers(behave, size=1) as parser:
            first = await parser("tell")
            call = asyncio.create_task(parser("spin"))
            await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert await parser("tell") > 0
            assert is_gone(first)

    run(work())


def test_nothing_is_left_after_closing_also_of_busy_workers() -> None:
    async def work() -> list[int]:
        parser = Workers(behave, size=2)
        pids = await asyncio.gather(parser("tell"), parser("tell"))
        busy = asyncio.create_task(parser("spin"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await parser.close()
        with pytest.raises(Unreadable):
            await busy
        with pytest.raises(Unreadable, match="has ended"):
            await parser("tell")
        return list(pids)

    assert all(map(is_gone, run(work())))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_meant_its_parent_does_not_end_a_worker(number: signal.Signals) -> None:
    async def work() -> None:
        async with Workers(behave, size=1) as parser:
            first = await parser("tell")
            os.kill(first, number)
            assert await parser("tell") == first

    run(work())


def test_a_worker_that_died_while_it_waited_is_replaced() -> None:
    async def work() -> None:
        async with Workers(behave, size=1) as parser:
            first = await parser("tell")
            os.kill(first, signal.SIGKILL)
            found = [await attempt(parser) for _ in range(3)]
            assert first not in found
            assert found[-1] is not None

    async def attempt(parser: Workers[..., int]) -> int | None:
        try:
            return await parser("tell", "")
        except Unreadable:  # it was called before anybody could know
            return None

    run(work())


def test_large_answers_come_whole() -> None:
    async def work() -> None:
        async with Workers(large, size=1) as parser:
            assert len(await parser(5_000_000)) == 5_000_000

    run(work())


def test_a_call_cut_short_in_the_middle_of_a_large_answer_ends() -> None:
    async def work() -> None:
        async with Workers(large, size=1) as parser:
            await parser(1)
            call = asyncio.create_task(parser(20_000_000))
            assert parser._alive[0].process.stdout is not None
            answer: Any = parser._alive[0].process.stdout
            while not answer._buffer:
                await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(call, 60)
            assert len(await parser(2)) == 2

    run(work())


def test_workers_know_no_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> int:
        async with Workers(behave, size=1) as parser:
            return await parser("tokens")

    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:secret")
    assert run(work()) == 0
