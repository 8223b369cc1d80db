"""The Outbox port's second half: what is owed, who holds it, and how it ends."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.core.model import Address, Chat, Kind, Owed, State, Subscription
from tests.contract.scene import DAY, EVENING, HOUR, LEASE, MINUTE, MORNING, NOW, Scene, stories

WAITING_ALERT = (Kind.ALERT, State.WAITING)


def alert(subscription: Subscription, story: int, due: datetime = NOW, *, article: int = 1, each: bool = False) -> Owed:
    return Owed(subscription.chat_id, subscription.id, story, article, Kind.ALERT, due, each=each)


def line(subscription: Subscription, story: int, due: datetime = MORNING) -> Owed:
    return Owed(subscription.chat_id, subscription.id, story, story, Kind.DIGEST, due)


@pytest.fixture
def chat(scene: Scene) -> Chat:
    return scene.chat()


@pytest.fixture
def kosovo(scene: Scene, chat: Chat) -> Subscription:
    return scene.subscribe(chat, "kosovo")


@pytest.fixture
def daily(scene: Scene, chat: Chat) -> Subscription:
    return scene.subscribe(chat, "drina", MORNING)


class TestOwing:
    def test_a_story_is_owed_once_as_an_alert_and_once_in_a_digest(
        self, scene: Scene, chat: Chat, kosovo: Subscription, daily: Subscription
    ) -> None:
        assert scene.owe(alert(kosovo, 1), line(daily, 1), alert(kosovo, 1, NOW + HOUR), line(daily, 1)) == 2
        assert scene.states(chat) == {WAITING_ALERT: 1, (Kind.DIGEST, State.WAITING): 1}

    def test_a_waiting_line_moves_to_the_earlier_digest(
        self, scene: Scene, chat: Chat, daily: Subscription, kosovo: Subscription
    ) -> None:
        sooner = scene.subscribe(chat, "frontex", MORNING)
        scene.owe(line(daily, 1, EVENING))
        assert scene.owe(line(sooner, 1, MORNING), line(daily, 1, EVENING + DAY)) == 0
        ((delivery, *_),) = scene.of_story(chat, 1)
        assert (delivery.owed.due_at, delivery.owed.subscription_id) == (MORNING, sooner.id)

    def test_an_alert_held_for_the_morning_rings_now_for_an_urgent_subscription(
        self, scene: Scene, chat: Chat, kosovo: Subscription
    ) -> None:
        scene.owe(alert(kosovo, 1, MORNING))
        assert scene.claim(NOW) == []
        assert scene.owe(alert(scene.subscribe(chat, "frontex", urgent=True), 1, NOW)) == 0
        assert len(scene.claim(NOW)) == 1

    def test_what_was_sent_or_given_up_is_not_owed_again(self, scene: Scene, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1))
        scene.settle(scene.claim()[0])
        scene.owe(alert(kosovo, 2))
        scene.settle(scene.claim()[0], State.DEAD)
        assert scene.owe(alert(kosovo, 1), alert(kosovo, 2)) == 0
        assert scene.claim(NOW + DAY) == []

    def test_what_was_cancelled_may_be_owed_anew(self, scene: Scene, chat: Chat, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1))
        scene.end(kosovo)
        other = scene.subscribe(chat, "frontex")
        assert scene.owe(alert(other, 1, article=9)) == 1
        (claim,) = scene.claim()
        assert [delivery.owed for delivery in claim.deliveries] == [alert(other, 1, article=9)]

    def test_each_article_rings_for_an_every_subscription(self, scene: Scene, kosovo: Subscription) -> None:
        owed = [alert(kosovo, 1, article=article, each=True) for article in (1, 2, 2)]
        assert scene.owe(*owed) == 2

    @pytest.mark.parametrize("each_first", [True, False])
    def test_one_article_never_rings_twice_for_a_story_and_on_its_own(
        self, scene: Scene, chat: Chat, kosovo: Subscription, each_first: bool
    ) -> None:
        every = scene.subscribe(chat, "frontex", every=True)
        both = [alert(every, 1, article=1, each=True), alert(kosovo, 1, article=1)]
        assert scene.owe(*(both if each_first else reversed(both))) == 1
        assert scene.owe(alert(every, 1, article=2, each=True)) == 1
        assert scene.owe(alert(kosovo, 1, article=3)) == 0

    def test_a_story_that_rang_already_hastens_nothing(self, scene: Scene, chat: Chat, kosovo: Subscription) -> None:
        every = scene.subscribe(chat, "frontex", every=True)
        scene.owe(alert(every, 1, article=1, each=True))
        scene.settle(scene.claim()[0])
        scene.owe(alert(every, 1, MORNING, article=2, each=True))
        assert scene.owe(alert(kosovo, 1, article=3)) == 0
        assert scene.claim() == []

    def test_two_chats_are_owed_the_same_story(self, scene: Scene, kosovo: Subscription) -> None:
        other = scene.subscribe(scene.chat("bojan"), "kosovo")
        assert scene.owe(alert(kosovo, 1), alert(other, 1)) == 2


class TestClaiming:
    def test_due_now_is_due(self, scene: Scene, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1, NOW + MINUTE))
        assert scene.claim(NOW) == []
        assert len(scene.claim(NOW + MINUTE)) == 1

    def test_a_chat_gets_all_its_due_alerts_in_one_claim(self, scene: Scene, chat: Chat, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1, NOW - MINUTE), alert(kosovo, 2), alert(kosovo, 3, MORNING))
        (claim,) = scene.claim()
        assert (claim.chat, claim.kind, stories(claim)) == (chat, Kind.ALERT, [1, 2])
        assert (claim.due_at, claim.attempts, claim.envelope_ids) == (NOW - MINUTE, 0, ())
        assert claim.leased_until == NOW + LEASE

    def test_nobody_else_gets_what_is_held(self, scene: Scene, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1))
        scene.claim()
        assert scene.claim(NOW + LEASE - MINUTE) == []

    def test_a_lapsed_lease_is_taken_again_as_one_more_try(self, scene: Scene, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1))
        scene.claim()
        (again,) = scene.claim(NOW + LEASE)
        assert (stories(again), again.attempts, again.due_at) == ([1], 1, NOW)

    def test_the_longest_due_come_first_and_no_more_than_asked(self, scene: Scene) -> None:
        for minutes, name in enumerate(("ana", "bojan", "cveta", "dana")):
            scene.owe(alert(scene.subscribe(scene.chat(name), "kosovo"), 1, NOW - minutes * MINUTE))
        names = [[claim.chat.address.chat for claim in scene.claim(limit=3)] for _ in range(3)]
        assert names == [["dana", "cveta", "bojan"], ["ana"], []]

    def test_a_paused_chat_keeps_what_it_is_owed_until_it_resumes(
        self, scene: Scene, chat: Chat, kosovo: Subscription
    ) -> None:
        scene.owe(alert(kosovo, 1))
        scene.change(chat, paused_at=NOW)
        assert scene.claim() == []
        scene.change(chat, paused_at=None)
        assert len(scene.claim()) == 1

    def test_what_a_paused_chat_is_owed_is_looked_at_once(self, scene: Scene, chat: Chat, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1))
        scene.change(chat, paused_at=NOW)
        assert scene.claimable(NOW)
        assert scene.claim() == []
        assert not scene.claimable(NOW + DAY)
        scene.owe(alert(kosovo, 2, MORNING))
        assert scene.claim(MORNING) == []
        scene.change(chat, paused_at=None)
        (claim,) = scene.claim(MORNING)
        assert (stories(claim), claim.due_at) == ([1, 2], NOW)

    def test_what_was_put_away_for_a_paused_chat_follows_it_into_another(self, scene: Scene, chat: Chat) -> None:
        other = scene.chat("other")
        scene.owe(alert(scene.subscribe(other, "kosovo"), 1))
        scene.change(other, paused_at=NOW)
        assert scene.claim() == []
        scene.store.write(lambda session: session.chats.move(chat.id, other.address))
        assert [stories(claim) for claim in scene.claim()] == [[1]]

    def test_only_accepted_addresses_are_claimed(self, scene: Scene, kosovo: Subscription) -> None:
        other = scene.subscribe(scene.chat("bojan", "telegram"), "kosovo")
        scene.owe(alert(kosovo, 1), alert(other, 1), alert(kosovo, 2), alert(other, 2))
        asked: list[Address] = []

        def accept(address: Address) -> bool:
            asked.append(address)
            return address.platform == "telegram"

        (claim,) = scene.claim(accept=accept, limit=1)
        assert claim.chat.address == Address("telegram", "bojan")
        assert len(asked) == 2
        assert scene.claim(accept=accept) == []
        assert [claim.chat.address.platform for claim in scene.claim()] == ["terminal"]

    def test_an_alert_does_not_wait_behind_a_digest(
        self, scene: Scene, kosovo: Subscription, daily: Subscription
    ) -> None:
        scene.owe(line(daily, 1, MORNING), alert(kosovo, 1, MORNING), alert(kosovo, 2, MORNING))
        assert [claim.kind for claim in scene.claim(MORNING)] == [Kind.ALERT]


class TestDigests:
    def test_lines_wait_for_their_digest(self, scene: Scene, chat: Chat, daily: Subscription) -> None:
        scene.owe(line(daily, 1), line(daily, 2), line(daily, 3, EVENING))
        assert scene.claim(MORNING) == []
        scene.open_digest(chat, MORNING)
        assert scene.claim(MORNING - MINUTE) == []
        (claim,) = scene.claim(MORNING)
        assert (claim.kind, stories(claim), len(claim.envelope_ids), claim.due_at) == (Kind.DIGEST, [1, 2], 1, MORNING)

    def test_an_empty_digest_is_claimed_too(self, scene: Scene, chat: Chat) -> None:
        scene.open_digest(chat, MORNING)
        (claim,) = scene.claim(MORNING + HOUR)
        assert (claim.deliveries, claim.due_at) == ((), MORNING)

    def test_a_digest_is_opened_once_a_time(self, scene: Scene, chat: Chat) -> None:
        scene.open_digest(chat, MORNING)
        scene.settle(scene.claim(MORNING)[0], now=MORNING)
        scene.open_digest(chat, MORNING)
        assert scene.claim(MORNING) == []

    def test_digests_missed_while_off_are_one(self, scene: Scene, chat: Chat, daily: Subscription) -> None:
        scene.owe(line(daily, 1))
        for days in range(3):
            scene.open_digest(chat, MORNING + days * DAY)
        (claim,) = scene.claim(MORNING + 2 * DAY)
        assert (claim.due_at, len(claim.envelope_ids), stories(claim)) == (MORNING, 1, [1])
        scene.settle(claim, now=MORNING + 2 * DAY)
        assert scene.claim(MORNING + 9 * DAY) == []

    def test_an_earlier_digest_is_not_kept_waiting_by_a_later_one(self, scene: Scene, chat: Chat) -> None:
        scene.open_digest(chat, EVENING, MORNING)
        scene.open_digest(chat, MORNING)
        (claim,) = scene.claim(MORNING)
        scene.settle(claim)
        assert scene.claim(EVENING) == []

    def test_the_next_digest_opens_while_one_is_being_sent(self, scene: Scene, chat: Chat) -> None:
        scene.open_digest(chat, MORNING)
        (held,) = scene.claim(MORNING, lease=DAY)
        scene.open_digest(chat, EVENING)
        (claim,) = scene.claim(EVENING)
        assert claim.due_at == EVENING
        assert set(claim.envelope_ids).isdisjoint(held.envelope_ids)

    def test_only_a_sent_digest_counts_as_the_last_one(self, scene: Scene, chat: Chat, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1, MORNING))
        scene.settle(scene.claim(MORNING)[0], now=MORNING)
        assert scene.chat_again(chat).last_digest_at is None
        scene.open_digest(chat, MORNING)
        scene.settle(scene.claim(MORNING)[0], State.CANCELLED, MORNING)
        assert scene.chat_again(chat).last_digest_at is None
        scene.open_digest(chat, EVENING)
        scene.settle(scene.claim(EVENING)[0], now=EVENING)
        assert scene.chat_again(chat).last_digest_at == EVENING

    def test_a_postponed_digest_comes_back_whole_with_its_own_time(
        self, scene: Scene, chat: Chat, daily: Subscription
    ) -> None:
        scene.owe(line(daily, 1))
        scene.open_digest(chat, MORNING)
        scene.postpone(scene.claim(MORNING)[0], MORNING + MINUTE)
        assert scene.claim(MORNING) == []
        (again,) = scene.claim(MORNING + MINUTE)
        assert (stories(again), again.due_at, again.attempts, len(again.envelope_ids)) == ([1], MORNING, 1, 1)


class TestEnding:
    @pytest.mark.parametrize("state", [State.SENT, State.DEAD, State.CANCELLED])
    def test_what_is_settled_stays_settled(self, scene: Scene, chat: Chat, kosovo: Subscription, state: State) -> None:
        scene.owe(alert(kosovo, 1))
        scene.settle(scene.claim()[0], state)
        assert scene.states(chat) == {(Kind.ALERT, state): 1}
        assert scene.claim(NOW + DAY) == []
        ((_, found, sent_at, _),) = scene.of_story(chat, 1)
        assert (found, sent_at) == (state, NOW if state is State.SENT else None)

    def test_each_postponement_is_one_more_try(self, scene: Scene, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1))
        for attempts in range(3):
            (claim,) = scene.claim(NOW + attempts * MINUTE)
            assert claim.attempts == attempts
            scene.postpone(claim, NOW + (attempts + 1) * MINUTE)

    def test_a_claim_takes_new_alerts_along_and_counts_its_oldest_tries(
        self, scene: Scene, kosovo: Subscription
    ) -> None:
        scene.owe(alert(kosovo, 1))
        scene.postpone(scene.claim()[0], NOW + MINUTE)
        scene.owe(alert(kosovo, 2))
        (claim,) = scene.claim(NOW + MINUTE)
        assert (stories(claim), claim.attempts) == ([1, 2], 1)

    def test_a_lease_that_was_lost_settles_nothing(self, scene: Scene, chat: Chat, kosovo: Subscription) -> None:
        scene.owe(alert(kosovo, 1))
        (slow,) = scene.claim()
        (quick,) = scene.claim(NOW + LEASE)
        scene.settle(slow, State.DEAD)
        scene.postpone(slow, NOW + DAY)
        assert scene.states(chat) == {(Kind.ALERT, State.LEASED): 1}
        scene.settle(quick)
        scene.postpone(slow, NOW + DAY)
        assert scene.states(chat) == {(Kind.ALERT, State.SENT): 1}


class TestTelling:
    def test_what_was_told_does_not_ring(self, scene: Scene, chat: Chat, kosovo: Subscription) -> None:
        scene.tell(chat, kosovo, 1, 2)
        assert scene.owe(alert(kosovo, 1), alert(kosovo, 3)) == 1
        assert scene.store.read(lambda session: session.outbox.told(chat.id, [1, 2, 3])) == {1, 2}
        ((delivery, state, sent_at, reason),) = scene.of_story(chat, 1)
        assert (delivery.owed.subscription_id, state, sent_at, reason) == (kosovo.id, State.SENT, NOW, "shown")

    def test_telling_takes_what_waits_but_not_what_is_being_sent(
        self, scene: Scene, chat: Chat, kosovo: Subscription
    ) -> None:
        scene.owe(alert(kosovo, 1), alert(kosovo, 2, MORNING))
        (held,) = scene.claim()
        scene.tell(chat, kosovo, 1, 2)
        assert scene.states(chat) == {(Kind.ALERT, State.LEASED): 1, (Kind.ALERT, State.SENT): 1}
        scene.settle(held)
        assert scene.claim(MORNING) == []

    def test_a_digest_line_is_not_an_alert(self, scene: Scene, chat: Chat, daily: Subscription) -> None:
        scene.owe(line(daily, 1))
        scene.open_digest(chat, MORNING)
        scene.settle(scene.claim(MORNING)[0])
        assert scene.store.read(lambda session: session.outbox.told(chat.id, [1])) == set()

    def test_matched_are_the_live_subscriptions_a_story_was_found_by(self, scene: Scene, chat: Chat) -> None:
        first, second, ended = (scene.subscribe(chat, query) for query in ("a", "b", "c"))
        scene.subscribe(chat, "d")
        scene.subscribe(scene.chat("bojan"), "a")
        scene.match(1, second.query_id, ended.query_id)
        scene.match(1, first.query_id)
        scene.end(ended)
        found = scene.store.read(lambda session: session.outbox.matched(chat.id, 1))
        assert found == [first, second]


def test_counts_are_of_lines_by_kind_and_state(scene: Scene, chat: Chat, kosovo: Subscription) -> None:
    other = scene.subscribe(scene.chat("bojan"), "kosovo")
    scene.owe(alert(kosovo, 1), alert(other, 1), alert(other, 2))
    scene.open_digest(chat, MORNING)
    assert scene.states(chat) == {WAITING_ALERT: 1}
    assert scene.store.read(lambda session: session.outbox.counts()) == {WAITING_ALERT: 3}
