"""Sending over the real client to a strict server, and what becomes of each refusal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.core.compose import alert_card
from bot.core.errors import ChatGone, DeliveryError, NoPermission, Rejected, Throttled, Unavailable
from bot.core.message import Action, Actions, Document, Heading, Item, Link, Message, Reply, Text, line, plainer
from bot.core.model import Address
from handlers.slack.client import Client
from handlers.slack.messenger import SlackMessenger
from handlers.slack.spoken import Speech
from tests.core.test_compose import ENGLISH, LORRY
from tests.slackapi.server import SlackApi, serving
from tests.slackapi.state import Cut, Fails, Garbage, Outcome

HERE, ANA = Address("slack", "C1"), Address("slack", "U1")
HELLO = Message((line("Hello."),))


@dataclass
class Line:
    """One client of one server."""

    api: SlackApi
    messenger: SlackMessenger
    kept: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


@dataclass
class Remembered:
    """What was said below messages."""

    keys: set[str] = field(default_factory=set)

    async def has(self, key: str) -> bool:
        """Whether it was said."""
        return key in self.keys

    async def keep(self, keys: Iterable[str]) -> None:
        """Remembers it."""
        self.keys.update(keys)


@asynccontextmanager
async def connected(api: SlackApi) -> AsyncIterator[Line]:
    """The server runs, and a messenger talks to it."""
    async with serving(api):
        client, kept, refused = Client(api.bot_token, api.url), dict[str, str](), list[str]()

        async def keep(commands: Mapping[str, str]) -> None:
            kept.update(commands)

        try:
            yield Line(api, SlackMessenger(client, Speech(), keep, refused.append, Remembered()), kept, refused)
        finally:
            await client.close()


Talk = Callable[[Callable[[Line], Awaitable[None]]], None]


@pytest.fixture
def talk(api: SlackApi) -> Talk:
    """Runs a coroutine with a messenger to the server."""

    def run(work: Callable[[Line], Awaitable[None]]) -> None:
        async def body() -> None:
            async with connected(api) as here:
                await work(here)

        asyncio.run(body())

    return run


def test_a_message_arrives_as_it_is_meant(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        reference = await here.messenger.send(HERE, alert_card(LORRY, ENGLISH, [Action("Why?", "/why 1")]))
        [shown] = api.shown
        assert reference == f"C1/{shown.ts}"
        assert shown.seen.startswith("*Forty people found")
        assert shown.links == [("Forty people found in a lorry near Horgoš", "https://example.org/1")]
        assert [(button["label"], button["value"]) for button in shown.buttons] == [("Why?", "/why 1")]

    talk(work)


def test_a_person_s_id_is_as_good_as_a_channel_s(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        reference = await here.messenger.send(ANA, HELLO)
        assert reference == f"D1/{api.shown[0].ts}"
        await here.messenger.edit(ANA, reference, Message((line("Goodbye."),)))
        assert [(shown.seen, shown.edits) for shown in api.shown] == [("Goodbye.", 1)]

    talk(work)


def test_an_edit_takes_the_place_of_what_was_sent(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        await here.messenger.send(HERE, HELLO)
        for reference in ("C1/1.1", "C1", "x"):
            with pytest.raises(Rejected):
                await here.messenger.edit(HERE, reference, HELLO)

    talk(work)


def test_a_command_too_long_for_a_button_is_kept_by_a_key(api: SlackApi, talk: Talk) -> None:
    command = "/subscribe " + " OR ".join(["граница"] * 200)

    async def work(here: Line) -> None:
        await here.messenger.send(HERE, Message((line("x"), Actions((Action("Ring", command), Action("No", "/no"))))))
        long, short = (button["value"] for button in api.shown[0].buttons)
        assert short == "/no"
        assert here.kept == {long.removeprefix("#"): command}

    talk(work)


def test_files_go_as_files(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        message = Message((line("Here it is."), Document("saved.csv", "naslov\nŽ\n", "text/csv")))
        await here.messenger.send(ANA, message)
        text, file = api.shown
        assert text.seen == "Here it is."
        assert (file.file, file.channel) == (("saved.csv", "naslov\nŽ\n".encode()), "D1")
        await here.messenger.send(HERE, Message(message.blocks[1:]))
        assert [shown.text for shown in api.shown[2:]] == ["saved.csv", ""]

    talk(work)


def long_digest(stories: int) -> Message:
    items = [Item((Link(f"Story {number} " + "of many words " * 9, f"https://e.org/{number}"),),
                  (line("Outlet", quiet=True),)) for number in range(stories)]  # fmt: skip
    return Message((Heading("Digest"), *items))


def test_what_does_not_fit_goes_on_in_the_thread_where_it_stopped(api: SlackApi, talk: Talk) -> None:
    spent: list[Address] = []

    async def work(here: Line) -> None:
        here.messenger.spent = spent.append
        api.script["chat.postMessage"].extend([None, Garbage()])
        with pytest.raises(Unavailable):
            await here.messenger.send(HERE, long_digest(120))
        assert len(api.shown) == 1
        reference = await here.messenger.send(HERE, long_digest(120))
        first, *later = api.shown
        assert reference == f"C1/{first.ts}"
        assert later
        assert {shown.thread for shown in later} == {first.ts}
        assert len({shown.text for shown in api.shown}) == len(api.shown)
        assert len(spent) == len(api.shown)
        together = "".join(shown.seen for shown in api.shown)
        assert all(f"Story {number} " in together for number in range(120))

    talk(work)


def test_a_plainer_message_has_no_markup(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        await here.messenger.send(HERE, plainer(Message((line("a <b> & *c*"),))))
        assert api.calls[-1][1]["text"] == "a &lt;b&gt; &amp; *c*"
        assert "blocks" not in api.calls[-1][1]
        assert api.calls[-1][1]["mrkdwn"] in (False, 0)

    talk(work)


def test_a_whisper_is_for_one_person(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        await here.messenger.whisper(Address("slack", "C1", "1.2"), "U2", HELLO)
        [shown] = api.shown
        assert (shown.only_for, shown.thread, shown.seen) == ("U2", "1.2", "Hello.")

    talk(work)


REFUSALS: list[tuple[Outcome, type[DeliveryError]]] = [
    *((Fails(error), ChatGone) for error in ("channel_not_found", "is_archived", "user_not_found")),
    *((Fails(error), NoPermission) for error in (
        "not_in_channel", "restricted_action", "restricted_action_read_only_channel", "messages_tab_disabled",
        "restricted_action_thread_locked", "ekm_access_denied")),
    *((Fails(error), Rejected) for error in (
        "msg_too_long", "invalid_blocks", "msg_blocks_too_long", "no_text", "too_many_attachments",
        "invalid_blocks_format")),
    *((Fails(error), Throttled) for error in (
        "invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "missing_scope")),
    (Fails("ratelimited", retry_after=7), Throttled),
    (Fails("rate_limited"), Throttled),
    *((Fails(error), Unavailable) for error in ("fatal_error", "internal_error", "service_unavailable",
                                                "request_timeout")),
    (Garbage(502), Unavailable),
    (Garbage(503), Unavailable),
    (Cut(after=False), Unavailable),
    (Cut(after=True), Unavailable),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "expected"), REFUSALS, ids=lambda value: getattr(value, "error", str(value)))
def test_every_refusal_says_what_to_do_next(
    api: SlackApi, talk: Talk, outcome: Outcome, expected: type[DeliveryError]
) -> None:
    async def work(here: Line) -> None:
        api.script["chat.postMessage"].append(outcome)
        with pytest.raises(DeliveryError) as caught:
            await here.messenger.send(HERE, HELLO)
        assert type(caught.value) is expected
        assert api.bot_token not in str(caught.value)
        assert len(api.calls) == 1, "the library tries nothing again"
        assert len(api.shown) == (outcome == Cut(after=True))

    talk(work)


def test_a_reset_after_the_message_left_does_not_double_it(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        await here.messenger.send(HERE, HELLO)  # the connection is kept, as it is in life
        api.script["chat.postMessage"].append(Cut(after=True))
        with pytest.raises(Unavailable):
            await here.messenger.send(HERE, Message((line("Once."),)))
        assert [shown.seen for shown in api.shown] == ["Hello.", "Once."]

    talk(work)


def test_what_is_asked_for_is_kept_and_a_dead_token_stops_everything(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        api.script["chat.postMessage"].extend(
            [Fails("ratelimited", retry_after=7), Fails("ratelimited"), Fails("token_revoked"),
             Fails("missing_scope", {"needed": "chat:write", "provided": ""})]
        )  # fmt: skip
        for wanted in (timedelta(seconds=7), timedelta(minutes=1)):
            with pytest.raises(Throttled) as throttled:
                await here.messenger.send(HERE, HELLO)
            assert throttled.value.retry_after == wanted
            assert not throttled.value.everyone
        for said in ("SLACK_BOT_TOKEN was revoked", "lacks the scope chat:write"):
            with pytest.raises(Throttled) as refused:
                await here.messenger.send(HERE, HELLO)
            assert refused.value.everyone
            assert said in here.refused[-1]

    talk(work)


def test_what_the_places_really_are_is_answered_so(api: SlackApi, talk: Talk) -> None:
    api.channels["C1"].archived = True
    expected = {"C1": ChatGone, "C2": NoPermission, "G1": ChatGone, "C404": ChatGone}

    async def work(here: Line) -> None:
        for chat, error in expected.items():
            with pytest.raises(DeliveryError) as caught:
                await here.messenger.send(Address("slack", chat), HELLO)
            assert type(caught.value) is error

    talk(work)


def test_nobody_there_is_unavailable() -> None:
    async def work() -> None:
        client = Client("xoxb-x", "http://127.0.0.1:9/api/")

        async def keep(_: object) -> None:
            """Nothing."""

        with pytest.raises(Unavailable):
            await SlackMessenger(client, Speech(), keep, print, Remembered()).send(HERE, HELLO)
        await client.close()

    asyncio.run(work())


def test_no_line_of_the_log_has_the_token(api: SlackApi, caplog: pytest.LogCaptureFixture) -> None:
    api.bot_token = "xoxb-very-secret"
    caplog.set_level(logging.DEBUG)

    async def work() -> None:
        async with connected(api) as here:
            await here.messenger.send(HERE, HELLO)
            for outcome in (Garbage(), Cut(after=False), Fails("invalid_auth"), Fails("fatal_error")):
                api.script["chat.postMessage"].append(outcome)
                with pytest.raises(DeliveryError) as caught:
                    await here.messenger.send(HERE, HELLO)
                logging.getLogger("newsbell").error("failed", exc_info=caught.value)

    asyncio.run(work())
    assert "failed" in caplog.text
    assert "very-secret" not in caplog.text


def test_a_reply_goes_into_the_thread_and_is_seen_in_the_channel(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        for place, within in ((HERE, ""), (ANA, ""), (Address("slack", "C1", "7.7"), "7.7")):
            reference = await here.messenger.send(place, HELLO)
            channel, _, ts = reference.partition("/")
            again = await here.messenger.send(place, replace(HELLO, in_reply=reference))
            assert again.startswith(f"{channel}/")
            assert api.shown[-1].thread == (within or ts)
            assert bool(api.calls[-1][1].get("reply_broadcast")) is not bool(within)

    talk(work)


def test_a_long_reply_is_seen_in_the_channel_once(api: SlackApi, talk: Talk) -> None:
    async def work(here: Line) -> None:
        reference = await here.messenger.send(HERE, HELLO)
        long = Message(tuple(line("word " * 500) for _ in range(12)), in_reply=reference)
        await here.messenger.send(HERE, long)
        posted = [call for name, call in api.calls if name == "chat.postMessage"][1:]
        assert [bool(call.get("reply_broadcast")) for call in posted] == [True, *[False] * (len(posted) - 1)]
        assert len(posted) > 1
        assert {call["thread_ts"] for call in posted} == {reference.partition("/")[2]}

    talk(work)


def test_further_outlets_are_said_below_the_message_once_each(api: SlackApi, talk: Talk) -> None:
    first, second = (Reply(f"1:{n}", (Link(f"Copy {n}", f"https://e.org/{n}"), Text(" · Outlet"))) for n in (1, 2))

    async def work(here: Line) -> None:
        reference = await here.messenger.send(ANA, HELLO)
        api.script["chat.postMessage"].append(Fails("fatal_error"))
        grown = Message((line("Hello, +1."),), replies=(first,))
        with pytest.raises(Unavailable):
            await here.messenger.edit(ANA, reference, grown)
        await here.messenger.edit(ANA, reference, grown)
        await here.messenger.edit(ANA, reference, Message((line("Hello, +2."),), replies=(first, second)))
        hello, *below = api.shown
        assert (hello.seen, hello.edits) == ("Hello, +2.", 3)
        assert [(shown.seen, shown.thread) for shown in below] == [
            ("Copy 1 · Outlet", hello.ts), ("Copy 2 · Outlet", hello.ts),
        ]  # fmt: skip

    talk(work)
