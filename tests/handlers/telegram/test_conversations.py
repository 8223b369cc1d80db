"""Conversations over the real client and a strict server: who is heard where, and what comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from bot.core.errors import StoreFull
from bot.core.model import Address, Article
from bot.core.ports import Session
from handlers.telegram.rights import REMEMBERED_FOR
from tests.botapi.people import person, place, shown_as_reply
from tests.botapi.server import BOT, BotApi, Cut, Fails, Garbage, member, serving
from tests.handlers.conftest import room, template
from tests.handlers.newsroom import Newsroom
from tests.handlers.telegram.chatroom import Chatroom, chatroom, listening
from tests.jobs.accounts import account

__all__ = ["room", "template"]

GROUP, CHANNEL = -1001, -1009
Chat = Callable[[Callable[[Chatroom], Awaitable[None]]], None]


@pytest.fixture
def chat(api: BotApi, room: Newsroom) -> Chat:
    """Runs a conversation."""

    def run(work: Callable[[Chatroom], Awaitable[None]]) -> None:
        async def body() -> None:
            async with chatroom(api, room) as here:
                await work(here)

        asyncio.run(body())

    return run


def subscriptions(here: Chatroom, address: Address) -> list[str]:
    """The queries a chat is subscribed to."""

    def read(session: Session) -> list[str]:
        chat = session.chats.at(address)
        return [entry.query for entry in session.subscriptions.of_chat(chat.id)] if chat else []

    return here.room.app.store.read(read)


WORDS = ("street", "bridge", "roof", "garden", "river", "school", "market", "square")


def rain(number: int) -> Article:
    """A story of its own."""
    title = f"Rain number {number} in Tirana"
    words = " ".join(f"{word}{number}" for word in WORDS)
    text = f"It rained for {number * 7} hours over Tirana: {words}. The city counted {number * 31} flooded cellars."
    return Article(f"rain{number}", title, text, "Shkodra Post", f"https://example.org/rain/{number}", language="en")


def private(user: int = 42) -> Address:
    return Address("telegram", str(user))


def test_a_command_a_search_and_free_text_in_a_private_chat(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        assert (await here.asks("/start")).text.startswith("Welcome to newsbell")
        assert "car plates" in (await here.asks("/search kosovo")).text
        free = await here.asks("kosovo")
        assert free.text.startswith("Taken for a search")
        assert (await here.asks("/subscribe@newsbell_bot migration")).text.startswith("Subscribed")
        assert subscriptions(here, private()) == ["topic:migration"]

    chat(work)


def test_the_menu_is_registered_with_descriptions_by_language(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await api.until(lambda: len(api.commands) == 12)
        english = {entry["command"]: entry["description"] for entry in api.commands["default", ""]}
        assert english["search"] == "search the archive, newest first"
        assert api.commands["default", "sr"] != api.commands["default", ""]
        members = {entry["command"] for entry in api.commands["all_group_chats", ""]}
        assert {"search", "settings"} < members
        assert "subscribe" not in members
        assert api.commands["all_chat_administrators", "sr"] == api.commands["default", "sr"]
        assert here.said == ["Telegram: listening as @newsbell_bot"]

    chat(work)


def test_a_person_is_spoken_to_in_the_language_of_their_telegram(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        assert "Dobro" in (await here.asks("/start", language="sr")).text
        assert (await here.asks("/start", 43, language="de")).text.startswith("Welcome")

    chat(work)


def test_a_button_is_the_command_it_shows(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        welcome = await here.asks("/start")
        topics = await here.presses(welcome, "Topics")
        assert topics.text.startswith("Topics")
        assert (await here.presses(topics, "Subscribe: Balkans")).text.startswith("Subscribed")
        assert len(api.answered) == 2
        assert all("text" not in call for call in api.answered.values())

    chat(work)


def test_a_long_button_outlives_a_restart_and_an_unknown_one_is_answered_politely(api: BotApi, room: Newsroom) -> None:
    query = "kosovo OR " + " OR ".join(f'"car plates {number}"' for number in range(6))

    async def work() -> None:
        async with serving(api):
            async with listening(api, room) as here:
                found = await here.asks(f"/search {query}")
                assert found.buttons[-1]["callback_data"].startswith("#")
            async with listening(api, room) as here:
                assert (await here.presses(found, "Ring me for this")).text.startswith("Subscribed")
                before = len(api.shown)
                press = await here.people.presses_data(found, "#nothingkept")
                await api.until(lambda: press in api.answered)
                assert api.answered[press]["text"].startswith("This button is too old")
                assert len(api.shown) == before

    asyncio.run(work())


def test_search_turns_its_pages_in_place(api: BotApi, chat: Chat, room: Newsroom) -> None:
    room.take(*(rain(number) for number in range(25)))

    async def work(here: Chatroom) -> None:
        first = await here.asks("/search tirana")
        text, before = first.text, len(api.shown)
        await here.presses(first, "More")
        assert len(api.shown) == before
        assert first.edits == 1
        assert first.text != text
        assert "page 2" in first.text
        api.shown.remove(first)
        assert (await here.presses(first, "More")).id != first.id, "where it is gone, the page comes anew"

    chat(work)


def test_what_comes_twice_is_done_once(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        update = await here.people.says("/subscribe kosovo")
        await api.push(update)
        await api.push({**update, "update_id": update["update_id"] + 1})
        await here.done(update["update_id"] + 1)
        assert len(api.shown) == 1
        assert subscriptions(here, private()) == ["kosovo"]

    chat(work)


def test_a_restart_loses_no_command_and_answers_none_twice(api: BotApi, room: Newsroom) -> None:
    async def work() -> None:
        async with serving(api):
            async with listening(api, room) as here:
                first = await here.people.says("/subscribe kosovo")
                await api.until(lambda: api.shown)
            assert api.confirmed < first["update_id"], "stopped before it was confirmed"
            later = here.people
            later.api.updates.append({"update_id": 50, "message": later.message("/subscribe frontex")})
            async with listening(api, room) as here:
                await here.done(50)
            assert [shown.text.splitlines()[0] for shown in api.shown] == [
                "Subscribed: this is subscription 1.",
                "Subscribed: this is subscription 2.",
            ]

    asyncio.run(work())


def test_a_command_that_is_edited_acts_as_it_reads_then(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        update = await here.people.says("/subscrbe kosovo")
        await here.done(update["update_id"])
        edit = await here.people.edits(update["message"], "/subscribe kosovo")
        await here.done(edit["update_id"])
        again = await here.people.edits(update["message"], "/subscribe kosovo")
        await here.done(again["update_id"])
        assert subscriptions(here, private()) == ["kosovo"]
        assert len(api.shown) == 2, "an edit that changes no word is none"

    chat(work)


def test_each_topic_of_a_forum_is_a_chat_of_its_own_and_is_answered_there(api: BotApi, chat: Chat) -> None:
    api.members[GROUP, 42] = "administrator"

    async def work(here: Chatroom) -> None:
        shown = await here.asks("/subscribe kosovo", GROUP, user=42, thread=7)
        assert (shown.chat, shown.thread) == (GROUP, 7)
        assert (await here.asks("/subscriptions", GROUP, user=42)).thread is None
        assert subscriptions(here, Address("telegram", str(GROUP), "7")) == ["kosovo"]
        assert subscriptions(here, Address("telegram", str(GROUP))) == []

    chat(work)


def test_a_thread_of_replies_is_no_topic(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        shown = await here.asks("/search kosovo", GROUP, user=42, message_thread_id=9)
        assert shown.thread is None

    chat(work)


def test_in_a_group_only_what_is_said_to_the_bot_is_heard(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.ignores("what about kosovo?", GROUP, user=42)
        await here.ignores("/search@other_bot kosovo", GROUP, user=42)
        await here.ignores("/roll 20", GROUP, user=42)
        assert "car plates" in (await here.asks("/search kosovo", GROUP, user=42)).text
        assert "car plates" in (await here.asks("/search@Newsbell_Bot kosovo", GROUP, user=42)).text
        assert "car plates" in (await here.asks("@newsbell_bot kosovo", GROUP, user=42)).text
        assert "no command" in (await here.asks("/roll@newsbell_bot 20", GROUP, user=42)).text

    chat(work)


def test_only_admins_change_a_group_and_anyone_searches(api: BotApi, chat: Chat) -> None:
    api.members[GROUP, 42] = "creator"

    async def work(here: Chatroom) -> None:
        refused = await here.asks("/subscribe kosovo", GROUP, user=43)
        assert refused.text.startswith("Only this chat's admins")
        assert (await here.asks("/settings", GROUP, user=43)).text.startswith("Settings")
        assert (await here.asks("/settings language sr", GROUP, user=43)).text.startswith("Only this chat's admins")
        asked = [call for method, call in api.calls if method == "getChatMember"]
        assert len(asked) == 1, "an answer is remembered for a while"
        found = await here.asks("/search kosovo", GROUP, user=43)
        before = len(api.shown)
        press = await here.people.presses(found, "Ring me for this", user=43)
        await api.until(lambda: press in api.answered)
        assert api.answered[press]["text"].startswith("Only this chat's admins")
        assert len(api.shown) == before
        await here.presses(found, "Ring me for this", user=42)
        assert subscriptions(here, Address("telegram", str(GROUP))) == ["kosovo"]

    chat(work)


def test_who_becomes_an_admin_may_change_things_at_once(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe kosovo", GROUP, user=43)
        api.members[GROUP, 43] = "administrator"
        change = {"chat": place(GROUP), "from": person(42), "date": 1}
        change |= {"old_chat_member": member(43, "member"), "new_chat_member": member(43, "administrator")}
        await here.people.update(chat_member=change)
        assert (await here.asks("/subscribe kosovo", GROUP, user=43)).text.startswith("Subscribed")
        api.members[GROUP, 43] = "member"
        change |= {"old_chat_member": member(43, "administrator"), "new_chat_member": member(43, "member")}
        await here.people.update(chat_member=change)
        assert (await here.asks("/unsubscribe 1", GROUP, user=43)).text.startswith("Only this chat's admins")

    chat(work)


def test_where_standings_are_not_told_of_an_admin_is_asked_for_anew_after_a_minute(
    api: BotApi, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.members[GROUP, 43] = "administrator"

    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe kosovo", GROUP, user=43)
        api.members[GROUP, 43] = "member"
        assert (await here.asks("/subscribe drina", GROUP, user=43)).text.startswith("Subscribed")
        monkeypatch.setattr("handlers.telegram.rights.REMEMBERED_FOR", 0.0)
        assert (await here.asks("/unsubscribe 1", GROUP, user=43)).text.startswith("Only this chat's admins")

    assert REMEMBERED_FOR == 60
    chat(work)


def test_an_admin_who_stays_anonymous_and_a_channel_may_change_things(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        hidden = {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "Desk"}}
        assert (await here.asks("/subscribe kosovo", GROUP, user=1087968824, **hidden)).text.startswith("Subscribed")
        assert (await here.asks("/subscribe kosovo", CHANNEL, kind="channel")).text.startswith("Subscribed")
        assert subscriptions(here, Address("telegram", str(CHANNEL))) == ["kosovo"]

    chat(work)


def test_a_deep_link_subscribes_to_its_topic(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        assert (await here.asks("/start topic-migration")).text.startswith("Subscribed")
        assert (await here.asks("/start anything")).text.startswith("Welcome")
        assert subscriptions(here, private()) == ["topic:migration"]

    chat(work)


def test_a_followed_story_is_told_again_in_reply_to_its_alert(api: BotApi, chat: Chat, room: Newsroom) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe frontex")
        room.take(account("ferry", 0))
        await here.deliver()
        alert = api.shown[-1]
        assert [button["text"] for button in alert.buttons] == ["Follow", "Mute story", "Save", "Not relevant"]
        assert (await here.asks("/follow", reply_to=shown_as_reply(alert))).text.startswith("You follow this story: ")
        room.wait(minutes=1)
        room.take(account("ferry", 1))
        await here.deliver()
        assert api.shown[-1].text.startswith("Another account of a story you follow: ")
        assert api.shown[-1].buttons[0] == {"text": "Unfollow", "callback_data": "/unfollow 10"}
        [replied] = [call["reply_parameters"] for _, call in api.calls if call.get("reply_parameters")]
        assert json.loads(replied)["message_id"] == alert.id
        again = shown_as_reply(api.shown[-1])
        assert (await here.asks("/unfollow", reply_to=again)).text.startswith("You follow it no more: ")

    chat(work)


def test_why_in_reply_to_an_alert_explains_that_alert(api: BotApi, chat: Chat, room: Newsroom) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe tirana")
        room.take(rain(1), rain(2))
        await here.deliver()
        alert = api.shown[-1]
        assert alert.text.startswith("2 new stories")
        room.take(rain(3))
        room.wait(seconds=30)
        await here.deliver()
        why = await here.asks("/why", reply_to=shown_as_reply(alert))
        assert why.text.startswith("Rain number 1 in Tirana")
        assert "Sent (alert): today 12:00" in why.text

    chat(work)


def test_an_alert_rings_with_a_preview_and_edits_itself_when_its_story_grows(
    api: BotApi, chat: Chat, room: Newsroom
) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe tirana")
        room.take(rain(1))
        await here.deliver()
        alert = api.shown[-1]
        assert alert.preview == "https://example.org/rain/1"
        assert not alert.silent
        [marked] = [entity for entity in alert.entities if entity.tag == "b" and entity.offset > 60]
        assert alert.text[marked.offset : marked.offset + marked.length] == "Tirana"
        before = len(api.shown)
        room.wait(minutes=10)
        room.take(replace(rain(1), guid="copy", source="Vardar Herald", url="https://example.org/copy"))
        for _ in range(2):
            await here.deliver()
            room.wait(minutes=30)
        assert len(api.shown) == before, "never a second ping"
        assert alert.edits == 1
        assert "+1 source: Vardar Herald" in alert.text

    chat(work)


def test_blocking_pauses_and_coming_back_resumes(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe kosovo")
        gone = await here.people.membership(42, "kicked", old="member")
        await here.done(gone["update_id"])
        assert here.chat().is_away
        back = await here.people.membership(42, "member", old="kicked")
        await here.done(back["update_id"])
        assert not here.chat().is_away
        assert subscriptions(here, private()) == ["kosovo"]

    chat(work)


def test_a_group_that_removes_the_bot_pauses_every_topic_and_knows_who_let_it_in(api: BotApi, chat: Chat) -> None:
    api.members[GROUP, 42] = "creator"

    async def work(here: Chatroom) -> None:
        await here.done((await here.people.membership(GROUP, "member", 42))["update_id"])
        for thread in (None, 7):
            await here.asks("/subscribe kosovo", GROUP, user=42, thread=thread)
        await here.done((await here.people.membership(GROUP, "left", 42, "member"))["update_id"])
        topic = Address("telegram", str(GROUP), "7")
        assert here.chat(Address("telegram", str(GROUP))).is_away
        assert here.chat(topic).is_away
        await here.done((await here.people.membership(GROUP, "member", 42))["update_id"])
        assert not here.chat(topic).is_away
        assert here.chat(topic).owner == private()

    chat(work)


def test_a_topic_that_is_closed_waits_until_it_is_opened(api: BotApi, chat: Chat, room: Newsroom) -> None:
    api.members[GROUP, 42] = "creator"
    topic = Address("telegram", str(GROUP), "7")

    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe tirana", GROUP, user=42, thread=7)
        api.refusals[GROUP] = Fails(400, "Bad Request: TOPIC_CLOSED")
        room.take(rain(1))
        await here.deliver()
        assert here.chat(topic).is_away
        assert subscriptions(here, topic) == ["tirana"]
        del api.refusals[GROUP]
        opened = here.people.message("", GROUP, user=42, thread=7, forum_topic_reopened={})
        await here.done((await here.people.update(message=opened | {"text": None}))["update_id"])
        assert not here.chat(topic).is_away
        await here.deliver()
        assert "Rain number 1 in Tirana" in api.shown[-1].text
        assert api.shown[-1].thread == 7

    chat(work)


def test_the_list_of_sources_comes_as_a_file(api: BotApi, chat: Chat, room: Newsroom) -> None:
    object.__setattr__(room.app, "settings", replace(room.app.settings, admins=frozenset([private(42)])))

    async def work(here: Chatroom) -> None:
        await here.asks("/export kosovo")
        table = api.shown[-1].file
        assert table is not None
        assert table[0].endswith(".csv")
        assert "car plates" in table[1].decode()
        await here.asks("/export sources")
        assert api.shown[-1].file is not None
        assert api.shown[-1].file[0] == "newsbell-sources-2026-03-09.opml"
        assert (await here.asks("/export sources", 43)).text.startswith("Only admins")

    chat(work)


@pytest.mark.parametrize("told_first", ["old", "new"])
def test_a_group_that_becomes_a_supergroup_keeps_everything(api: BotApi, chat: Chat, told_first: str) -> None:
    old, new = -55, -100055
    api.members[old, 42] = "creator"

    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe kosovo", old, user=42, kind="group")
        told = [
            here.people.message("", old, user=42, migrate_to_chat_id=new),
            here.people.message("", new, user=42, migrate_from_chat_id=old),
        ]
        for message in told if told_first == "old" else told[::-1]:
            message.pop("text")
            await here.done((await here.people.update(message=message))["update_id"])
        assert subscriptions(here, Address("telegram", str(new))) == ["kosovo"]
        assert subscriptions(here, Address("telegram", str(old))) == []

    chat(work)


def test_a_group_that_moved_without_a_word_is_followed_by_answers_and_alerts(
    api: BotApi, chat: Chat, room: Newsroom
) -> None:
    old, new = -55, -100055
    api.members[old, 42] = "creator"

    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe tirana", old, user=42, kind="group")
        api.refusals[old] = Fails(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": new})
        room.take(rain(1))
        await here.deliver()
        room.wait(minutes=5)
        await here.deliver()
        assert (api.shown[-1].chat, api.shown[-1].text.splitlines()[0]) == (new, "Rain number 1 in Tirana")
        shown = await here.asks("/search tirana", old, user=42, kind="group")
        assert shown.chat == new

    chat(work)


@pytest.mark.parametrize("error_first", [True, False])
def test_a_move_that_is_told_by_an_error_and_by_messages_is_one_move(
    api: BotApi, chat: Chat, room: Newsroom, error_first: bool
) -> None:
    old, new = -55, -100055
    api.members |= {(old, 42): "creator", (new, 42): "creator"}
    moved = Fails(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": new})

    async def work(here: Chatroom) -> None:
        async def messages() -> None:
            for message in (
                here.people.message("", old, user=42, migrate_to_chat_id=new),
                here.people.message("", new, user=42, migrate_from_chat_id=old),
            ):
                await here.done((await here.people.update(message=message | {"text": None}))["update_id"])

        async def error() -> None:
            api.refusals[old] = moved
            room.take(rain(1))
            for _ in range(2):
                await here.deliver()
                room.wait(minutes=5)

        await here.asks("/subscribe tirana", old, user=42, kind="group")
        for step in (error, messages) if error_first else (messages, error):
            await step()
        assert (await here.asks("/subscribe kosovo", old, user=42, kind="group")).chat == new
        alerts = [shown for shown in api.shown if shown.text.startswith("Rain number 1")]
        assert [shown.chat for shown in alerts] == [new]
        assert subscriptions(here, Address("telegram", str(new))) == ["tirana", "kosovo"]
        assert room.app.store.read(lambda session: session.chats.threads("telegram", str(old))) == []

    chat(work)


def test_answers_survive_a_bad_connection(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        api.script["sendMessage"].extend([Garbage(), Cut(after=False), None])
        assert "car plates" in (await here.asks("/search kosovo")).text
        api.script["sendMessage"].append(Fails(400, "Bad Request: can't parse entities"))
        plain = await here.asks("/search kosovo")
        assert plain.entities == []
        assert "car plates" in plain.text

    chat(work)


def test_a_chat_that_cannot_be_answered_is_paused(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe kosovo")
        api.refusals[42] = Fails(403, "Forbidden: bot was blocked by the user")
        await here.done((await here.people.says("/search kosovo"))["update_id"])
        assert here.chat().is_away

    chat(work)


def test_other_bots_and_forwarded_posts_are_not_answered(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        robot = {**BOT, "id": 77, "username": "other_bot"}
        update = await here.people.update(message=here.people.message("/search kosovo", GROUP) | {"from": robot})
        await here.done(update["update_id"])
        await here.ignores("/search kosovo", GROUP, user=42, is_automatic_forward=True)
        assert here.api.shown == []

    chat(work)


def test_an_update_of_no_use_holds_up_nobody(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.people.update(
            message=here.people.message("x") | {"text": None, "location": {"latitude": 1, "longitude": 2}}
        )
        await here.people.update(message_reaction={"chat": {"id": 42, "type": "private"}, "message_id": 1, "date": 1,
                                                   "old_reaction": [], "new_reaction": []})  # fmt: skip
        await here.people.update(message={"unreadable": True})
        assert (await here.asks("/start")).text.startswith("Welcome")

    chat(work)


def test_whom_the_settings_name_is_an_admin_in_every_chat(chat: Chat, room: Newsroom) -> None:
    object.__setattr__(room.app, "settings", replace(room.app.settings, admins=frozenset([private(42)])))

    async def work(here: Chatroom) -> None:
        assert "Only admins" in (await here.asks("/sources remove Wire", 43)).text
        assert "Only admins" not in (await here.asks("/sources remove Wire", 42)).text
        assert "telegram:43" in (await here.asks("/status", 43)).text
        assert "Your id here is telegram:43." in (await here.asks("/start", 43)).text
        assert "You: telegram:43" in (await here.asks("/status", GROUP, user=43)).text

    chat(work)


def test_inline_mode_finds_articles_to_share_in_any_chat(api: BotApi, chat: Chat, room: Newsroom) -> None:
    room.take(*(rain(number) for number in range(25)))

    async def ask(here: Chatroom, number: str, query: str, offset: str = "") -> dict[str, Any]:
        asked = {"id": number, "from": person(77), "query": query, "offset": offset}
        await here.done((await here.people.update(inline_query=asked))["update_id"])
        await api.until(lambda: number in api.found)
        return api.found[number]

    async def work(here: Chatroom) -> None:
        first = await ask(here, "q1", "tirana")
        assert len(first["results"]) == 10
        assert first["next_offset"] == "2"
        [result, *_] = first["results"]
        assert result["title"].startswith("Rain number")
        assert result["url"].startswith("https://example.org/rain/")
        content = result["input_message_content"]
        assert content["link_preview_options"] == {"url": result["url"]}
        assert f'<a href="{result["url"]}">' in content["message_text"]
        last = await ask(here, "q2", "tirana", "3")
        assert len(last["results"]) == 5
        assert last.get("next_offset", "") == ""
        assert (await ask(here, "q3", ""))["results"] == []
        assert (await ask(here, "q4", "starmer NEAR/5"))["results"] == []
        assert room.app.store.read(lambda session: session.chats.at(private(77))) is None

    chat(work)


OPML = b"""<opml version="2.0"><body>
<outline type="rss" text="One" xmlUrl="https://one.example/feed"/><outline type="rss" text="Two" xmlUrl="https://two.example/feed"/>
</body></opml>"""


FOLDERS = b"""<opml version="2.0"><body><outline type="folder" text="Inbox" xmlUrl="/etc"/>
<outline type="rss" text="Home" xmlUrl="file:///home"/></body></opml>"""


def test_an_admin_sends_a_list_of_sources_as_a_file(api: BotApi, chat: Chat, room: Newsroom) -> None:
    object.__setattr__(room.app, "settings", replace(room.app.settings, admins=frozenset([private(42)])))
    api.files = {"list": OPML, "junk": b"<html>", "folders": FOLDERS}

    async def work(here: Chatroom) -> None:
        async def hands(file: str, user: int = 42, name: str = "feeds.opml", size: int = 300) -> str:
            before = len(api.shown)
            document = {"file_id": file, "file_unique_id": file, "file_name": name, "file_size": size}
            message = here.people.message("", user) | {"text": None, "document": document}
            await here.done((await here.people.update(message=message))["update_id"])
            await here.telegram.settled(30)
            return api.shown[-1].text if len(api.shown) > before else ""

        assert (await hands("list", 43)).startswith("Only admins")
        assert await hands("list") == "Sources: 2 added, 0 known already, 0 of them listed but off."
        assert await hands("list", name="FEEDS.XML") == "Sources: 0 added, 2 known already, 0 of them listed but off."
        assert (await hands("junk")).startswith("Not added")
        assert await hands("folders") == (
            "Sources: 0 added, 0 known already, 0 of them listed but off.\n"
            "Inbox: not an http or https address: /etc\nHome: not an http or https address: file:///home"
        )
        assert "2 MB" in await hands("list", size=3_000_000)
        assert await hands("list", name="holiday.jpg") == ""

    chat(work)


def test_a_button_without_its_message_is_answered(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        query = {"id": "lost", "from": person(42), "chat_instance": "c", "data": "/start"}
        await here.done((await here.people.update(callback_query=query))["update_id"])
        assert api.answered["lost"]["text"].startswith("This button is too old")

    chat(work)


def test_what_is_in_the_way_is_said_once_and_tried_again(api: BotApi, room: Newsroom) -> None:
    api.script["getMe"].extend([Garbage(), Garbage(), Cut(after=False)])
    api.script["deleteWebhook"].append(Fails(429, "Too Many Requests: retry after 1", {"retry_after": 0.01}))

    async def work() -> None:
        async with serving(api):
            api.script["getUpdates"].extend([None, Fails(409, "Conflict: terminated"), Fails(409, "Conflict"), None])
            async with listening(api, room) as here:
                assert (await here.asks("/start")).text.startswith("Welcome")
                await here.asks("/start")
                said = " | ".join(here.said)
                assert said.count("cannot be reached") == 1
                assert said.count("another program polls") <= 1
                assert api.token not in said

    asyncio.run(work())


def test_nothing_is_claimed_while_telegram_cannot_be_reached(api: BotApi, room: Newsroom) -> None:
    async def work() -> None:
        async with serving(api), listening(api, room) as here:
            await here.asks("/start")
            assert here.telegram.is_up
            api.script["getUpdates"].extend([Garbage()] * 3)
            up: list[tuple[str, bool]] = []
            here.telegram._polling._say = lambda line: up.append((line, here.telegram.is_up))
            await here.people.says("/start")
            await api.until(lambda: not api.script["getUpdates"])
            await here.asks("/start")
            assert [is_up for _, is_up in up] == [False, True], up
            assert here.telegram.is_up

    asyncio.run(work())


def test_a_second_poller_is_told_of_and_the_first_goes_on_when_it_stops(api: BotApi, room: Newsroom) -> None:
    async def work() -> None:
        async with serving(api), listening(api, room) as here:
            async with listening(api, room):
                await api.until(lambda: any("another program polls" in line for line in here.said))
            assert (await here.asks("/start")).text.startswith("Welcome")

    asyncio.run(work())


def test_on_a_full_disk_everybody_is_answered_and_polling_goes_on(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> NoReturn:
        raise StoreFull("database n.db: the disk is full; free some space and try again, nothing was half written")

    async def work(here: Chatroom) -> None:
        await here.asks("/start")
        with monkeypatch.context() as disk:
            disk.setattr(here.room.app.store, "write", full)
            for _ in range(2):
                assert (await here.asks("/search kosovo")).text.startswith("kosovo: 3 articles")
                assert (await here.asks("/subscribe kosovo")).text.startswith(
                    "Nothing was stored, as newsbell's disk is"
                )
                assert (await here.asks("/help", 43)).text
        assert (await here.asks("/subscribe kosovo")).text.startswith("Subscribed: this is subscription 1.")
        assert subscriptions(here, Address("telegram", "42")) == ["kosovo"]

    chat(work)
