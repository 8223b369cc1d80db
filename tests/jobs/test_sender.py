"""The Sender on a simulated clock, against a platform that is strict."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import DeliveryError, Rejected, Throttled, Unavailable
from bot.core.lanes import Lane
from bot.core.message import Message, line
from bot.core.model import Address
from bot.core.pacing import UNLIMITED, Rates
from bot.core.ports import Limits
from bot.jobs.sender import PATIENCE, Sender
from bot.loops import on_loop
from tests.simulated import simulate
from tests.strict import PERMITTED, StrictPlatform


def at(chat: object) -> Address:
    return Address("strict", str(chat))


def says(text: object) -> Message:
    return Message((line(str(text)),))


async def post(sender: Sender, chat: object, text: object = "news", lane: Lane = Lane.ALERT) -> str:
    return await sender.call(lane, at(chat), lambda: sender.messenger.send(at(chat), says(text)))


async def now() -> float:
    return asyncio.get_running_loop().time()


def test_a_backlog_drains_at_the_permitted_rate_and_is_never_refused() -> None:
    platform = StrictPlatform()

    async def drain() -> float:
        sender = Sender(platform)
        await asyncio.gather(*(post(sender, number) for number in range(600)))
        return await now()

    assert simulate(drain()) == pytest.approx(600 / 30, rel=0.01)
    assert not platform.refused
    assert platform.most_in_flight > 1


def test_what_may_leave_in_less_than_a_millisecond_leaves_on_the_loop_that_runs_the_bot() -> None:
    platform = StrictPlatform(latency=0.0002, limits=Limits(rates=Rates(overall=4_000)))
    platform.enforcer.overall = 100_000

    async def drain() -> None:
        sender = Sender(platform)
        await asyncio.gather(*(post(sender, number) for number in range(100)))

    on_loop(drain())
    assert len(platform.told) == 100


def test_an_answer_goes_out_at_once_while_a_backlog_drains() -> None:
    platform = StrictPlatform()

    async def drain() -> list[float]:
        sender = Sender(platform)
        backlog = [asyncio.ensure_future(post(sender, number)) for number in range(900)]
        waits = []
        for number in range(50):
            await asyncio.sleep(0.31)
            start = await now()
            await sender.answer(at(f"asking{number}"), says("answer"))
            waits.append(await now() - start)
        await asyncio.gather(*backlog)
        return waits

    assert max(simulate(drain())) <= platform.latency + 1 / 30 + 0.001
    assert not platform.refused


def test_an_answer_does_not_wait_for_deliveries_that_the_platform_is_slow_to_take() -> None:
    platform = StrictPlatform(latency=30, limits=Limits(rates=replace(PERMITTED, in_flight=4)))

    async def drain() -> float:
        sender = Sender(platform)
        backlog = [asyncio.ensure_future(post(sender, number)) for number in range(40)]
        await asyncio.sleep(5)
        assert platform.most_in_flight == 4
        await sender.answer(at("asking"), says("answer"))
        took = await now() - 5
        await asyncio.gather(*backlog)
        return took

    assert simulate(drain()) <= 30.1


def test_one_message_is_in_flight_a_chat_and_they_come_in_order() -> None:
    platform = StrictPlatform(limits=Limits(rates=UNLIMITED))

    async def drain() -> None:
        sender = Sender(platform)
        await asyncio.gather(*(post(sender, number % 2, number) for number in range(20)))

    platform.enforcer.chat_burst = platform.enforcer.overall = 100
    simulate(drain())
    assert [int(text) for _, chat, text in platform.told if chat == "strict:0"] == list(range(0, 20, 2))


def test_lanes_share_the_rate_eight_to_three_to_one() -> None:
    platform = StrictPlatform()

    async def drain() -> None:
        sender = Sender(platform)
        lanes = (Lane.BROADCAST, Lane.DIGEST, Lane.ALERT)
        posts = [post(sender, f"{lane}{number}", lane, lane) for lane in lanes for number in range(300)]
        tasks = [asyncio.ensure_future(each) for each in posts]
        await asyncio.sleep(8)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    simulate(drain())
    kinds = [text for _, _, text in platform.told]
    assert len(kinds) >= 235
    shares = [kinds.count(str(lane)) / len(kinds) * 12 for lane in (Lane.ALERT, Lane.DIGEST, Lane.BROADCAST)]
    assert shares == pytest.approx([8, 3, 1], rel=0.08)


def test_a_throttled_chat_stops_alone_for_exactly_as_long() -> None:
    platform = StrictPlatform(script=[Throttled(timedelta(seconds=7))])

    async def throttle() -> None:
        sender = Sender(platform)
        with pytest.raises(Throttled):
            await post(sender, "a")
        assert not sender.permits(at("a"), await now())
        assert sender.permits(at("b"), await now())
        await asyncio.gather(post(sender, "a", "after"), post(sender, "b"))

    simulate(throttle())
    (first, first_chat, _), (second, second_chat, _) = platform.told
    assert (first_chat, second_chat) == ("strict:b", "strict:a")
    assert first < 1
    assert second == pytest.approx(7 + platform.latency)


def test_deliveries_to_what_is_stopped_for_long_are_turned_back_and_answers_wait() -> None:
    platform = StrictPlatform(script=[Throttled(timedelta(seconds=PATIENCE + 5), everyone=True)])

    async def stop() -> None:
        sender = Sender(platform)
        first = asyncio.ensure_future(post(sender, "a"))
        others = [asyncio.ensure_future(post(sender, chat)) for chat in "bc"]
        answer = asyncio.ensure_future(sender.answer(at("d"), says("answer")))
        await asyncio.wait([first, *others])
        errors = [task.exception() for task in (first, *others)]
        assert [error.asked for error in errors if isinstance(error, Throttled)] == [True, False, False]
        assert not sender.permits(at("z"), await now())
        await answer

    simulate(stop())
    ((told_at, chat, _),) = platform.told
    assert chat == "strict:d"
    assert told_at == pytest.approx(PATIENCE + 5 + platform.latency)


def test_a_throttled_answer_is_sent_when_it_may_be() -> None:
    platform = StrictPlatform(script=[Throttled(timedelta(seconds=3)), Throttled(timedelta(seconds=3))])
    simulate(answered(platform))
    assert platform.told[0][0] == pytest.approx(6 + platform.latency)
    with pytest.raises(Throttled):
        simulate(answered(StrictPlatform(script=[Throttled(timedelta(seconds=1))] * 3)))


async def answered(platform: StrictPlatform) -> str:
    return await Sender(platform).answer(at("a"), says("answer"))


@pytest.mark.parametrize("error", [Rejected("no"), Unavailable("away"), RuntimeError("bug")])
def test_what_a_call_raises_is_raised_and_frees_the_chat(error: Exception) -> None:
    platform = StrictPlatform(script=[error])

    async def fail() -> None:
        sender = Sender(platform)
        with pytest.raises(type(error)):
            await post(sender, "a")
        await post(sender, "a")

    simulate(fail())
    assert len(platform.told) == 1


def test_what_is_cancelled_frees_its_place() -> None:
    platform = StrictPlatform(latency=10)

    async def cancel() -> None:
        sender = Sender(platform)
        flying, waiting, last = (asyncio.ensure_future(post(sender, "a", text)) for text in ("1", "2", "3"))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.sleep(1)
        flying.cancel()
        await last

    simulate(cancel())
    assert [text for _, _, text in platform.told] == ["3"]


def test_at_the_end_what_has_not_left_is_turned_back() -> None:
    platform = StrictPlatform()

    async def end() -> list[BaseException | None]:
        sender = Sender(platform)
        tasks = [asyncio.ensure_future(post(sender, number)) for number in range(5)]
        await asyncio.sleep(0)
        sender.flush()
        await asyncio.wait(tasks)
        return [task.exception() for task in tasks]

    errors = simulate(end())
    assert errors[0] is None
    assert all(isinstance(error, DeliveryError) for error in errors[1:])
    assert len(platform.told) == 1


def test_edits_past_their_rate_are_turned_back_and_hold_up_no_alert() -> None:
    rates = replace(PERMITTED, edits=45)
    platform = StrictPlatform(limits=Limits(edits=True, rates=rates))

    async def edit(sender: Sender, chat: int) -> Throttled | None:
        message = sender.messenger
        try:
            await sender.call(Lane.EDIT, at(chat), lambda: message.edit(at(chat), "1", says("grown")))
        except Throttled as error:
            return error
        return None

    async def work() -> tuple[list[Throttled | None], float, list[Throttled | None]]:
        sender = Sender(platform)
        edits = await asyncio.gather(*(edit(sender, number) for number in range(100)))
        began = await now()
        await asyncio.gather(*(post(sender, number) for number in range(50, 60)))
        took = await now() - began
        await asyncio.sleep(61)
        return edits, took, [await edit(sender, 99)]

    edits, took, later = simulate(work())
    refused = [error for error in edits if error is not None]
    assert len(refused) == 55
    assert all(not error.asked and 55 < error.retry_after.total_seconds() < 61 for error in refused)
    assert took < 1
    assert later == [None]
    assert not platform.refused
