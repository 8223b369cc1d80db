"""Conversations over the real client and a strict Slack: who is heard where, and what comes back to whom."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.core.access import Access
from bot.core.compose import alerts
from bot.core.errors import ConfigError
from bot.core.model import Address, Article
from tests.core.test_compose import ENGLISH, LORRY
from tests.handlers.newsroom import Newsroom
from tests.handlers.slack.conftest import Chat
from tests.handlers.slack.slackroom import ANA, DESK, Slackroom, listening
from tests.slackapi.server import SlackApi, serving
from tests.slackapi.state import SCOPES, Cut, Envelope, Fails, Garbage
from tests.transcripts.stage import guard

FRONTEX = Article(
    "skopje", "Frontex opens an office in Skopje <!channel>", "The agency will train border police in the city.",
    "Danube Wire", "https://example.org/skopje?a=1|b", language="en",
)  # fmt: skip


def opened_since(api: SlackApi, opened: int) -> bool:
    return api.opened > opened


def test_a_command_is_answered_in_its_acknowledgement(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        found = await here.commands("search kosovo", channel="C1")
        assert "car plates" in found.seen
        assert found.only_for == "U1"
        [envelope] = api.envelopes.values()
        assert envelope.ack is not None
        assert envelope.ack["response_type"] == "ephemeral"
        assert {method for method, _ in api.calls} == {"auth.test", "apps.connections.open"}
        assert here.said == ["Slack: listening as @newsbell"]

    chat(work)


def test_what_is_asked_for_in_public_everybody_sees(chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        assert (await here.commands("public search kosovo", channel="C1")).only_for is None
        assert (await here.mentions("search kosovo")).only_for == "U1"
        public = await here.mentions("public search kosovo")
        assert public.only_for is None
        assert public.thread is not None

    chat(work)


def test_a_mention_works_in_threads_and_means_the_channel(chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        subscribed = await here.mentions("subscribe frontex", thread="1774000000.000001")
        assert subscribed.seen.startswith("Subscribed")
        assert subscribed.thread == "1774000000.000001"
        assert subscribed.only_for == "U1"
        assert here.subscriptions(DESK) == ["frontex"]
        assert (await here.mentions("kosovo")).seen.startswith("Taken for a search")

    chat(work)


def test_free_text_in_a_direct_message_is_a_search_and_stays(chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        found = await here.writes("kosovo")
        assert found.seen.startswith("Taken for a search")
        assert (found.channel, found.only_for) == ("D1", None)
        assert (await here.writes("subscribe migration")).seen.startswith("Subscribed")
        assert here.subscriptions() == ["topic:migration"]
        assert (await here.commands("subscriptions")).only_for is None  # it is one's own conversation with the bot
        in_thread = await here.writes("kosovo", thread="1774000000.000002")
        assert in_thread.thread == "1774000000.000002"

    chat(work)


def test_a_command_in_somebody_else_s_direct_message_is_for_one_s_own_chat_and_nobody_sees_it(chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        subscribed = await here.commands("subscribe frontex", channel="D99")
        assert subscribed.only_for == "U1"
        assert here.subscriptions() == ["frontex"]

    chat(work)


def test_the_bot_hears_neither_itself_nor_others_bots_nor_edits(chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.ignores(here.people.writes("kosovo", bot_id="BBOT"))
        await here.ignores(here.people.writes("kosovo", subtype="message_changed"))
        await here.ignores(here.people.writes("kosovo", user="U1", files=[], subtype="file_share", bot_id="B2"))

    chat(work)


def test_a_person_has_the_time_zone_and_language_of_their_profile_at_first(api: SlackApi, chat: Chat) -> None:
    api.people["U1"].tz, api.people["U1"].locale = "Europe/Belgrade", "sr-RS"
    api.people["U2"].tz = "Middle/Earth"

    async def work(here: Slackroom) -> None:
        assert "Dobro" in (await here.writes("/start")).seen
        assert here.chat().timezone == "Europe/Belgrade"
        assert (await here.writes("/start", "U2")).seen.startswith("Welcome")
        assert here.chat(Address("slack", "U2")).timezone is None
        api.people["U1"].tz = "Europe/Paris"
        await here.writes("settings timezone Europe/Rome")
        await here.writes("status")
        assert here.chat().timezone == "Europe/Rome"

    chat(work)


def test_a_private_channel_without_the_bot_says_how_to_invite_it(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        for channel in ("G1", "C2"):
            asked = await here.commands("subscribe frontex", channel=channel)
            assert "/invite @newsbell" in asked.seen
            assert asked.only_for == "U1"
            assert here.subscriptions(Address("slack", channel)) == []
            assert "car plates" in (await here.commands("search kosovo", channel=channel)).seen
        api.channels["G1"].members.add("UBOT")
        joined = {"type": "member_joined_channel", "user": "UBOT", "channel": "G1", "inviter": "U1"}
        await here.done(await here.people.event(joined))
        assert (await here.commands("subscribe frontex", channel="G1")).seen.startswith("Subscribed")
        assert here.chat(Address("slack", "G1")).owner == ANA

    chat(work)


def test_events_pause_and_resume(api: SlackApi, chat: Chat) -> None:
    pauses = [
        {"type": "member_left_channel", "user": "UBOT", "channel": "C1"}, {"type": "channel_left", "channel": "C1"},
        {"type": "channel_archive", "channel": "C1", "user": "U1"}, {"type": "channel_deleted", "channel": "C1"},
        {"type": "group_left", "channel": "C1"},
    ]  # fmt: skip
    resumes = [
        {"type": "member_joined_channel", "user": "UBOT", "channel": "C1"},
        {"type": "channel_unarchive", "channel": "C1", "user": "U1"},
    ]

    async def work(here: Slackroom) -> None:
        await here.commands("subscribe frontex", channel="C1")
        for pause in pauses:
            await here.done(await here.people.event(pause))
            assert here.chat(DESK).is_away
            await here.done(await here.people.event(resumes[pauses.index(pause) % 2]))
            assert not here.chat(DESK).is_away
        for other in ("member_left_channel", "channel_rename"):
            told = {"type": other, "user": "U2", "channel": "C1" if other[0] == "m" else {"id": "C1", "name": "new"}}
            await here.done(await here.people.event(told))
        assert not here.chat(DESK).is_away
        assert here.subscriptions(DESK) == ["frontex"]

    chat(work)


def test_an_archived_channel_keeps_what_it_has_and_gets_what_was_held(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.commands("subscribe frontex", channel="C1")
        api.channels["C1"].archived = True
        here.room.take(FRONTEX)
        await here.deliver()
        assert here.chat(DESK).pause_reason == "is_archived"
        api.channels["C1"].archived = False
        await here.done(await here.people.event({"type": "channel_unarchive", "channel": "C1", "user": "U1"}))
        here.room.wait(minutes=1)
        await here.deliver()
        alert = api.shown[-1]
        assert "Frontex opens an office in Skopje <!channel>" in alert.seen
        assert alert.links[0] == ("Frontex opens an office in Skopje <!channel>", "https://example.org/skopje?a=1%7Cb")
        assert "&lt;!channel&gt;" in alert.text

    chat(work)


def test_a_button_is_the_command_it_shows_and_pages_turn_in_place(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        here.room.take(*(replace(FRONTEX, guid=f"g{n}", title=f"Tirana story {n} {'abcdefghijklmnopqrstu'[n] * 9}",
                                 text=f"Report {n * 7} from Tirana {'zyxwvutsrqponmlkjihgf'[n] * 8}.", url=None)
                         for n in range(20)))  # fmt: skip
        first = await here.commands("search tirana", channel="C1")
        before, count = first.seen, len(api.shown)
        await here.presses(first, "More")
        assert first.seen != before
        assert first.edits == 1
        assert len(api.shown) == count
        subscribed = await here.presses(first, "Ring me for this", user="U2")
        assert subscribed.seen.startswith("Subscribed")
        assert subscribed.only_for == "U2"
        assert here.subscriptions(DESK) == ["tirana"]

    chat(work)


def test_the_shortcut_says_why_a_message_was_sent(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.commands("subscribe frontex", channel="C1")
        here.room.take(FRONTEX)
        await here.deliver()
        alert = api.shown[-1]
        why = await here.answered(here.people.asks_why(alert, "U2"))
        assert why.only_for == "U2"
        assert "Frontex opens an office" in why.seen
        await here.slack.sender.messenger.send(DESK, alerts([LORRY, LORRY], ENGLISH))
        by_address = await here.answered(here.people.asks_why(api.shown[-1]))
        assert "https://example.org/1" in by_address.seen

    chat(work)


def test_an_envelope_that_comes_again_acts_once(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        first = await here.done(await here.people.commands("subscribe frontex", channel="C1"))
        twin = await here.done(await here.people.again(first))
        assert twin.ack == {}
        event = await here.done(await here.people.writes("subscribe kosovo"))
        shown = len(api.shown)
        await here.done(await here.people.again(event))
        await here.done(await here.people.again(event, 2))
        press = await here.done(await here.people.presses(api.shown[-1], "Undo"))
        assert len(api.shown) == shown + 1
        await here.done(await here.people.again(press))
        assert len(api.shown) == shown + 1
        assert here.subscriptions() == []
        invite = await here.done(await here.people.commands("subscribe x", channel="G1"))
        assert (await here.done(await here.people.again(invite))).ack == {}

    chat(work)


def test_an_edited_message_is_taken_as_it_reads_now(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        people = here.people
        said = await here.done(await people.writes("search kosov"))
        edit = await here.done(await people.edits(said, "search kosovo"))
        assert "car plates" in api.shown[-1].seen
        assert len(api.shown) == 2
        await here.ignores(people.again(edit))
        assert "Subscribed" in (await here.answered(people.edits(edit_of(said, edit), "subscribe kosovo"))).seen
        assert here.subscriptions() == ["kosovo"]

    chat(work)


def edit_of(said: Envelope, edit: Envelope) -> Envelope:
    """The message that was said, as the edit left it."""
    text = edit.payload["event"]["message"]["text"]
    return replace(said, payload={**said.payload, "event": {**said.payload["event"], "text": text}})


def test_what_is_no_edit_of_a_person_is_no_command(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        people = here.people
        said = await here.done(await people.writes("https://danube.example/a/17"))
        await here.ignores(people.unfurls(said))
        await here.ignores(people.edits(said, "https://danube.example/a/17"))
        await here.ignores(people.edits(said, "search kosovo", user="UBOT", bot_id="B1"))
        await here.ignores(people.edits(said, "search kosovo", bot_id="B1"))
        await here.ignores(people.edits(said, "search kosovo", subtype="bot_message"))
        await here.ignores(people.edits(said, "search kosovo", edited={"user": "U2", "ts": "1.0"}))
        await here.ignores(people.edits(said, "search kosovo", edited=None))
        await here.ignores(people.event({"type": "message", "subtype": "message_changed", "channel_type": "im"}))
        await here.ignores(people.event({"type": "message", "subtype": "message_deleted", "channel_type": "im"}))
        edit = await here.done(await people.edits(said, "search kosovo"))
        shown = len(api.shown)
        later = {**edit.payload["event"]["message"], "attachments": []}
        await here.ignores(people.edits(said, "search kosovo", edited=later["edited"]))
        assert len(api.shown) == shown

    chat(work)


def test_two_that_arrive_at_once_act_once(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        event = await here.people.writes("subscribe frontex")
        twin = await here.people.again(event)
        await here.done(event)
        await here.done(twin)
        assert sum("Subscribed" in shown.seen for shown in api.shown) == 1

    chat(work)


def test_what_takes_long_is_acknowledged_first(api: SlackApi, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.ACKED_WITHIN", 0.0)

    async def work(here: Slackroom) -> None:
        found = await here.commands("search kosovo", channel="C1")
        assert "car plates" in found.seen
        assert found.only_for == "U1"
        [envelope] = api.envelopes.values()
        assert envelope.ack == {}
        assert ("response_url" in {method for method, _ in api.calls}) is True

    chat(work)


def test_an_export_is_a_file_in_one_s_own_conversation(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.done(await here.people.commands("export kosovo", channel="C1"))
        [file] = [shown for shown in api.shown if shown.file]
        assert file.channel == "D1"
        assert file.file is not None
        assert b"car plates" in file.file[1]
        [said] = [shown for shown in api.shown if shown.only_for]
        assert said.channel == "C1"

    chat(work)


def test_a_response_url_that_is_used_up_is_gone_past(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        first = await here.commands("search kosovo", channel="C1")
        api.script["response_url"].extend([Garbage(), Garbage()])
        await here.done(await here.people.presses(first, "Ring me for this"))
        assert here.subscriptions(DESK) == ["kosovo"]
        press = await here.people.presses(first, "Ring me for this")
        key = str(press.payload["response_url"]).rsplit("/", 1)[1]
        api.responses[key] = (press, 5)
        await here.done(press)
        assert api.shown[-1].seen.startswith("You have this already")
        assert api.shown[-1].only_for == "U1"

    chat(work)


def test_a_refresh_leaves_no_gap_and_loses_no_command(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        for reason in ("warning", "refresh_requested"):
            opened = api.opened
            before = await here.people.commands("subscribe frontex", channel="C1")
            await api.disconnect(reason)
            during = await here.people.commands("search kosovo", channel="C1")
            await api.until(partial(opened_since, api, opened))
            after = await here.people.commands("subscriptions", channel="C1")
            for envelope in (before, during, after):
                await here.done(envelope)
                assert envelope.ack
        assert here.said == ["Slack: listening as @newsbell"]

    chat(work)


def test_a_broken_connection_comes_back(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        opened = api.opened
        api.script["apps.connections.open"].extend([Garbage(), Cut(after=False), Fails("ratelimited", retry_after=1)])
        await api.break_off()
        event = await here.people.writes("kosovo")
        await api.until(lambda: api.opened > opened)
        await here.done(event)
        assert "car plates" in api.shown[-1].seen
        assert here.said[1:] == [
            "Slack: it answers nothing that can be read; trying again",
            "Slack: it cannot be reached (is there a network? SLACK_API_URL?); trying again",
            "Slack: it asks for a pause; trying again",
            "Slack: it works again",
        ]

    chat(work)


@pytest.mark.parametrize(
    ("reason", "said"), [("too_many_websockets", "ten connections"), ("link_disabled", "Socket Mode is turned off")]
)
def test_what_does_not_pass_by_itself_is_said_once(api: SlackApi, chat: Chat, reason: str, said: str) -> None:
    async def work(here: Slackroom) -> None:
        opened = api.opened
        await api.disconnect(reason)
        await api.until(lambda: api.opened > opened and len(here.said) == 3)
        assert said in here.said[1]
        assert here.said[2] == "Slack: it works again"
        assert "car plates" in (await here.commands("search kosovo")).seen

    chat(work)


def test_a_command_that_changed_something_before_a_crash_is_not_carried_out_again(
    api: SlackApi, room: Newsroom
) -> None:
    async def work() -> None:
        async with serving(api):
            async with listening(api, room) as here:
                event = await here.done(await here.people.writes("subscribe frontex"))
            async with listening(api, room) as here:
                await here.done(await here.people.again(event))
                assert here.subscriptions() == ["frontex"]
                assert sum("Subscribed" in shown.seen for shown in api.shown) == 1

    asyncio.run(work())


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"type": "app_uninstalled"}, "removed from the workspace"),
        ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT"]}}, "SLACK_BOT_TOKEN was revoked"),
    ],
)
def test_an_app_that_was_removed_ends_slack_with_one_clear_line(
    chat: Chat, event: dict[str, object], said: str
) -> None:
    async def work(here: Slackroom) -> None:
        await here.people.event(event)
        with pytest.raises(ConfigError, match=said):
            await here.running
        assert not here.slack.is_up

    chat(work)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"script": ("auth.test", Fails("invalid_auth"))}, "Slack refuses SLACK_BOT_TOKEN"),
        ({"script": ("apps.connections.open", Fails("invalid_auth"))}, "Slack refuses SLACK_APP_TOKEN"),
        ({"script": ("apps.connections.open", Fails("not_allowed_token_type"))}, "token of another kind"),
        ({"scopes": SCOPES - {"files:write"}}, "lacks the scope files:write"),
        ({"scopes": SCOPES - {"groups:read", "files:write"}}, "the scopes files:write (for exports), groups:read"),
        ({"app_scopes": frozenset()}, "SLACK_APP_TOKEN lacks the scope connections:write"),
        ({"dead": Fails("token_revoked")}, "SLACK_BOT_TOKEN was revoked"),
        ({"dead": Fails("account_inactive")}, "removed from the workspace"),
    ],
)
def test_a_token_of_no_use_is_named_with_what_to_do(
    api: SlackApi, chat: Chat, change: dict[str, Any], said: str
) -> None:
    for name, value in change.items():
        if name == "script":
            api.script[value[0]].append(value[1])
        else:
            setattr(api, name, value)

    async def work(here: Slackroom) -> None:
        with pytest.raises(ConfigError, match=re.escape(said)):
            await here.running
        assert here.said == []
        assert not here.slack.is_up

    chat(work)


def test_a_slack_that_is_not_there_is_waited_for(api: SlackApi, chat: Chat) -> None:
    api.script["auth.test"].extend([Cut(after=False), Fails("ratelimited", retry_after=1), Fails("fatal_error")])

    async def work(here: Slackroom) -> None:
        assert "car plates" in (await here.commands("search kosovo")).seen
        assert here.said[0] == "Slack: it cannot be reached (is there a network? SLACK_API_URL?); trying again"
        assert here.said[-2:] == ["Slack: it works again", "Slack: listening as @newsbell"]

    chat(work)


def test_a_stranger_asks_and_is_let_in_and_nothing_else_acts(api: SlackApi, chat: Chat, room: Newsroom) -> None:
    guard(room, Access.INVITED, frozenset((ANA,)))
    settings = replace(room.app.settings, admins=frozenset((ANA,)), access=Access.INVITED)
    object.__setattr__(room.app, "settings", settings)

    async def work(here: Slackroom) -> None:
        for asked in (
            await here.writes("kosovo", "U2"),
            await here.commands("subscribe frontex", "U2", "C1"),
            await here.commands("search kosovo", "U2", "C1"),
        ):
            assert "for those who are invited" in asked.seen
        await here.done(await here.people.opens_home("U2"))
        assert len(api.homes["U2"]["blocks"]) <= 4
        assert "for those who are invited" in str(api.homes["U2"])
        assert "Add a subscription" not in str(api.homes["U2"])
        await here.done(await here.people.presses_at_home("Ask", "U2"))
        await here.deliver()
        [card] = [shown for shown in api.shown if shown.channel == "D1"]
        assert "Bob" in card.seen
        await here.presses(card, "Approve", "U2")
        assert here.subscriptions(Address("slack", "U2")) == []
        await here.presses(card, "Approve")
        await here.deliver()
        assert "car plates" in (await here.writes("kosovo", "U2")).seen
        await here.done(await here.people.opens_home("U2"))
        assert "Add a subscription" in str(api.homes["U2"])
        assert here.room.app.store.read(lambda session: session.chats.at(Address("slack", "U3"))) is None

    chat(work)


def test_members_change_a_channel_and_are_asked_before_they_end_what_others_made(chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.commands("subscribe frontex", channel="C1")
        await here.commands("subscribe kosovo", "U2", "C1")
        asked = await here.commands("unsubscribe 1", "U2", "C1")
        assert "Subscription 1 (frontex) was made by somebody else" in asked.seen
        assert here.subscriptions(DESK) == ["frontex", "kosovo"]
        assert (await here.commands("unsubscribe 2", "U2", "C1")).seen.startswith("Ended: 2")
        assert (await here.presses(asked, "End it all the same", "U2")).seen.startswith("Ended: 1")
        assert here.subscriptions(DESK) == []
        await here.commands("undo", channel="C1")
        assert "somebody else" in (await here.commands("unsubscribe frontex", "U2", "C1")).seen
        assert (await here.commands("unsubscribe frontex yes", "U2", "C1")).seen.startswith("Ended: 1")

    chat(work)


def test_an_admin_locks_a_channel(api: SlackApi, chat: Chat) -> None:
    api.people["U2"].is_admin = True

    async def work(here: Slackroom) -> None:
        await here.commands("subscribe frontex", channel="C1")
        assert "Only an admin" in (await here.commands("settings lock on", channel="C1")).seen
        assert (await here.commands("settings lock on", "U2", "C1")).seen.startswith("Locked")
        refused = await here.commands("subscribe kosovo", channel="C1")
        assert "Only this chat's admins" in refused.seen
        assert "car plates" in (await here.commands("search kosovo", channel="C1")).seen
        assert "Only admins change this channel" in (await here.commands("settings", channel="C1")).seen
        assert (await here.commands("subscribe kosovo", "U2", "C1")).seen.startswith("Subscribed")
        assert (await here.commands("settings lock off", "U2", "C1")).seen.startswith("Unlocked")
        assert (await here.commands("subscribe migration", channel="C1")).seen.startswith("Subscribed")
        assert "lock" not in (await here.commands("settings")).seen

    chat(work)


def test_whoever_forgets_themselves_is_not_remembered_as_a_maker(chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.commands("subscribe frontex", channel="C1")
        await here.commands("forget yes")
        assert (await here.commands("unsubscribe 1", "U2", "C1")).seen.startswith("Ended: 1")

    chat(work)


def test_a_story_that_grows_changes_its_alert_and_its_outlets_are_named_below_it(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        await here.commands("subscribe frontex", channel="C1")
        here.room.take(FRONTEX)
        await here.deliver()
        alert = api.shown[-1]
        for hours, outlet in ((1, "Adriatic Courier"), (2, "Save Herald")):
            here.room.wait(hours=hours)
            here.room.take(replace(FRONTEX, guid=outlet, source=outlet, url=f"https://example.org/{len(outlet)}"))
            for _ in range(3):
                here.room.wait(minutes=20)
                await here.deliver()
        assert alert.edits == 2
        assert "+2 sources: Adriatic Courier and Save Herald" in alert.seen
        below = [shown for shown in api.shown if shown.thread == alert.ts]
        assert [shown.links[0][1] for shown in below] == ["https://example.org/16", "https://example.org/11"]
        assert api.shown.index(alert) == len(api.shown) - 3

    chat(work)


def test_an_answer_whose_connection_is_gone_comes_all_the_same(api: SlackApi, chat: Chat) -> None:
    async def work(here: Slackroom) -> None:
        opened = api.opened
        async with here.slack._turn("slack:C1"):
            asked = await here.people.commands("search kosovo", channel="C1")
            await api.break_off()
            await api.until(partial(opened_since, api, opened))
        await here.done(asked)
        [found] = api.shown
        assert "car plates" in found.seen
        assert found.only_for == "U1"
        assert asked.ack == {}

    chat(work)
