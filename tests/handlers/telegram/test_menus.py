"""Menus that change in place, places that people share, and commands given in another chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.core.access import Access, Decision, Standing
from bot.core.model import Address
from bot.core.ports import Session
from tests.botapi.server import BotApi, Fails, Shown
from tests.handlers.conftest import room, template
from tests.handlers.newsroom import Newsroom
from tests.handlers.telegram.chatroom import Chatroom
from tests.handlers.telegram.test_access import guard
from tests.handlers.telegram.test_conversations import CHANNEL, GROUP, chat, private, rain, subscriptions

__all__ = ["chat", "room", "template"]

Chat = Callable[[Callable[[Chatroom], Awaitable[None]]], None]
DESK = Address("telegram", str(CHANNEL))


def test_settings_are_a_menu_that_changes_in_place(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        menu = await here.asks("/settings")
        for label in ("Quiet hours", "22:00-07:00"):
            assert await here.presses(menu, label) is menu
        assert menu.text.startswith("Quiet hours: 22:00-07:00. It was: off.")
        assert str(here.chat().quiet) == "22:00-07:00"
        await here.presses(menu, "Undo")
        assert menu.text == "Undone. Quiet hours: off"
        await here.presses(menu, "All settings")
        await here.presses(menu, "Quiet hours")
        assert "✓ off" in [button["text"] for button in menu.buttons]
        assert len(api.shown) == 1

    chat(work)


def test_a_setting_that_is_so_already_changes_nothing(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        menu = await here.asks("/settings empty")
        await here.presses(menu, "✓ on")
        await here.presses(menu, "✓ on")
        assert "nothing changed" in menu.text
        assert (len(api.shown), menu.edits) == (1, 1)

    chat(work)


def test_subscriptions_change_in_place(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe kosovo")
        menu = await here.asks("/subscriptions")
        for label in ("1. kosovo", "Mondays at 08:00", "Undo", "My subscriptions", "1. kosovo", "Remove"):
            assert await here.presses(menu, label) is menu
        assert subscriptions(here, private()) == []
        await here.presses(menu, "Undo")
        assert subscriptions(here, private()) == ["kosovo"]
        await here.presses(menu, "My subscriptions")
        assert menu.text.startswith("1 subscription\n1. kosovo\nas it happens")
        assert len(api.shown) == 2

    chat(work)


def test_one_subscription_is_paused_and_resumed_in_its_menu(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        await here.asks("/subscribe kosovo")
        menu = await here.asks("/subscriptions")
        await here.presses(menu, "1. kosovo")
        await here.presses(menu, "Pause")
        assert menu.text.startswith("Paused: subscription 1. What comes for it is kept; /resume 1 lets it through.")
        assert "paused since today" in menu.text
        await here.presses(menu, "Undo")
        assert menu.text.startswith("Undone: subscription 1 is heard again.")
        await here.presses(menu, "My subscriptions")
        await here.presses(menu, "1. kosovo")
        await here.presses(menu, "Pause")
        await here.presses(menu, "Resume")
        assert menu.text.startswith("On again: subscription 1.")
        assert len(api.shown) == 2, "all of it in one message"

    chat(work)


def test_a_menu_that_is_gone_comes_anew(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        menu = await here.asks("/settings")
        api.shown.remove(menu)
        assert (await here.presses(menu, "Digest time")).text.startswith("Digest time: 08:00.")

    chat(work)


async def _shares(here: Chatroom, chat: int = 42, **place: object) -> None:
    message = here.people.message("", chat, user=42) | {"text": None, "location": place}
    await here.done((await here.people.update(message=message))["update_id"])
    await here.telegram.settled(30)


def test_a_shared_location_sets_the_time_zone(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        asked = await here.asks("/settings timezone")
        assert "send your location here" in asked.text
        await _shares(here, latitude=43.8563, longitude=18.4131)
        assert api.shown[-1].text.startswith("Time zone: Europe/Sarajevo (now 13:00).")
        assert here.chat().timezone == "Europe/Sarajevo"
        await _shares(here, GROUP, latitude=41.99, longitude=21.43)
        assert len(api.shown) == 2, "where somebody in a group is says nothing about the group"

    chat(work)


def test_a_live_location_is_heard_once(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        said = here.people.message("", 42) | {"text": None}
        first = said | {"location": {"latitude": 44.8, "longitude": 20.5, "live_period": 900}}
        moved = said | {"location": {"latitude": 51.5, "longitude": -0.1, "live_period": 900}, "edit_date": 2}
        await here.people.update(message=first)
        await here.done((await here.people.update(edited_message=moved))["update_id"])
        assert here.chat().timezone == "Europe/Belgrade"

    chat(work)


def test_a_reply_to_a_setting_s_question_is_its_answer(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        asked = await here.asks("/settings timezone")
        answer = await here.asks("Skopje", reply_to=_as_reply(asked))
        assert answer.text.startswith("Time zone: Europe/Skopje")
        other = await here.asks("/settings")
        assert (await here.asks("kosovo", reply_to=_as_reply(other))).text.startswith("Taken for a search")

    chat(work)


def _as_reply(shown: Shown) -> dict[str, object]:
    entities = [
        {"type": "code", "offset": entity.offset, "length": entity.length}
        for entity in shown.entities
        if entity.tag == "code"
    ]
    return {
        "message_id": shown.id, "date": 1, "chat": {"id": shown.chat, "type": "private"}, "text": shown.text,
        "entities": entities, "from": {"id": 1, "is_bot": True, "first_name": "n", "username": "newsbell_bot"},
    }  # fmt: skip


def test_the_language_of_somebody_s_telegram_makes_a_time_zone_likely(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        welcome = await here.asks("/start", language="bs")
        assert "Europe/Sarajevo (sada je 13:00), što je procena" in welcome.text
        assert "procena" in (await here.asks("/settings")).text
        told = await here.asks("/subscribe kosovo daily")
        assert "što je procena" in told.text
        assert "danas" not in told.text
        chosen = await here.asks("/settings timezone Sarajevo")
        assert chosen.text.startswith("Vremenska zona: Europe/Sarajevo (sada je 13:00)")
        assert not here.chat().zone_guessed
        await here.presses(chosen, "Opozovi")
        assert here.chat().zone_guessed
        assert "guess" not in (await here.asks("/start", 43, language="en")).text
        assert here.chat(private(43)).timezone is None

    chat(work)


async def _pick(here: Chatroom, shown: Shown, label: str, chat: int) -> Shown:
    await here.done((await here.people.picks(shown, label, chat))["update_id"])
    await here.telegram.settled(30)
    return here.api.shown[-1]


def test_a_channel_is_subscribed_from_the_private_chat(api: BotApi, chat: Chat, room: Newsroom) -> None:
    api.members |= {(CHANNEL, 42): "creator", (CHANNEL, 1): "administrator"}

    async def work(here: Chatroom) -> None:
        asked = await here.asks("/channel tirana")
        [channel], [group] = asked.picker
        assert channel["request_chat"]["chat_is_channel"]
        assert channel["request_chat"]["bot_administrator_rights"]["can_post_messages"]
        assert group["request_chat"]["bot_is_member"]
        done = await _pick(here, asked, "A channel …", CHANNEL)
        assert done.chat == 42
        assert done.text.startswith("In Desk:\nSubscribed: this is subscription 1.")
        assert done.buttons == [], "they would act on this chat"
        assert subscriptions(here, DESK) == ["tirana"]
        assert subscriptions(here, private()) == []
        assert here.chat(DESK).owner == private()
        room.take(rain(1))
        await here.deliver()
        assert (api.shown[-1].chat, api.shown[-1].text[:4]) == (CHANNEL, "Rain")
        listed = await _pick(here, await here.asks("/channel subscriptions"), "A channel …", CHANNEL)
        assert listed.text.startswith("In Desk:\n\n1 subscription")

    chat(work)


def test_only_a_channel_s_admin_subscribes_it_and_only_where_the_bot_may_post(api: BotApi, chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        asked = await here.asks("/channel kosovo")
        assert (await _pick(here, asked, "A channel …", CHANNEL)).text.startswith("Only an admin of Desk")
        api.members[CHANNEL, 42] = "administrator"
        here.telegram._rights.forget(str(CHANNEL))
        assert (await _pick(here, asked, "A channel …", CHANNEL)).text.startswith("I may not write in Desk")
        api.members |= {(GROUP, 42): "administrator", (GROUP, 1): "left"}
        assert (await _pick(here, asked, "A group …", GROUP)).text.startswith("I may not write in Desk")
        api.members[GROUP, 1] = "member"
        assert (await _pick(here, asked, "A group …", GROUP)).text.startswith("In Desk:\nSubscribed")
        assert here.room.app.store.read(lambda session: session.chats.at(DESK)) is None

    chat(work)


def test_what_nobody_asked_for_is_not_done_where_it_was_picked(api: BotApi, chat: Chat) -> None:
    api.members |= {(CHANNEL, 43): "creator", (CHANNEL, 1): "administrator"}

    async def work(here: Chatroom) -> None:
        asked = await here.asks("/channel kosovo")
        other = replace(asked, chat=43)
        assert (await _pick(here, other, "A channel …", CHANNEL)).text.startswith("This button is too old")
        assert here.room.app.store.read(lambda session: session.chats.at(DESK)) is None

    chat(work)


def test_a_group_has_no_picker(chat: Chat) -> None:
    async def work(here: Chatroom) -> None:
        shown = await here.asks("/channel kosovo", GROUP, user=42)
        assert shown.picker == []
        assert "Say this in the chat" in shown.text

    chat(work)


def test_who_subscribed_first_is_told_when_the_bot_may_not_write_any_more(
    api: BotApi, chat: Chat, room: Newsroom
) -> None:
    api.members |= {(GROUP, 42): "creator", (GROUP, 43): "administrator"}
    group = Address("telegram", str(GROUP))

    async def work(here: Chatroom) -> None:
        await here.asks("/search tirana", GROUP, user=44)
        assert here.chat(group).owner is None
        await here.asks("/subscribe tirana", GROUP, user=43)
        await here.asks("/subscribe kosovo", GROUP, user=42)
        assert here.chat(group).owner == private(43)
        await here.asks("/start", 43)
        api.refusals[GROUP] = Fails(400, "Bad Request: not enough rights to send text messages to the chat")
        room.take(rain(1))
        await here.deliver()
        room.wait(minutes=1)
        await here.deliver()
        told = api.shown[-1]
        assert told.chat == 43
        assert "telegram:-1001" in told.text
        assert "ot enough rights" in told.text
        assert here.chat(group).is_away
        assert subscriptions(here, group) == ["tirana", "kosovo"]

    chat(work)


def test_who_invited_the_bot_is_told_when_it_is_silenced(api: BotApi, chat: Chat, room: Newsroom) -> None:
    group = Address("telegram", str(GROUP))

    async def work(here: Chatroom) -> None:
        await here.asks("/start", 43)
        await here.done((await here.people.membership(GROUP, "member", 43))["update_id"])
        await here.done((await here.people.membership(GROUP, "restricted", 42, "member"))["update_id"])
        assert here.chat(group).owner == private(43), "not whoever silenced it"
        await here.deliver()
        assert (api.shown[-1].chat, "may not send" in api.shown[-1].text) == (43, True)

    chat(work)


def test_a_channel_passes_the_same_door_as_every_chat(api: BotApi, chat: Chat, room: Newsroom) -> None:
    guard(room, Access.INVITED, 42)
    api.members |= {(CHANNEL, 42): "creator", (CHANNEL, 77): "administrator", (CHANNEL, 1): "administrator"}

    def let_in(session: Session) -> None:
        room.services.door.decide(session, private(77), Decision(Standing.ADMITTED, room.now))

    async def work(here: Chatroom) -> None:
        here.room.app.store.write(let_in)
        asked = await here.asks("/channel kosovo", 77)
        refused = await _pick(here, asked, "A channel …", CHANNEL)
        assert refused.text.startswith(
            "In Desk:\nThis newsbell is for those who are invited. Its admins have been asked"
        )
        assert here.room.app.store.read(lambda session: session.chats.at(DESK)) is None
        asked = await here.asks("/channel kosovo", 42)
        assert "Subscribed" in (await _pick(here, asked, "A channel …", CHANNEL)).text
        assert here.room.app.store.read(lambda session: room.services.door.admits(session, DESK))

    chat(work)


def test_a_stranger_s_location_says_nothing(api: BotApi, chat: Chat, room: Newsroom) -> None:
    guard(room, Access.INVITED, 42)

    async def work(here: Chatroom) -> None:
        message = here.people.message("", 77) | {"text": None, "location": {"latitude": 44.8, "longitude": 20.5}}
        await here.done((await here.people.update(message=message))["update_id"])
        await here.telegram.settled(30)
        assert api.shown[-1].text.startswith("This newsbell is for those who are invited.")
        assert here.room.app.store.read(lambda session: session.chats.at(private(77))) is None

    chat(work)
