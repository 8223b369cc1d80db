"""Who is let in: floods, names, modes that change, what is forgotten; and quotas, counted in little room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.access import NAME, WAITING_MOST, Access, Decision, Standing, is_code, named
from bot.core.door import Door
from bot.core.errors import LimitReached
from bot.core.message import to_text
from bot.core.model import Address, Chat
from bot.core.ports import Session
from handlers.dispatch import dispatch
from handlers.quotas import Quota, Quotas
from handlers.request import Request
from tests.handlers.newsroom import NOW, Newsroom

ADMIN, BOB = Address("terminal", "local"), Address("terminal", "bob")


def guarded(room: Newsroom, access: Access) -> Door:
    """From now on only some may use the newsroom's bot, as it would be after a start."""
    door = Door(access, frozenset([ADMIN]))
    room.services = replace(room.services, door=door)
    room.app.store.write(lambda session: door.settle(session, room.now))
    return door


def shut(room: Newsroom, address: Address = BOB) -> bool:
    return room.chat(address).is_away


def test_more_than_can_be_answered_are_not_kept_waiting(room: Newsroom) -> None:
    door = guarded(room, Access.INVITED)

    def fill(session: Session) -> None:
        for number in range(WAITING_MOST):
            session.guests.ask(Address("telegram", str(number)), "", NOW, None)

    room.app.store.write(fill)
    assert room.say("/start", address=BOB).startswith("Very many are waiting")
    assert room.app.store.write(lambda session: door.knock(session, BOB, "bob", NOW)) is None
    assert room.app.store.read(lambda session: session.guests.at(BOB)) is None
    room.app.store.write(lambda session: session.guests.forget(Address("telegram", "7")))
    assert "have been asked" in room.say("/start", address=BOB)


def test_modes_that_change_lose_nothing_and_open_nothing(room: Newsroom) -> None:
    room.say("/subscribe kosovo", address=BOB)
    room.say("/start", address=Address("terminal", "eve"))
    guarded(room, Access.INVITED)
    assert not shut(room)
    assert shut(room, Address("terminal", "eve")), "who had no subscription has to ask"
    guarded(room, Access.ADMINS)
    assert shut(room)
    assert room.say("/subscriptions", address=BOB).startswith("This newsbell is for its admins only.")
    guarded(room, Access.INVITED)
    assert not shut(room)
    room.say("/access revoke terminal:bob", admin=True)
    guarded(room, Access.ADMINS)
    guarded(room, Access.INVITED)
    assert shut(room), "what was taken back stays so"
    guarded(room, Access.OPEN)
    assert not shut(room)
    assert not shut(room, Address("terminal", "eve"))
    assert room.say("/subscriptions", address=BOB).startswith("1 subscription")


def test_a_pause_of_their_own_does_not_end_for_whom_access_has(room: Newsroom) -> None:
    room.say("/subscribe kosovo", address=BOB)
    guarded(room, Access.INVITED)
    room.say("/pause 2h", address=BOB)
    room.say("/access revoke terminal:bob", admin=True)
    room.wait(hours=3)
    room.deliver()
    assert shut(room)
    assert room.chat(BOB).paused_until is None


def test_a_guest_that_is_forgotten_has_to_ask_again(room: Newsroom) -> None:
    room.say("/subscribe kosovo", address=BOB)
    guarded(room, Access.INVITED)
    known = Decision(Standing.ADMITTED, NOW, ADMIN)
    room.app.store.write(lambda session: session.guests.decide(BOB, "Zanzibar", known))
    assert "1 subscription" in (asked := room.say("/forget", address=BOB))
    assert "your admission" in asked
    assert "your admission" in room.say("/forget yes", address=BOB)
    assert room.app.store.read(lambda session: session.guests.at(BOB)) is None
    files = [path for path in room.app.settings.database.parent.iterdir() if path.is_file()]
    assert b"Zanzibar" not in b"".join(path.read_bytes() for path in files)
    assert room.say("/search kosovo", address=BOB).startswith("This newsbell is for those who are invited.")


def test_the_same_invite_lets_in_whoever_was_refused_before(room: Newsroom) -> None:
    guarded(room, Access.INVITED)
    room.say("/start", address=BOB)
    room.say("/access deny 1", admin=True)
    code = room.say("/invite", admin=True).split()[-1]
    assert is_code(code)
    assert room.say(f"/start {code}", address=BOB).startswith("Welcome")
    listed = room.say("/access", admin=True)
    assert "Came in by an invite" in listed


def test_admins_see_in_the_status_that_somebody_waits(room: Newsroom) -> None:
    guarded(room, Access.INVITED)
    assert "Waiting to be let in" not in room.say("/status", admin=True)
    room.say("/start", address=BOB)
    assert "Waiting to be let in | 1  /access" in room.say("/status", admin=True)


@pytest.mark.parametrize(
    "text", ["", "99", "bob", "terminal:", "telegram:4 2", "x:" + "y" * 200, "٣", "telegram:4\u202e2"]
)
def test_an_id_that_is_none_is_said_so(room: Newsroom, text: str) -> None:
    guarded(room, Access.INVITED)
    assert room.say(f"/access approve {text}", admin=True).startswith("Nobody called")


@given(st.text(max_size=200))
def test_any_name_is_one_short_line_without_marks_that_turn_it(text: str) -> None:
    name = named(text)
    assert len(name) <= NAME
    assert name.isprintable()
    assert named(name) == name


@given(st.text(max_size=80))
def test_what_is_no_code_is_none(text: str) -> None:
    assert not is_code(text) or text.startswith("invite-")


def test_a_language_is_spoken_from_the_first_word(room: Newsroom) -> None:
    def says(address: Address, language: str, title: str = "") -> str:
        request = Request(address, "/start", NOW, language=language, title=title)
        return to_text(dispatch(request, room.services))

    assert says(BOB, "sr").startswith("Dobro došli")
    assert says(Address("terminal", "eve"), "de").startswith("Welcome")
    assert says(Address("terminal", "desk"), "sr", "Desk").startswith("Welcome"), "one of many does not decide it"


def test_a_quota_counts_what_was_done_within_its_time_and_by_chat() -> None:
    quotas, group = Quotas(commands=2), Address("telegram", "-1", "7")
    for seconds in (0, 10):
        assert quotas.pause(Quota.COMMANDS, group, NOW) is None
        quotas.spend(Quota.COMMANDS, group, NOW + timedelta(seconds=seconds))
    at = NOW + timedelta(seconds=20)
    assert quotas.pause(Quota.COMMANDS, replace(group, thread="8"), at) == timedelta(seconds=40)
    assert quotas.pause(Quota.EXPORTS, group, at) is None
    assert quotas.pause(Quota.COMMANDS, BOB, at) is None
    assert quotas.pause(Quota.COMMANDS, group, NOW + timedelta(seconds=60)) is None
    assert quotas.pause(Quota.COMMANDS, group, NOW - timedelta(hours=1)) is None, "a clock that was set back"


def test_a_quota_is_told_of_once_in_its_time() -> None:
    quotas = Quotas()
    assert [quotas.is_news(BOB, NOW + timedelta(seconds=at)) for at in (0, 59, 60, 61)] == [True, False, True, False]


def test_quotas_of_very_many_chats_take_little_room() -> None:
    quotas = Quotas()
    for number in range(25_000):
        at = NOW + timedelta(milliseconds=20 * number)
        quotas.spend(Quota.COMMANDS, Address("telegram", str(number)), at)
        quotas.is_news(Address("telegram", str(number)), at)
    assert len(quotas._lately) <= 10_001
    assert len(quotas._told) <= 20_000


def test_room_for_subscriptions_ends() -> None:
    quotas = Quotas(subscriptions=3)
    quotas.need_room(2)
    with pytest.raises(LimitReached):
        quotas.need_room(3)


def test_a_decision_about_somebody_unknown_makes_no_chat(room: Newsroom) -> None:
    door = guarded(room, Access.INVITED)
    room.app.store.write(lambda session: door.decide(session, BOB, Decision(Standing.ADMITTED, NOW, ADMIN)))
    found: Chat | None = room.app.store.read(lambda session: session.chats.at(BOB))
    assert found is None
