"""Who follows what and what is told again, as any store must keep it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.following import AGAIN_AFTER, Follow, Further, Joining, Owing
from bot.core.model import Address, Article, Chat, Claim, Kind, Nearness, SourceKind, State
from bot.core.ports import Session
from tests.contract.scene import HOUR, LEASE, MINUTE, NOW, Scene

DAY = timedelta(days=1)


def article(scene: Scene, story: int, outlet: str, nearness: Nearness | None = None, *, rings: bool = True) -> int:
    """Another article of a story; its id."""

    def work(session: Session) -> int:
        source = session.sources.ensure(SourceKind.INGEST, "/in", "in")
        while session.stories.new(NOW) < story:
            pass
        guid = f"{story} {outlet} {scene.articles}"
        new = Article(guid, guid, guid, outlet, language="en")
        archived = session.articles.add(new, source_id=source.id, now=NOW, language="en", story_id=story, topics=())
        if nearness is not None:
            session.joinings.record(archived, nearness, NOW + MINUTE, rings=rings)
        return archived.id

    scene.articles += 1
    return scene.store.write(work)


def follow(scene: Scene, chat: Chat, story: int = 1) -> None:
    scene.store.write(lambda session: session.follows.start(chat.id, story, NOW))


def waiting(scene: Scene) -> Joining | None:
    return scene.store.read(lambda session: session.joinings.next())


def owe(scene: Scene, chat: Chat, article_id: int, further: Further = Further.ACCOUNT) -> int:
    joining = Joining(article_id, 1, 0, NOW, further, 0)
    return scene.store.write(lambda session: session.joinings.owe(joining, [Owing(chat.id, article_id, NOW)]))


def again(scene: Scene, after: timedelta = timedelta(0)) -> list[Claim]:
    at = NOW + after
    return scene.store.write(lambda session: session.outbox.claim(at, at + LEASE, lambda _: True, 9, (Kind.AGAIN,)))


def test_what_is_followed_is_kept_once_and_ends(scene: Scene) -> None:
    chat, other = scene.chat("ana"), scene.chat("bojan")
    article(scene, 1, "One")
    started = [scene.store.write(lambda session: session.follows.start(chat.id, 1, NOW)) for _ in range(2)]
    assert started == [True, False]
    mine = Follow(chat.id, 1, NOW)
    assert scene.store.read(lambda session: session.follows.of_chat(chat.id, NOW - DAY)) == [mine]
    assert scene.store.read(lambda session: session.follows.of_chat(chat.id, NOW + DAY)) == []
    assert scene.store.read(lambda session: session.follows.of_chat(other.id, NOW - DAY)) == []
    assert scene.store.write(lambda session: session.follows.end(chat.id, 1)) == mine
    assert scene.store.write(lambda session: session.follows.end(chat.id, 1)) is None
    scene.store.write(lambda session: session.follows.resume(mine))
    assert scene.store.write(lambda session: session.follows.prune(NOW)) == 0
    assert scene.store.write(lambda session: session.follows.prune(NOW + MINUTE)) == 1
    assert scene.store.read(lambda session: session.follows.get(chat.id, 1)) is None


def test_chats_that_turn_out_to_be_one_follow_what_either_did(scene: Scene) -> None:
    chat, other = scene.chat("ana"), scene.chat("bojan")
    for followed, who in ((1, chat), (1, other), (2, other)):
        article(scene, followed, "One")
        follow(scene, who, followed)
    scene.store.write(lambda session: session.chats.move(other.id, Address("terminal", "ana")))
    stories = scene.store.read(
        lambda session: [entry.story_id for entry in session.follows.of_chat(chat.id, NOW - DAY)]
    )
    assert sorted(stories) == [1, 2]


def test_outlets_count_by_accounts_of_their_own(scene: Scene) -> None:
    for outlet, nearness, counted in (
        ("One", None, 1), ("Two", Nearness.COPY, 1), ("Three", Nearness.EVENT, 2), ("Three", Nearness.EVENT, 2),
        ("Two", Nearness.EVENT, 3), ("Four", Nearness.COPY, 3),
    ):  # fmt: skip
        article(scene, 1, outlet, nearness)
        assert scene.store.read(lambda session: session.joinings.outlets(1)) == counted


def test_an_account_waits_to_be_told_where_anybody_follows_or_was_told(scene: Scene) -> None:
    chat = scene.chat()
    article(scene, 1, "One")
    article(scene, 1, "Two", Nearness.EVENT)
    assert waiting(scene) is None, "nobody cares"
    follow(scene, chat)
    article(scene, 1, "Three", Nearness.COPY)
    article(scene, 1, "Four", Nearness.EVENT, rings=False)
    assert waiting(scene) is None, "copies do not ring, nor does what is not to"
    fifth = article(scene, 1, "Five", Nearness.EVENT)
    first = Joining(fifth, 1, 4, NOW + MINUTE, Further.ACCOUNT, 0)
    assert waiting(scene) == first
    chats, reached = scene.store.read(lambda session: session.joinings.followers(first, 1))
    assert ([entry.id for entry in chats], reached) == ([chat.id], chat.id)
    scene.store.write(lambda session: session.joinings.told(first, reached))
    rest = replace(first, reached=chat.id)
    assert waiting(scene) == rest
    assert scene.store.read(lambda session: session.joinings.followers(rest, 1)) == ([], None)
    scene.store.write(lambda session: session.joinings.told(rest, None))
    assert waiting(scene) is None


def test_those_who_were_told_are_found_by_how_many_outlets_they_want(scene: Scene) -> None:
    chats = [
        scene.change(scene.chat(name), outlets=number) for name, number in (("a", 2), ("b", 3), ("c", 2), ("d", 2))
    ]
    kosovo = [scene.subscribe(chat, "kosovo") for chat in chats]
    first = article(scene, 1, "One")
    scene.match(1, kosovo[0].query_id, article=first)
    for claim in scene.claim():
        scene.settle(claim, now=NOW)
    follow(scene, chats[2])
    scene.end(kosovo[3])
    second = article(scene, 1, "Two", Nearness.EVENT)
    joining = Joining(second, 1, 2, NOW + MINUTE, Further.OUTLETS, 0)
    hearers, reached = scene.store.read(lambda session: session.joinings.hearers(joining, 100))
    assert [(chat.id, subscription, told) for chat, subscription, told in hearers] == [
        (chats[0].id, kosovo[0].id, first)
    ]
    assert reached is None
    some, reached = scene.store.read(lambda session: session.joinings.hearers(joining, 3))
    assert len(some) == 1
    assert reached is not None


def test_an_article_rings_again_once_and_the_number_of_outlets_ever_once(scene: Scene) -> None:
    chat = scene.chat()
    assert [owe(scene, chat, 7), owe(scene, chat, 7), owe(scene, chat, 8)] == [1, 0, 1]
    assert [owe(scene, chat, number, Further.OUTLETS) for number in (7, 9, 10)] == [0, 1, 0]
    assert scene.store.read(lambda session: session.joinings.rung(chat.id, 1)).keys() == {7, 8, 9}


def test_one_claim_is_one_story_of_a_chat_in_reply_to_what_told_it(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id, article=5)
    [alert] = scene.claim()
    scene.settle(alert)
    owe(scene, chat, 7)
    owe(scene, chat, 8)
    [claim] = again(scene)
    assert ([line.owed.article_id for line in claim.deliveries], claim.in_reply) == ([7, 8], "m1")
    assert {line.owed.further for line in claim.deliveries} == {Further.ACCOUNT}
    assert again(scene) == []
    scene.settle(claim)
    owe(scene, chat, 9)
    assert again(scene, AGAIN_AFTER - MINUTE) == []
    assert not scene.claimable(NOW + AGAIN_AFTER - MINUTE)
    assert [line.owed.article_id for line in again(scene, AGAIN_AFTER)[0].deliveries] == [9]


def test_a_lease_that_lapses_is_taken_again(scene: Scene) -> None:
    owe(scene, scene.chat(), 7)
    [claim] = again(scene)
    assert again(scene, LEASE - MINUTE) == []
    [second] = again(scene, LEASE)
    assert (second.attempts, second.deliveries[0].id) == (1, claim.deliveries[0].id)
    scene.settle(claim)
    assert again(scene, 2 * LEASE + HOUR)[0].attempts == 2, "who lost the lease settles nothing"


def test_a_paused_chat_s_rings_are_parked_and_come_when_it_goes_on(scene: Scene) -> None:
    chat = scene.change(scene.chat(), paused_at=NOW)
    owe(scene, chat, 7)
    assert again(scene) == []
    assert not scene.claimable(NOW + HOUR)
    scene.change(chat, paused_at=None)
    assert len(again(scene, HOUR)) == 1


def test_stories_that_are_one_are_told_once(scene: Scene) -> None:
    chat, other = scene.chat("ana"), scene.chat("bojan")
    query = scene.subscribe(chat, "kosovo").query_id
    scene.match(1, query)
    for claim in scene.claim():
        scene.settle(claim)
    scene.subscribe(other, "kosovo")
    scene.store.write(lambda session: session.joinings.match(2, 1))
    scene.match(2, query)
    assert [claim.chat.id for claim in scene.claim()] == [other.id]
    assert scene.of_story(chat, 2) == []
    assert [state for _, state, *_ in scene.of_story(chat, 1)] == [State.SENT]
