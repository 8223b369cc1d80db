"""The process dies at every moment between an envelope and its answer: it is acted on once, and answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.core.model import Address
from bot.core.pacing import UNLIMITED
from bot.slack import Slack
from bot.slack_owing import _read, written
from handlers.slack.events import Heard, Reply
from tests.handlers.conftest import room, template
from tests.handlers.newsroom import Newsroom
from tests.handlers.slack.conftest import Chat
from tests.handlers.slack.slackroom import ANA, DESK, Slackroom, listening
from tests.slackapi.people import People
from tests.slackapi.server import SlackApi, serving
from tests.slackapi.state import Envelope

__all__ = ["room", "template"]


@dataclass
class Doomed:
    """A bot that will stop in the middle of something, for good; `there` is set when it has come that far."""

    slack: Slack
    there: asyncio.Event = field(default_factory=asyncio.Event)
    stuck: list[asyncio.Task[Any] | None] = field(default_factory=list)

    async def stops(self, *_: object, **__: object) -> Any:
        """Goes no further."""
        self.there.set()
        self.stuck.append(asyncio.current_task())
        await asyncio.Event().wait()

    def stops_after(self, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Does it, and goes no further."""

        async def then(*given: object, **named: object) -> Any:
            await real(*given, **named)
            await self.stops()

        return then


Break = Callable[[Doomed], None]


def before_anything(doomed: Doomed) -> None:
    """It has the envelope, and dies."""
    doomed.slack._taken = doomed.stops  # type: ignore[method-assign]


def before_effect(doomed: Doomed) -> None:
    """It has noted what it is to do."""
    doomed.slack._conversation.taken = doomed.stops  # type: ignore[method-assign]


def after_effect(doomed: Doomed) -> None:
    """It has committed, and says nothing of it."""
    doomed.slack._conversation.taken = doomed.stops_after(doomed.slack._conversation.taken)  # type: ignore[assignment,method-assign]


def before_answer(doomed: Doomed) -> None:
    """It has acknowledged, and the answer has to wait."""
    doomed.slack._replies.bring = doomed.stops  # type: ignore[method-assign]


def after_answer(doomed: Doomed) -> None:
    """Slack has the answer, and it dies before it has noted that."""
    doomed.slack._replies.bring = doomed.stops_after(doomed.slack._replies.bring)  # type: ignore[assignment,method-assign]


@asynccontextmanager
async def dying(api: SlackApi, room: Newsroom, breaks: Break) -> AsyncIterator[Doomed]:
    """The bot until its death, of which it is not told: nothing that it does then reaches the store or Slack."""
    settings = replace(room.app.settings, slack_token=api.bot_token, slack_app_token=api.app_token, slack_api=api.url)
    app = replace(room.app, settings=settings)
    app.__dict__["services"] = room.services
    async with app.network() as network:
        slack = Slack(app, network, lambda _: None, lambda: room.now, pauses=(0.01,))
        slack.sender.pace.rates = UNLIMITED
        doomed = Doomed(slack)
        breaks(doomed)
        running = asyncio.ensure_future(slack.run(asyncio.Event()))
        await api.until(lambda: api.opened)
        try:
            yield doomed
        finally:
            socket: Any = slack._inbound._socket
            for task in (*socket._tasks, *slack._conversation._under_way, *filter(None, doomed.stuck), running):
                task.cancel()
            await asyncio.gather(*filter(None, doomed.stuck), return_exceptions=True)
            with suppress(asyncio.CancelledError):
                await running
            await slack.close()
            await api.until(lambda: not api.sockets)


def test_what_was_said_reads_back_as_it_was() -> None:
    full = Heard(DESK, "#k «x»", "e", Reply("C1", "U1", "https://x", "1.2", True, True, True), True, True, "#desk")
    for heard in (full, Heard(ANA, "x", "e", Reply("D1", "U1"), False)):
        assert _read(written(heard)) == heard
    for other in ("{}", "[]", "no", '{"address": "slack:U1"}', '{"address": "slack:U1", "reply": {"color": 1}}'):
        assert _read(other) is None


Says = Callable[[People, str], Awaitable[Envelope]]

WAYS: dict[str, tuple[Says, Address]] = {
    "message": (lambda people, text: people.writes(text), ANA),
    "mention": (lambda people, text: people.mentions(text), DESK),
    "command": (lambda people, text: people.commands(text, channel="C1"), DESK),
}


@pytest.mark.parametrize(("text", "begins"), [("subscribe kosovo", "Subscribed"), ("search kosovo", "`kosovo`")])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("breaks", [before_anything, before_effect, after_effect], ids=lambda breaks: breaks.__name__)
def test_what_was_not_acknowledged_is_acted_on_once_and_answered_when_slack_tells_of_it_again(
    api: SlackApi, room: Newsroom, breaks: Break, way: str, text: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.ACKED_WITHIN", 60)

    async def work() -> None:
        says, address = WAYS[way]
        async with serving(api):
            async with dying(api, room, breaks) as doomed:
                envelope = await says(People(api), text)
                await doomed.there.wait()
            assert (envelope.acks, api.shown) == (0, [])
            async with listening(api, room) as here:
                await api.until(lambda: here.said)  # that it is listening
                await here.slack.settled(30)
                await here.done(await here.people.again(envelope))
                [answer] = api.shown
                lost = breaks is after_effect and text.startswith("subscribe")
                assert ("was carried out" in answer.seen) is lost
                assert lost or answer.seen.startswith(begins)
                _well(here, address, text)

    asyncio.run(work())


@pytest.mark.parametrize(("text", "begins"), [("subscribe kosovo", "Subscribed"), ("search kosovo", "`kosovo`")])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("breaks", [before_anything, before_effect, after_effect, before_answer, after_answer],
                         ids=lambda breaks: breaks.__name__)  # fmt: skip
def test_what_was_acknowledged_is_acted_on_once_and_answered_by_whoever_comes_next(
    api: SlackApi, room: Newsroom, breaks: Break, way: str, text: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.ACKED_WITHIN", 0.0)

    async def work() -> None:
        says, address = WAYS[way]
        async with serving(api):
            async with dying(api, room, breaks) as doomed:
                envelope = await says(People(api), text)
                await doomed.there.wait()
                await api.until(lambda: envelope.acks)
            assert len(api.shown) == (breaks is after_answer)
            async with listening(api, room) as here:
                await api.until(lambda: here.said)  # that it is listening
                await here.slack.settled(30)
                said = [shown.seen for shown in api.shown]
                if breaks is after_answer:
                    assert said.pop(0).startswith(begins)
                carried_out = text.startswith("subscribe") and breaks in (after_effect, before_answer, after_answer)
                assert len(said) == 1
                assert ("was carried out" in said[0]) is carried_out
                assert carried_out or said[0].startswith(begins)
                _well(here, address, text)

    asyncio.run(work())


def _well(here: Slackroom, address: Address, text: str) -> None:
    assert here.subscriptions(address) == (["kosovo"] if text.startswith("subscribe") else [])
    store = here.room.app.store
    assert store.read(lambda session: session.conversations.unanswered()) == {}


def test_an_answer_that_is_too_late_for_its_address_comes_another_way(api: SlackApi, room: Newsroom) -> None:
    async def work() -> None:
        async with serving(api):
            async with dying(api, room, before_effect) as doomed:
                await People(api).commands("subscribe kosovo", channel="C1")
                await doomed.there.wait()
            api.responses.update({key: (envelope, 5) for key, (envelope, _) in api.responses.items()})  # used up
            async with listening(api, room) as here:
                await api.until(lambda: here.said)  # that it is listening
                await here.slack.settled(30)
                [answer] = api.shown
                assert answer.seen.startswith("Subscribed")
                assert (answer.channel, answer.only_for) == ("C1", "U1")
                _well(here, DESK, "subscribe kosovo")

    asyncio.run(work())


def test_a_form_that_was_filled_in_is_answered(api: SlackApi, room: Newsroom) -> None:
    async def work() -> None:
        async with serving(api):
            async with listening(api, room) as here:
                await here.done(await here.people.opens_home())
                await here.done(await here.people.presses_at_home("Add a subscription"))
                modal = api.modals[-1]
            async with dying(api, room, lambda doomed: _forms_die(doomed)) as doomed:
                api.modals.append(modal)
                envelope = await People(api).submits({"query": {"value": "kosovo"}})
                await doomed.there.wait()
                await api.until(lambda: envelope.acks)
            assert api.shown == []
            async with listening(api, room) as here:
                await api.until(lambda: here.said)  # that it is listening
                await here.slack.settled(30)
                [answer] = api.shown
                assert answer.seen.startswith("`/newsbell subscribe kosovo instant` was carried out")
                assert answer.channel == "D1"
                _well(here, ANA, "subscribe kosovo")

    asyncio.run(work())


def _forms_die(doomed: Doomed) -> None:
    """It has taken effect and is acknowledged, and is not answered."""
    doomed.slack._conversation.tell = doomed.stops  # type: ignore[method-assign]


def test_a_store_that_is_busy_holds_up_no_acknowledgement(
    api: SlackApi, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.KEPT_WITHIN", 0.0)

    async def work(here: Slackroom) -> None:
        real, free = here.slack._owing.keep, asyncio.Event()

        async def keep(heard: Heard) -> None:
            await free.wait()
            await real(heard)

        here.slack._owing.keep = keep  # type: ignore[method-assign]
        envelope = await here.people.writes("search kosovo")
        await api.until(lambda: envelope.acks)
        assert api.shown == []
        free.set()
        await here.slack.settled(30)
        [answer] = api.shown
        assert answer.seen.startswith("`kosovo`")
        assert here.room.app.store.read(lambda session: session.conversations.unanswered()) == {}

    chat(work)
