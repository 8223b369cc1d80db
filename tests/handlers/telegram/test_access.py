"""Who may use the bot, in Telegram: strangers, groups, admins' cards, invites, inline mode, and restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count

import pytest

from bot.core.access import Access, Standing
from bot.core.door import Door
from bot.core.model import Address
from handlers.quotas import Quotas
from tests.botapi.people import person
from tests.botapi.server import BotApi, Fails, Shown, member, serving
from tests.handlers.conftest import room, template
from tests.handlers.newsroom import Newsroom
from tests.handlers.telegram.chatroom import Chatroom, chatroom, listening
from tests.handlers.telegram.test_conversations import rain, subscriptions

__all__ = ["room", "template"]

ANA, BOJAN, STRANGER, GROUP, CHANNEL = 42, 43, 77, -1001, -1009
Chat = Callable[[Callable[[Chatroom], Awaitable[None]]], None]


def private(user: int) -> Address:
    return Address("telegram", str(user))


def guard(room: Newsroom, access: Access = Access.INVITED, *admins: int) -> None:
    """Only some may use this newsroom's bot; Ana and Bojan are its admins."""
    named = frozenset(map(private, admins or (ANA, BOJAN)))
    settings = replace(room.app.settings, admins=named, access=access)
    object.__setattr__(room.app, "settings", settings)
    room.services = replace(room.services, door=Door(access, named))


@pytest.fixture
def chat(api: BotApi, room: Newsroom) -> Chat:
    """Runs a conversation with a bot for those invited."""
    guard(room)

    def run(work: Callable[[Chatroom], Awaitable[None]]) -> None:
        async def body() -> None:
            async with chatroom(api, room) as here:
                await work(here)

        asyncio.run(body())

    return run


def shown_in(api: BotApi, chat: int) -> list[Shown]:
    return [shown for shown in api.shown if shown.chat == chat]


def test_the_menus_of_admins_list_what_only_they_may_do(api: BotApi, chat: Chat) -> None:
    api.strangers.add(BOJAN)

    def verbs(place: str, language: str = "") -> list[str]:
        return [entry["command"] for entry in api.commands.get((place, language), [])]

    async def work(here: Chatroom) -> None:
        await here.telegram.settled(30)
        assert {"access", "invite", "search"} <= set(verbs("chat 42")) == set(verbs("chat 42", "sr"))
        assert not {"access", "invite"} & set(verbs("default"))
        assert verbs("chat 43") == []
        api.strangers.clear()
        await here.asks("/start", BOJAN)
        await here.telegram.settled(30)
        assert verbs("chat 43") == verbs("chat 42")
        before = len(api.calls)
        await here.asks("/status", BOJAN)
        await here.asks("/status", STRANGER)
        await here.telegram.settled(30)
        assert "setMyCommands" not in [method for method, _ in api.calls[before:]]
        assert verbs("chat 77") == []

    chat(work)


def standing(here: Chatroom, address: Address) -> Standing | None:
    guest = here.room.app.store.read(lambda session: session.guests.at(address))
    return guest.standing if guest else None


def test_a_stranger_asks_once_one_admin_decides_and_the_others_see_it(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        for _ in range(2):
            await here.asks("/start", STRANGER, language="sr")
        told = shown_in(api, STRANGER)
        assert told[0].text.startswith("Ovaj newsbell je za pozvane. Administratori su upitani")
        assert "telegram:77" in told[0].text
        assert standing(here, private(STRANGER)) is Standing.ASKED
        for _ in range(2):
            await here.deliver()
        [ana], [bojan] = shown_in(api, ANA), shown_in(api, BOJAN)
        assert ana.text == bojan.text == "Ana (telegram:77) asks to use newsbell."
        assert [button["text"] for button in ana.buttons] == ["Approve", "Deny"]
        await here.presses(ana, "Approve", ANA)
        await here.deliver()
        assert shown_in(api, ANA)[-1].text == "Let in: Ana (telegram:77)."
        for card in (ana, bojan):
            assert card.text.endswith("\nApproved by telegram:42 today 12:00")
            assert card.buttons == []
        assert shown_in(api, STRANGER)[-1].text.startswith("You are let in.")
        assert (await here.asks("/start", STRANGER)).text.startswith("Welcome")

    chat(work)


def test_of_two_admins_the_first_decides_and_the_second_is_told_so(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/start", STRANGER)
        await here.deliver()
        [ana], [bojan] = shown_in(api, ANA), shown_in(api, BOJAN)
        await here.presses(bojan, "Deny", BOJAN)
        late = await here.presses(ana, "Approve", ANA)
        assert late.text.startswith("That was decided: Denied by telegram:43 today 12:00.")
        assert standing(here, private(STRANGER)) is Standing.DENIED
        await here.deliver()
        assert shown_in(api, STRANGER)[-1].text.startswith("The admins decided not to let you in.")
        refused = await here.asks("/start", STRANGER)
        assert "You may ask again Wed 8 Apr 12:00." in refused.text
        before = len(shown_in(api, ANA))
        here.room.wait(days=31)
        await here.asks("/start", STRANGER)
        await here.deliver()
        assert len(shown_in(api, ANA)) == before + 1

    chat(work)


def test_nothing_of_the_bot_acts_for_a_stranger(api: BotApi, chat: Chat, room: Newsroom) -> None:
    room.take(rain(1))

    async def work(here: Chatroom) -> None:
        for line in (
            "/search tirana",
            "tirana",
            "/export tirana",
            "/subscribe tirana",
            "/digest",
            "/start topic-x",
            "/no",
        ):
            answer = await here.asks(line, STRANGER)
            assert answer.text.startswith("This newsbell is for those who are invited."), line
            assert [button["text"] for button in answer.buttons] == ["Ask"]
        for line in ("/help", "/status"):
            assert "Your id here is telegram:77." in (await here.asks(line, STRANGER)).text
        found = await here.asks("/search tirana", ANA)
        stolen = replace(found, chat=STRANGER)
        press = await here.people.presses(stolen, "Ring me for this", STRANGER)
        await here.done(int(press.removeprefix("press")) + 2)
        await here.telegram.settled(30)
        assert press in api.answered
        assert api.shown[-1].text.startswith("This newsbell is for those who are invited.")
        asked = {"id": "q1", "from": person(STRANGER), "query": "tirana", "offset": ""}
        await here.done((await here.people.update(inline_query=asked))["update_id"])
        await api.until(lambda: "q1" in api.found)
        assert api.found["q1"]["results"] == []
        assert room.app.store.read(lambda session: session.chats.at(private(STRANGER))) is None
        asked = {"id": "q2", "from": person(ANA), "query": "tirana", "offset": ""}
        await here.done((await here.people.update(inline_query=asked))["update_id"])
        await api.until(lambda: "q2" in api.found)
        assert len(api.found["q2"]["results"]) == 1

    chat(work)


def test_a_group_that_a_stranger_brings_the_bot_to_is_let_in_or_not(api: BotApi, chat: Chat) -> None:
    api.members[GROUP, STRANGER] = "creator"

    async def work(here: Chatroom) -> None:
        await here.done((await here.people.membership(GROUP, "member", STRANGER))["update_id"])
        await here.telegram.settled(30)
        [told] = shown_in(api, GROUP)
        assert told.text.startswith("This newsbell is for those who are invited. Its admins have been asked")
        assert "This chat is telegram:-1001." in told.text
        assert here.room.app.store.read(lambda session: session.chats.threads("telegram", str(GROUP))) == []
        rights = await here.people.membership(GROUP, "administrator", STRANGER, old="member")
        await here.done(rights["update_id"])
        await here.telegram.settled(30)
        assert len(api.shown) == 1, "that the bot's rights change there is nothing new"
        assert (await here.asks("/search kosovo", GROUP, user=STRANGER)).text.startswith("The admins were asked")
        await here.deliver()
        [card] = shown_in(api, ANA)
        assert card.text == "Desk (telegram:-1001) asks to use newsbell; telegram:77 has brought it there."
        await here.presses(card, "Approve", ANA)
        await here.deliver()
        assert shown_in(api, GROUP)[-1].text.startswith("You are let in.")
        topic = await here.asks("/subscribe kosovo", GROUP, user=STRANGER, thread=7)
        assert topic.text.startswith("Subscribed"), "a group is let in with all its topics"
        assert standing(here, private(STRANGER)) is None, "and nobody in it elsewhere"

    chat(work)


def test_an_admin_brings_the_bot_where_they_like(api: BotApi, chat: Chat) -> None:
    api.members[GROUP, ANA] = "member"

    async def work(here: Chatroom) -> None:
        await here.done((await here.people.membership(GROUP, "member", ANA))["update_id"])
        await here.telegram.settled(30)
        assert api.shown == []
        assert "car plates" in (await here.asks("/search kosovo", GROUP, user=STRANGER)).text
        assert (await here.asks("/search kosovo", -2002, user=STRANGER)).text.startswith("This newsbell is for those")
        assert (await here.asks("/subscribe kosovo", -2002, user=ANA)).text.startswith("Subscribed")
        assert "car plates" in (await here.asks("/search kosovo", -2002, user=STRANGER)).text

    chat(work)


def test_a_channel_that_a_stranger_adds_the_bot_to_is_not_written_into(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        change = {"chat": {"id": CHANNEL, "type": "channel", "title": "News"}, "from": person(STRANGER), "date": 1}
        change |= {"old_chat_member": member(1, "left"), "new_chat_member": member(1, "administrator")}
        await here.done((await here.people.update(my_chat_member=change))["update_id"])
        await here.telegram.settled(30)
        assert api.shown == []
        assert standing(here, Address("telegram", str(CHANNEL))) is Standing.ASKED

    chat(work)


def test_an_invite_is_a_link_that_lets_one_in_even_of_two_at_the_same_moment(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        refused = await here.asks("/invite", STRANGER)
        assert refused.text.startswith("This newsbell is for those")
        made = await here.asks("/invite", ANA)
        [link] = [word for word in made.text.split() if word.startswith("https://")]
        base, _, code = link.partition("?start=")
        assert base == "https://t.me/newsbell_bot"
        assert len(code) <= 64
        updates = [{"message": here.people.message(f"/start {code}", user)} for user in (STRANGER, 78)]
        for update in updates:
            api.updates.append({"update_id": next(here.people.numbers), **update})
        await api.push({"update_id": (last := next(here.people.numbers)), "message": here.people.message("/help", 42)})
        await here.done(last)
        await here.telegram.settled(30)
        first, second = (shown_in(api, user)[-1].text for user in (STRANGER, 78))
        assert sorted([first.startswith("Welcome"), second.startswith("Welcome")]) == [False, True]
        loser = 78 if first.startswith("Welcome") else STRANGER
        assert shown_in(api, loser)[-1].text.startswith("This invite was used already")
        another = (await here.asks("/invite", ANA)).text
        here.room.wait(days=8)
        code = another.split("?start=")[1].split()[0]
        assert (await here.asks(f"/start {code}", loser)).text.startswith("This invite was used already, or is over.")

    chat(work)


def test_a_flood_of_strangers_is_five_cards_and_one_message(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        for user in range(100, 112):
            await here.asks("/start", user)
        await here.deliver()
        here.room.wait(minutes=31)
        await here.deliver()
        told = shown_in(api, ANA)
        assert len(told) == 6
        assert "12 people and groups wait to be let in: /access" in told[-1].text
        listed = await here.asks("/access", ANA)
        assert "12 waiting" in listed.text
        assert len(listed.buttons) == 20
        await here.presses(listed, "Deny 12", ANA)
        assert standing(here, private(111)) is Standing.DENIED

    chat(work)


def test_who_is_no_longer_let_in_hears_nothing_more_and_loses_nothing(api: BotApi, chat: Chat, room: Newsroom) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/access approve telegram:77", ANA)
        await here.asks("/subscribe tirana", STRANGER)
        await here.asks("/access revoke telegram:77", ANA)
        room.take(rain(1))
        room.wait(minutes=2)
        await here.deliver()
        back = await here.people.membership(STRANGER, "member", STRANGER, old="kicked")
        await here.done(back["update_id"])
        room.wait(minutes=2)
        await here.deliver()
        assert "Your access was taken back" in (await here.asks("/resume", STRANGER)).text
        assert not any("Rain" in shown.text for shown in shown_in(api, STRANGER))
        await here.asks("/access approve telegram:77", BOJAN)
        room.wait(minutes=2)
        await here.deliver()
        assert "Rain number 1" in shown_in(api, STRANGER)[-1].text
        assert subscriptions(here, private(STRANGER)) == ["tirana"]

    chat(work)


def test_only_admins_where_only_admins_may(api: BotApi, room: Newsroom) -> None:
    guard(room, Access.ADMINS)
    api.members[GROUP, ANA] = "creator"

    async def work() -> None:
        async with chatroom(api, room) as here:
            assert (await here.asks("/start", STRANGER)).text.startswith("This newsbell is for its admins only.")
            assert standing(here, private(STRANGER)) is None
            assert "Nobody can be invited" in (await here.asks("/invite", ANA)).text
            await here.done((await here.people.membership(GROUP, "member", STRANGER))["update_id"])
            assert (await here.asks("/search kosovo", GROUP, user=STRANGER)).text.startswith("This newsbell is for its")
            assert "car plates" in (await here.asks("/search kosovo", GROUP, user=ANA)).text
            assert (await here.asks("/subscribe tirana", GROUP, user=ANA)).text.startswith("Subscribed")
            room.app.store.write(lambda session: room.services.door.settle(session, room.now))
            room.take(rain(1))
            await here.deliver()
            assert "Rain number 1" in shown_in(api, GROUP)[-1].text

    asyncio.run(work())


def test_what_was_asked_and_decided_outlives_a_restart(api: BotApi, room: Newsroom) -> None:
    guard(room)
    api.refusals[BOJAN] = Fails(403, "Forbidden: bot can't initiate conversation with a user")

    async def work() -> None:
        async with serving(api):
            async with listening(api, room) as here:
                await here.asks("/start", STRANGER)
                await here.deliver()
                [card] = shown_in(api, ANA)
            async with listening(api, room) as here:
                here.people.numbers = count(100)
                await here.presses(card, "Deny", ANA)
            async with listening(api, room) as here:
                here.people.numbers = count(200)
                await here.deliver()
                assert card.text.endswith("Denied by telegram:42 today 12:00")
                del api.refusals[BOJAN]
                await here.asks("/start", BOJAN)
                room.wait(hours=1)
                await here.deliver()
                assert all("asks to use" not in shown.text for shown in shown_in(api, BOJAN)), "it is decided"
                assert "You may ask again" in (await here.asks("/start", STRANGER)).text

    asyncio.run(work())


def test_who_was_here_while_everybody_might_be_stays(api: BotApi, room: Newsroom) -> None:
    async def work() -> None:
        async with serving(api):
            async with listening(api, room) as here:
                await here.asks("/subscribe kosovo", STRANGER)
                await here.asks("/search kosovo", 78)
            guard(room)
            room.app.store.write(lambda session: room.services.door.settle(session, room.now))
            async with listening(api, room) as here:
                here.people.numbers = count(100)
                assert "car plates" in (await here.asks("/search kosovo", STRANGER)).text
                assert (await here.asks("/search kosovo", 78)).text.startswith("This newsbell is for those")
                assert "Was here before today 12:00" in (await here.asks("/access", ANA)).text

    asyncio.run(work())


def test_a_chat_that_asks_too_much_is_told_once_and_the_others_go_on(api: BotApi, chat: Chat, room: Newsroom) -> None:
    room.services = replace(room.services, door=Door(), quotas=Quotas(subscriptions=2, commands=6, exports=1))

    async def work(here: Chatroom) -> None:
        assert (await here.asks("/export kosovo", STRANGER)).file is not None
        assert (await here.asks("/export kosovo", STRANGER)).text.startswith("A chat may export 1 times an hour")
        for query in ("kosovo", "tirana"):
            await here.asks(f"/subscribe {query}", STRANGER)
        full = await here.asks("/subscribe skopje", STRANGER)
        assert full.text.startswith("A chat may have 2 subscriptions")
        assert (await here.asks("/subscribe kosovo daily", STRANGER)).text.startswith("Subscription 1 is changed")
        assert "6 commands within a minute" in (await here.asks("/status", STRANGER)).text
        await here.ignores("/status", STRANGER)
        assert "car plates" in (await here.asks("/search kosovo", 78)).text
        for _ in range(8):
            assert "car plates" in (await here.asks("/search kosovo", ANA)).text
        room.wait(seconds=61)
        assert "This chat" in (await here.asks("/status", STRANGER)).text

    chat(work)
