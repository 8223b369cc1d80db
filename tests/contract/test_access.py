"""Guests, invites and cards, as any store must keep them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.access import ASK_AGAIN_FOR, ASKED_FOR, NOT_INVITED, CardClaim, Decision, Guest, Standing, Way
from bot.core.model import Address, Chat, State
from tests.contract.scene import DAY, HOUR, LEASE, MINUTE, NOW, Scene

PAT, DESK, ANA = Address("telegram", "77"), Address("telegram", "-100"), Address("telegram", "42")
CODE = "invite-one"
TOPIC = replace(DESK, thread="7")


def ask(scene: Scene, address: Address = PAT, now: datetime = NOW, by: Address | None = None) -> Guest:
    return scene.store.write(lambda session: session.guests.ask(address, "Pat", now, by))


def decide(
    scene: Scene, standing: Standing, address: Address = PAT, now: datetime = NOW, name: str = "", way: Way = Way.ADMIN
) -> Guest:
    decision = Decision(standing, now, ANA, way)
    return scene.store.write(lambda session: session.guests.decide(address, name, decision))


def at(scene: Scene, address: Address = PAT) -> Guest | None:
    return scene.store.read(lambda session: session.guests.at(address))


def test_an_asking_is_found_from_every_thread_and_by_its_number(scene: Scene) -> None:
    asked = ask(scene, DESK, by=PAT)
    assert asked == at(scene, TOPIC) == scene.store.read(lambda session: session.guests.get(asked.number))
    assert (asked.address, asked.name, asked.standing, asked.asked_at, asked.by) == (
        (DESK, "Pat", Standing.ASKED, NOW, PAT)
    )
    assert at(scene, PAT) is None


def test_a_decision_keeps_who_and_when_and_the_asking(scene: Scene) -> None:
    asked = ask(scene)
    decided = decide(scene, Standing.ADMITTED, now=NOW + HOUR)
    assert decided == replace(asked, standing=Standing.ADMITTED, decided_at=NOW + HOUR, decided_by=ANA, way=Way.ADMIN)
    assert decide(scene, Standing.REVOKED, name="Patricia", now=NOW + DAY).name == "Patricia"


def test_somebody_who_never_asked_can_be_decided_about(scene: Scene) -> None:
    admitted = decide(scene, Standing.ADMITTED, name="Pat", way=Way.INVITE)
    assert (admitted.standing, admitted.asked_at, admitted.way) == (Standing.ADMITTED, NOW, Way.INVITE)


def test_asking_again_is_another_asking(scene: Scene) -> None:
    first = ask(scene)
    decide(scene, Standing.DENIED)
    second = ask(scene, now=NOW + ASK_AGAIN_FOR)
    assert second.number != first.number
    assert (second.standing, second.decided_at, second.decided_by) == (Standing.ASKED, None, None)
    assert scene.store.read(lambda session: session.guests.get(first.number)) is None


def test_guests_are_listed_by_standing_the_last_first(scene: Scene) -> None:
    for number in range(5):
        ask(scene, Address("telegram", str(number)))
    decide(scene, Standing.DENIED, Address("telegram", "3"))

    def listed(standing: Standing | None, limit: int, offset: int = 0) -> tuple[list[str], int]:
        found, total = scene.store.read(lambda session: session.guests.listed(standing, limit, offset))
        return [guest.address.chat for guest in found], total

    assert listed(Standing.ASKED, 2) == (["4", "2"], 4)
    assert listed(Standing.ASKED, 2, 2) == (["1", "0"], 4)
    assert listed(Standing.DENIED, 0) == ([], 1)
    assert listed(None, 9) == (["4", "3", "2", "1", "0"], 5)


@pytest.mark.parametrize(("standing", "waits"), [(Standing.ASKED, ASKED_FOR), (Standing.DENIED, ASK_AGAIN_FOR)])
def test_it_may_be_asked_again_after_a_while(scene: Scene, standing: Standing, waits: timedelta) -> None:
    guest = ask(scene)
    if standing is Standing.DENIED:
        guest = decide(scene, standing)
    assert not guest.may_ask(NOW + waits - MINUTE)
    assert guest.may_ask(NOW + waits)


def test_a_guest_moves_with_its_group_unless_the_new_one_is_known(scene: Scene) -> None:
    old, new = Address("telegram", "-5"), Address("telegram", "-1005")
    decide(scene, Standing.ADMITTED, old)
    for _ in range(2):
        scene.store.write(lambda session: session.guests.move(old, new))
    moved = at(scene, new)
    assert moved is not None
    assert moved.standing is Standing.ADMITTED
    assert at(scene, old) is None
    decide(scene, Standing.DENIED, old)
    scene.store.write(lambda session: session.guests.move(old, new))
    assert at(scene, new) == moved


def test_a_forgotten_guest_leaves_nothing_also_of_what_it_decided(scene: Scene) -> None:
    ask(scene, ANA)
    ask(scene, DESK, by=ANA)
    decide(scene, Standing.DENIED, DESK)
    scene.store.write(lambda session: session.guests.invite("invite-x", ANA, NOW + DAY))
    scene.store.write(lambda session: session.guests.forget(ANA))
    assert at(scene, ANA) is None
    other = at(scene, DESK)
    assert other is not None
    assert (other.by, other.decided_by, other.standing) == (None, None, Standing.DENIED)


def test_who_was_not_let_in_is_dropped_after_a_while(scene: Scene) -> None:
    waiting, denied, admitted, late = (Address("telegram", name) for name in "wdal")
    for address in (waiting, denied, admitted):
        ask(scene, address)
    decide(scene, Standing.DENIED, denied)
    decide(scene, Standing.ADMITTED, admitted)
    ask(scene, late)
    decide(scene, Standing.DENIED, late, now=NOW + DAY)
    assert scene.store.write(lambda session: session.guests.prune(NOW)) == 0
    assert scene.store.write(lambda session: session.guests.prune(NOW + HOUR)) == 2
    assert [at(scene, address) is None for address in (waiting, denied, admitted, late)] == [True, True, False, False]


def test_chats_that_subscribed_and_never_asked_are_unknown(scene: Scene) -> None:
    def ensure(address: Address) -> Chat:
        return scene.store.write(lambda session: session.chats.ensure(address, NOW))

    ensure(PAT)
    for address in (ANA, DESK, TOPIC):
        scene.subscribe(ensure(address), "kosovo")
    decide(scene, Standing.ADMITTED, ANA)
    assert scene.store.read(lambda session: session.guests.unknown()) == [DESK]


def test_chats_are_told_apart_by_whether_they_are_shut_and_whether_they_are_let_in(scene: Scene) -> None:
    chats = {name: scene.chat(name) for name in ("in", "out", "shut", "paused")}
    decide(scene, Standing.ADMITTED, chats["in"].address)
    decide(scene, Standing.REVOKED, chats["shut"].address)
    scene.change(chats["shut"], paused_at=NOW, pause_reason=NOT_INVITED)
    scene.change(chats["paused"], paused_at=NOW)

    def names(*, admitted: bool) -> list[str]:
        return sorted(
            chat.address.chat for chat in scene.store.read(lambda session: session.guests.going(admitted=admitted))
        )

    assert names(admitted=True) == ["in"]
    assert names(admitted=False) == ["out", "paused"]
    assert [chat.address.chat for chat in scene.store.read(lambda session: session.guests.shut())] == ["shut"]


def test_an_invite_lets_in_once_until_it_is_over_and_only_by_its_code(scene: Scene) -> None:
    def take(code: str, now: datetime = NOW) -> bool:
        return scene.store.write(lambda session: session.guests.take_invite(code, now))

    scene.store.write(lambda session: session.guests.invite("invite-one", ANA, NOW + DAY))
    scene.store.write(lambda session: session.guests.invite("invite-two", ANA, NOW + DAY))
    assert not take("invite-One")
    assert not take("")
    assert [take("invite-one"), take("invite-one")] == [True, False]
    assert not take("invite-two", NOW + DAY)
    assert take("invite-two", NOW + DAY - MINUTE)


def test_of_many_at_the_same_moment_an_invite_lets_one_in(scene: Scene) -> None:
    scene.store.write(lambda session: session.guests.invite(CODE, ANA, NOW + DAY))
    with ThreadPoolExecutor(8) as pool:
        taken = pool.map(lambda _: scene.store.write(lambda session: session.guests.take_invite(CODE, NOW)), range(40))
    assert sum(taken) == 1


def owe(scene: Scene, guest: Guest, admin: str = "ana", now: datetime = NOW) -> None:
    chat = scene.chat(admin)
    scene.store.write(lambda session: session.cards.owe(guest, chat.id, now))


def claim(scene: Scene, now: datetime = NOW, limit: int = 10) -> list[CardClaim]:
    return scene.store.write(
        lambda session: session.cards.claim(now, now + LEASE, lambda address: address.chat != "no", limit)
    )


def settle(scene: Scene, taken: CardClaim, reference: str | None = "m1", state: State = State.SENT) -> None:
    scene.store.write(lambda session: session.cards.settle(taken, state, NOW, message_ref=reference))


def decided(scene: Scene, guest: Guest, standing: Standing = Standing.ADMITTED, now: datetime = NOW) -> None:
    decide(scene, standing, guest.address)
    scene.store.write(lambda session: session.cards.decided(guest.number, now))


def test_a_card_is_sent_once_and_again_when_it_is_decided(scene: Scene) -> None:
    guest = ask(scene)
    owe(scene, guest)
    (first,) = claim(scene)
    assert (first.guest, first.reference, first.attempts) == (guest, None, 0)
    assert claim(scene) == []
    settle(scene, first)
    assert claim(scene, NOW + DAY) == []
    decided(scene, guest)
    (edit,) = claim(scene)
    assert (edit.reference, edit.guest.standing, edit.guest.decided_by) == ("m1", Standing.ADMITTED, ANA)
    settle(scene, edit)
    assert claim(scene, NOW + DAY) == []


def test_a_card_that_never_left_does_not_leave_once_it_is_decided(scene: Scene) -> None:
    guest = ask(scene)
    owe(scene, guest)
    decided(scene, guest)
    assert claim(scene) == []


def test_a_card_on_its_way_while_it_is_decided_is_due_again_at_once(scene: Scene) -> None:
    guest = ask(scene)
    owe(scene, guest)
    (under_way,) = claim(scene)
    decided(scene, guest, Standing.DENIED)
    assert claim(scene) == []
    settle(scene, under_way)
    (edit,) = claim(scene)
    assert (edit.reference, edit.guest.standing) == ("m1", Standing.DENIED)


def test_what_is_postponed_comes_again_and_a_lapsed_lease_is_a_try(scene: Scene) -> None:
    owe(scene, ask(scene))
    (first,) = claim(scene)
    scene.store.write(lambda session: session.cards.postpone(first, NOW + MINUTE, "away", tried=False))
    assert claim(scene) == []
    (second,) = claim(scene, NOW + MINUTE)
    assert second.attempts == 0
    (third,) = claim(scene, NOW + MINUTE + LEASE)
    assert third.attempts == 1
    settle(scene, second)
    assert claim(scene, NOW + MINUTE + 2 * LEASE)[0].reference is None, "the first holder settles nothing"


def test_cards_of_paused_chats_and_of_others_wait_and_hold_up_nobody(scene: Scene) -> None:
    guest = ask(scene)
    for admin in ("p", "no", "us"):
        owe(scene, guest, admin)
    scene.change(scene.chat("p"), paused_at=NOW)
    assert [taken.chat.address.chat for taken in claim(scene, limit=1)] == ["us"]
    assert scene.store.read(lambda session: session.cards.claimable(NOW, lambda address: address.chat == "no"))
    assert not scene.store.read(lambda session: session.cards.claimable(NOW, lambda address: address.chat == "p"))


def test_cards_are_counted_by_chat_and_gone_with_their_asking(scene: Scene) -> None:
    guest = ask(scene)
    owe(scene, guest)
    chat = scene.chat("ana")
    assert scene.store.read(lambda session: session.cards.since(chat.id, NOW - HOUR)) == 1
    assert scene.store.read(lambda session: session.cards.since(chat.id, NOW)) == 0
    ask(scene, now=NOW + DAY)
    assert claim(scene, NOW + DAY) == []
