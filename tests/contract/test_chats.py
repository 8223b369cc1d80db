"""The Chats port."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.core.cadence import Quiet
from bot.core.model import Address, Chat, Kind
from bot.core.ports import Session
from tests.contract.scene import DAY, HOUR, MORNING, NOW, Scene, stories


def move(scene: Scene, chat: Chat, name: str) -> None:
    scene.store.write(lambda session: session.chats.move(chat.id, Address("terminal", name)))


def numbered(scene: Scene, chat: Chat) -> list[tuple[int, str]]:
    held = scene.store.read(lambda session: session.subscriptions.of_chat(chat.id))
    return [(subscription.number, subscription.query) for subscription in held]


def test_a_chat_is_made_once_with_the_defaults(scene: Scene) -> None:
    address = Address("telegram", "-100123", "45")
    made = scene.store.write(lambda session: session.chats.ensure(address, NOW))
    again = scene.store.write(lambda session: session.chats.ensure(address, NOW + DAY))
    assert made == again == Chat(made.id, address, NOW)
    assert scene.store.read(lambda session: session.chats.at(address)) == made
    assert scene.store.read(lambda session: session.chats.get(made.id)) == made


def test_an_unknown_chat_is_none(scene: Scene) -> None:
    assert scene.store.read(lambda session: session.chats.at(Address("terminal", "nobody"))) is None
    assert scene.store.read(lambda session: session.chats.get(1)) is None


@pytest.mark.parametrize(
    "address", [Address("terminal", "a/b"), Address("terminal", "a", "b"), Address("t", "a:b/", "")]
)
def test_an_address_is_kept_exactly(scene: Scene, address: Address) -> None:
    assert scene.store.write(lambda session: session.chats.ensure(address, NOW)).address == address


def test_every_setting_is_saved(scene: Scene) -> None:
    changed = replace(
        scene.chat(),
        timezone="Europe/Belgrade",
        language="sr-Cyrl",
        reads=("en", "sr"),
        digest_at=time(7, 30),
        quiet=Quiet(time(22), time(7)),
        max_per_hour=3,
        empty_digest=False,
        paused_at=NOW,
        pause_reason="left",
        zone_told=True,
        zone_guessed=True,
        paused_until=NOW,
        owner=Address("telegram", "42"),
    )
    scene.store.write(lambda session: session.chats.save(changed))
    assert scene.chat_again(changed) == changed
    back = Chat(changed.id, changed.address, changed.created_at)
    scene.store.write(lambda session: session.chats.save(back))
    assert scene.chat_again(changed) == back


def test_midnight_is_a_time_of_day(scene: Scene) -> None:
    chat = scene.change(scene.chat(), digest_at=time(0), quiet=Quiet(time(0), time(6)))
    assert scene.chat_again(chat).digest_at == time(0)
    assert scene.chat_again(chat).quiet == Quiet(time(0), time(6))


def test_saving_what_was_read_before_a_digest_does_not_unsay_it(scene: Scene) -> None:
    chat = scene.chat()
    scene.subscribe(chat, "kosovo", MORNING)
    scene.open_digest(chat, MORNING)
    (claim,) = scene.claim(MORNING)
    scene.settle(claim, now=MORNING)
    scene.store.write(lambda session: session.chats.save(replace(claim.chat, zone_told=True)))
    assert scene.chat_again(chat).last_digest_at == MORNING


def test_undo_keeps_the_latest_change_and_gives_it_once(scene: Scene) -> None:
    chat, other = scene.chat("ana"), scene.chat("bojan")
    for change in ("first", "second"):
        scene.store.write(lambda session, change=change: session.chats.remember_undo(chat.id, NOW, change))  # type: ignore[misc]
    assert scene.store.write(lambda session: session.chats.take_undo(other.id)) is None
    assert scene.store.write(lambda session: session.chats.take_undo(chat.id)) == "second"
    assert scene.store.write(lambda session: session.chats.take_undo(chat.id)) is None


def _decide(scene: Scene, chat: Chat, subscription_id: int) -> None:
    """The chat mutes, saves, marks and follows something."""

    def work(session: Session) -> None:
        session.mutes.add(chat.id, "story:9", "Nine", NOW, None)
        session.shelf.save(chat.id, 9, NOW)
        session.shelf.mark(chat.id, subscription_id, 9, 9, NOW)
        session.follows.start(chat.id, 9, NOW)

    scene.store.write(work)


def test_forget_removes_what_holdings_counts_and_nothing_of_others(scene: Scene) -> None:
    ana, bojan = scene.chat("ana"), scene.chat("bojan")
    for chat in (ana, bojan):
        kosovo = scene.subscribe(chat, "kosovo")
        scene.subscribe(chat, f"only {chat.address.chat}", MORNING)
        scene.store.write(lambda session, chat=chat: session.chats.remember_undo(chat.id, NOW, "x"))  # type: ignore[misc]
        _decide(scene, chat, kosovo.id)
    scene.match(1, kosovo.query_id)
    held = {"subscriptions": 2, "deliveries": 1, "undo": 1, "mutes": 1, "saved": 1, "irrelevant": 1, "follows": 1}
    assert scene.store.read(lambda session: session.chats.holdings(ana.id)) == held
    scene.store.write(lambda session: session.chats.forget(ana.id))
    assert scene.store.read(lambda session: session.chats.holdings(ana.id)) == dict.fromkeys(held, 0)
    assert scene.store.read(lambda session: session.chats.holdings(bojan.id)) == held
    assert scene.store.read(lambda session: session.chats.get(ana.id)) is None
    assert scene.chat("ana").id != ana.id
    assert [claim.chat.id for claim in scene.claim()] == [bojan.id]


def test_a_chat_that_moves_keeps_everything(scene: Scene) -> None:
    chat = scene.change(scene.chat("old"), timezone="Europe/Belgrade")
    kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id)
    move(scene, chat, "new")
    assert scene.chat_again(chat) == replace(chat, address=Address("terminal", "new"))
    assert numbered(scene, chat) == [(1, "kosovo")]
    (claim,) = scene.claim()
    assert claim.chat.address == Address("terminal", "new")
    assert stories(claim) == [1]


def test_moving_to_where_it_is_changes_nothing(scene: Scene) -> None:
    chat = scene.chat("ana")
    move(scene, chat, "ana")
    assert scene.chat_again(chat) == chat


def test_a_chat_already_at_the_new_address_is_merged_into_the_older_one_that_moves(scene: Scene) -> None:
    moving = scene.change(scene.chat("old"), timezone="Europe/Belgrade")
    there = scene.change(scene.chat("new"), timezone="Asia/Tokyo")
    for query in ("kosovo", "frontex"):
        scene.subscribe(moving, query)
    for query in ("drina", "kosovo", "starmer"):
        scene.subscribe(there, query)
    move(scene, moving, "new")
    assert scene.store.read(lambda session: session.chats.get(there.id)) is None
    assert scene.chat_again(moving).timezone == "Europe/Belgrade"
    assert numbered(scene, moving) == [(1, "kosovo"), (2, "frontex"), (3, "starmer"), (4, "drina")]


def test_of_two_chats_that_are_one_the_older_keeps_its_settings_whichever_moves(scene: Scene) -> None:
    there = scene.change(scene.chat("new"), timezone="Europe/Belgrade")
    scene.subscribe(there, "kosovo")
    late = scene.chat("old")
    scene.subscribe(late, "frontex")
    move(scene, late, "new")
    assert scene.store.read(lambda session: session.chats.at(late.address)) is None
    assert scene.chat_again(there).timezone == "Europe/Belgrade"
    assert numbered(scene, there) == [(1, "kosovo"), (2, "frontex")]


def test_a_merged_chat_hears_of_a_story_once(scene: Scene) -> None:
    moving, there = scene.chat("old"), scene.chat("new")
    kosovo, drina = scene.subscribe(moving, "kosovo"), scene.subscribe(there, "drina")
    also = scene.subscribe(there, "kosovo")
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.match(2, drina.query_id)
    scene.match(3, also.query_id)
    scene.store.write(lambda session: session.chats.move(moving.id, there.address))
    (claim,) = scene.claim()
    assert stories(claim) == [1, 2, 3]
    scene.settle(claim)
    assert scene.claim(NOW + HOUR) == []


def test_digest_lines_of_a_merged_twin_follow_the_one_that_stays(scene: Scene) -> None:
    moving, there = scene.chat("old"), scene.chat("new")
    twin = scene.subscribe(there, "kosovo", MORNING)
    scene.match(1, twin.query_id)
    scene.subscribe(moving, "kosovo")
    move(scene, moving, "new")
    (claim,) = scene.claim(MORNING)
    assert (claim.kind, stories(claim)) == (Kind.ALERT, [1])


def test_what_one_of_two_merged_chats_cancelled_still_rings_for_the_other(scene: Scene) -> None:
    moving, there = scene.chat("old"), scene.chat("new")
    kosovo, drina = scene.subscribe(moving, "kosovo"), scene.subscribe(there, "drina")
    scene.match(1, kosovo.query_id, drina.query_id)
    scene.end(kosovo)
    move(scene, moving, "new")
    assert [stories(claim) for claim in scene.claim()] == [[1]]


def test_a_number_given_in_a_merge_is_not_given_again(scene: Scene) -> None:
    moving, there = scene.chat("old"), scene.chat("new")
    scene.subscribe(moving, "kosovo")
    drina = scene.subscribe(there, "drina")
    move(scene, moving, "new")
    scene.end(drina)
    assert scene.subscribe(moving, "starmer").number == 3
