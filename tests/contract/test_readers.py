"""What readers decide, as any store must keep it: mutes, the shelf, leftovers, prefaces, and what is overdue."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import Address, Chat, Kind, State
from bot.core.reader_ports import Mute, Preface, Said
from tests.contract.scene import DAY, EVENING, HOUR, MINUTE, MORNING, NOW, Scene, stories


def mute(scene: Scene, chat: Chat, what: str = "story:1", hours: int | None = None) -> Mute:
    """The chat mutes it, for so many hours or without an end."""
    until = NOW + hours * HOUR if hours else None
    return scene.store.write(lambda session: session.mutes.add(chat.id, what, what, NOW, until))


def hold(scene: Scene, story: int, article: int, *chats: Chat, now: object = NOW) -> int:
    """What `expand` does when an article of a story with these keys has been owed."""
    keys = (f"story:{story}", "source:wire")
    ids = [chat.id for chat in chats]
    return scene.store.write(lambda session: session.mutes.hold(ids, story, article, keys, now))  # type: ignore[arg-type]


def reasons(scene: Scene, chat: Chat, story: int) -> list[tuple[State, str | None]]:
    """What became of a story in a chat."""
    return [(state, reason) for _, state, _, reason in scene.of_story(chat, story)]


def test_a_mute_holds_its_chats_lines_of_its_articles_and_no_others(scene: Scene) -> None:
    ana, bojan = scene.chat("ana"), scene.chat("bojan")
    for chat in (ana, bojan):
        kosovo = scene.subscribe(chat, "kosovo")
    made = mute(scene, ana, "source:wire")
    first, second = scene.match(1, kosovo.query_id), scene.match(2, kosovo.query_id)
    assert hold(scene, 1, first, ana, bojan) == 1
    assert hold(scene, 2, second, bojan) == 0
    assert reasons(scene, ana, 1) == [(State.CANCELLED, f"muted:{made.id}")]
    assert scene.store.read(lambda session: session.mutes.held(made.id)) == 1
    assert sorted(stories(claim) for claim in scene.claim()) == [[1, 2], [2]]


def test_a_mute_holds_nothing_once_it_is_over_and_the_same_can_be_muted_again(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    made = mute(scene, chat, "source:wire", hours=1)
    assert made.holds(NOW)
    assert not made.holds(NOW + HOUR)
    article = scene.match(1, kosovo.query_id, now=NOW + HOUR)
    assert hold(scene, 1, article, chat, now=NOW + HOUR) == 0
    later = NOW + 2 * HOUR
    again = scene.store.write(lambda session: session.mutes.add(chat.id, "source:wire", "w", later, None))
    assert again.id != made.id
    assert [entry.id for entry in scene.store.read(lambda session: session.mutes.live(chat.id, later))] == [again.id]


def test_muting_the_same_again_moves_its_end(scene: Scene) -> None:
    chat = scene.chat()
    first, second = mute(scene, chat, hours=1), mute(scene, chat, hours=5)
    assert (first.id, second.until_at) == (second.id, NOW + 5 * HOUR)


def test_what_is_released_waits_again_but_not_what_was_told_since(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    made = mute(scene, chat, "source:wire")
    for story in (1, 2):
        hold(scene, story, scene.match(story, kosovo.query_id), chat)
    scene.match(2, kosovo.query_id)
    (claim,) = scene.claim()
    scene.settle(claim)
    assert stories(claim) == [2]
    assert scene.store.write(lambda session: session.mutes.release(made.id)) == 1
    assert [stories(claim) for claim in scene.claim()] == [[1]]


def test_what_is_released_after_its_digest_comes_with_the_next(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    made = mute(scene, chat, "source:wire")
    hold(scene, 1, scene.match(1, kosovo.query_id), chat)
    scene.store.write(lambda session: session.subscriptions.advance(kosovo.id, MORNING + DAY))
    scene.store.write(lambda session: session.mutes.release(made.id))
    scene.open_digest(chat, MORNING + DAY)
    (claim,) = scene.claim(MORNING + DAY)
    assert (stories(claim), claim.due_at) == ([1], MORNING + DAY)


def test_a_story_kept_back_rings_with_an_article_that_is_heard(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    mute(scene, chat, "source:wire")
    hold(scene, 1, scene.match(1, kosovo.query_id), chat)
    heard = scene.match(1, kosovo.query_id)
    (claim,) = scene.claim()
    assert [delivery.owed.article_id for delivery in claim.deliveries] == [heard]


def test_a_mute_taken_back_holds_nothing_and_comes_back_unless_there_is_another(scene: Scene) -> None:
    chat = scene.chat()
    made = mute(scene, chat)
    scene.store.write(lambda session: session.mutes.end(made.id, NOW + MINUTE))
    assert scene.store.read(lambda session: session.mutes.live(chat.id, NOW + HOUR)) == []
    scene.store.write(lambda session: session.mutes.reinstate(made))
    assert scene.store.read(lambda session: session.mutes.live(chat.id, NOW + HOUR)) == [made]
    scene.store.write(lambda session: session.mutes.end(made.id, NOW + MINUTE))
    other = mute(scene, chat)
    scene.store.write(lambda session: session.mutes.reinstate(made))
    assert scene.store.read(lambda session: session.mutes.live(chat.id, NOW + HOUR)) == [other]


def test_what_waits_names_the_other_articles_that_matched(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    first, second = scene.match(1, kosovo.query_id), scene.match(1, kosovo.query_id)
    (line,) = scene.store.read(lambda session: session.mutes.pending(chat.id))
    assert (line.story_id, line.article_id, line.others) == (1, first, (second,))
    scene.store.write(lambda session: session.mutes.retell(line.delivery_id, second))
    (claim,) = scene.claim()
    assert [delivery.owed.article_id for delivery in claim.deliveries] == [second]


def test_the_shelf_keeps_each_once_and_gives_it_back_page_by_page(scene: Scene) -> None:
    chat, other = scene.chat("ana"), scene.chat("bojan")
    for number in (1, 2, 3, 3):
        new = scene.store.write(
            lambda session, number=number: session.shelf.save(chat.id, number, NOW + number * MINUTE)  # type: ignore[misc]
        )
    assert not new
    assert scene.store.read(lambda session: session.shelf.saved(chat.id, 2)) == (
        [(3, NOW + 3 * MINUTE), (2, NOW + 2 * MINUTE)],
        3,
    )
    assert scene.store.read(lambda session: session.shelf.saved(chat.id, 2, 2)) == ([(1, NOW + MINUTE)], 3)
    assert scene.store.read(lambda session: session.shelf.saved(other.id, 2)) == ([], 0)
    assert scene.store.write(lambda session: session.shelf.drop(chat.id, 3)) == NOW + 3 * MINUTE
    assert scene.store.write(lambda session: session.shelf.drop(chat.id, 3)) is None


def test_leftovers_come_latest_message_first_best_first_and_go_when_they_are_old(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo")
    for at, lines in ((MORNING, (5, 4)), (EVENING, (9, 2))):
        kept = [(article, kosovo.id) for article in lines]
        scene.store.write(lambda session, at=at, kept=kept: session.leftovers.keep(chat.id, at, kept))  # type: ignore[misc]
    found, total = scene.store.read(lambda session: session.leftovers.of_chat(chat.id, 3))
    assert ([article for _, article, _ in found], total) == ([9, 2, 5], 4)
    assert scene.store.write(lambda session: session.leftovers.prune(EVENING)) == 2


def test_prefaces_of_a_kind_add_up_until_they_are_said(scene: Scene) -> None:
    chat = scene.chat()
    for number, at in ((2, NOW), (3, NOW - DAY)):
        scene.store.write(
            lambda session, number=number, at=at: session.prefaces.add(chat.id, Preface.DROPPED, number, at)  # type: ignore[misc]
        )
    assert scene.store.read(lambda session: session.prefaces.of_chat(chat.id)) == [Said(Preface.DROPPED, 5, NOW - DAY)]
    scene.store.write(lambda session: session.prefaces.said(chat.id, [Preface.DROPPED]))
    assert scene.store.read(lambda session: session.prefaces.of_chat(chat.id)) == []


def test_what_is_too_old_is_cancelled_chat_by_chat_but_not_in_paused_ones(scene: Scene) -> None:
    chats = [scene.chat(name) for name in ("ana", "bojan", "cveta")]
    for chat in chats:
        kosovo = scene.subscribe(chat, "kosovo")
    scene.match(1, kosovo.query_id)
    scene.match(2, kosovo.query_id, now=NOW + HOUR)
    scene.change(chats[1], paused_at=NOW)
    expired, reached = scene.store.write(lambda session: session.outbox.expire(NOW + MINUTE, 0, 2))
    assert (expired, reached) == ([(chats[0].id, NOW)], chats[1].id)
    expired, reached = scene.store.write(lambda session: session.outbox.expire(NOW + MINUTE, chats[1].id, 2))
    assert (expired, reached) == ([(chats[2].id, NOW)], None)
    assert reasons(scene, chats[0], 1) == [(State.CANCELLED, "too late")]
    assert reasons(scene, chats[1], 1) == [(State.WAITING, None)]


def test_a_plan_anew_moves_everything_but_the_urgent_and_what_is_to_be_tried_again(scene: Scene) -> None:
    chat = scene.chat()
    calm, keen = scene.subscribe(chat, "kosovo"), scene.subscribe(chat, "drina", urgent=True)
    scene.match(1, calm.query_id)
    scene.match(2, keen.query_id)
    scene.store.write(lambda session: session.outbox.replan(chat.id, NOW, EVENING))
    assert [stories(claim) for claim in scene.claim()] == [[2]]
    (claim,) = scene.claim(EVENING)
    assert claim.due_at == NOW
    scene.postpone(claim, EVENING + HOUR)
    scene.store.write(lambda session: session.outbox.replan(chat.id, EVENING, EVENING))
    assert scene.claim(EVENING) == []


def test_an_open_digest_moves_with_its_lines(scene: Scene) -> None:
    chat = scene.chat()
    kosovo = scene.subscribe(chat, "kosovo", MORNING)
    scene.match(1, kosovo.query_id)
    scene.open_digest(chat, MORNING)
    scene.store.write(lambda session: session.outbox.replan(chat.id, MORNING, EVENING))
    assert scene.claim(EVENING - MINUTE) == []
    (claim,) = scene.claim(EVENING)
    assert (claim.kind, stories(claim)) == (Kind.DIGEST, [1])


def test_pauses_that_are_over_are_found(scene: Scene) -> None:
    chat, endless = scene.chat("ana"), scene.chat("bojan")
    scene.change(chat, paused_at=NOW, paused_until=EVENING)
    scene.change(endless, paused_at=NOW)
    assert scene.store.read(lambda session: session.chats.pausing(EVENING - MINUTE, 9)) == []
    assert [entry.id for entry in scene.store.read(lambda session: session.chats.pausing(EVENING, 9))] == [chat.id]


def test_a_chat_that_becomes_another_keeps_what_its_reader_decided(scene: Scene) -> None:
    old, new = scene.chat("old"), scene.chat("new")
    made = mute(scene, new)
    scene.store.write(lambda session: session.shelf.save(new.id, 7, NOW))
    scene.store.write(lambda session: session.chats.move(new.id, Address("terminal", "old")))
    assert scene.store.read(lambda session: session.mutes.live(old.id, NOW)) == [replace(made, chat_id=old.id)]
    assert scene.store.read(lambda session: session.shelf.saved(old.id, 9)) == ([(7, NOW)], 1)
