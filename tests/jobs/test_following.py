"""Followed stories ring account by account, as replies; told ones once more when many outlets have their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cadence import parse_quiet
from bot.core.errors import Rejected, Unavailable
from bot.core.following import Further
from bot.core.model import Article, Nearness
from tests.jobs.accounts import account, copy_of
from tests.jobs.conftest import NOW, Newsbell

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def take(bell: Newsbell, article: Article, minutes: float = 0) -> int:
    """An article comes so long after NOW and what it rings leaves; the id it got."""
    [taken] = bell.take(article, now=NOW + minutes * MINUTE)
    bell.deliver(NOW + minutes * MINUTE)
    return taken.archived.id


def follow(bell: Newsbell, story_id: int, name: str = "local", minutes: float = 0) -> None:
    chat = bell.chat_of(name)
    bell.app.store.write(lambda session: session.follows.start(chat.id, story_id, NOW + minutes * MINUTE))


def story_of(bell: Newsbell, article_id: int) -> int:
    archived = bell.app.store.read(lambda session: session.articles.get(article_id))
    assert archived is not None
    return archived.story_id


def nearness(bell: Newsbell, article_id: int) -> Nearness | None:
    return bell.app.store.read(lambda session: session.joinings.nearness(article_id))


@pytest.fixture
def told(bell: Newsbell) -> Newsbell:
    """A chat that was told of the ferry, and follows the story."""
    bell.subscribe("frontex")
    follow(bell, story_of(bell, take(bell, account("ferry", 0))))
    return bell


def test_how_an_article_joined_its_story_is_kept_as_long_as_it_is(bell: Newsbell) -> None:
    opened, other = take(bell, account("ferry", 0)), take(bell, account("ferry", 1), 1)
    copied = take(bell, copy_of(account("ferry", 1), "Wire"), 2)
    bell.app.prune(NOW + 30 * DAY)
    assert [nearness(bell, entry) for entry in (opened, other, copied)] == [None, Nearness.EVENT, Nearness.COPY]
    assert len({story_of(bell, entry) for entry in (opened, other, copied)}) == 1


def test_another_account_rings_as_a_reply_to_what_told_the_story(told: Newsbell) -> None:
    take(told, account("ferry", 1), 5)
    first, second = told.platform.messages
    assert (first.in_reply, second.in_reply) == (None, "1")
    assert told.texts[1].startswith(f"Another account of a story you follow: {account('ferry', 0).title}\n")
    assert account("ferry", 1).title in told.texts[1]
    assert "[Unfollow: /unfollow 1]" in told.texts[1]


def test_copies_do_not_ring(told: Newsbell) -> None:
    take(told, copy_of(account("ferry", 0), "Wire"), 5)
    take(told, account("ferry", 1), 6)
    take(told, copy_of(account("ferry", 1), "Daily Bell"), 50)
    assert len(told.texts) == 2


def test_who_does_not_follow_hears_nothing_more(told: Newsbell) -> None:
    told.subscribe("frontex", chat="other")
    take(told, account("mine", 0), 1)
    take(told, account("mine", 1), 6)
    assert sorted(chat for chat, _ in told.platform.sent[1:]) == ["terminal:local", "terminal:other"]


def test_it_rings_once_in_half_an_hour_and_then_tells_all_that_came_meanwhile(told: Newsbell) -> None:
    take(told, account("ferry", 1), 5)
    for number, minutes in ((2, 10), (3, 20), (4, 34)):
        take(told, account("ferry", number), minutes)
    assert len(told.texts) == 2
    told.deliver(NOW + 35 * MINUTE)
    assert told.texts[2].startswith("3 more accounts of a story you follow: ")
    assert all(account("ferry", number).title in told.texts[2] for number in (2, 3, 4))
    assert told.platform.messages[2].in_reply == "1"
    take(told, account("ferry", 5), 40)
    told.deliver(NOW + 64 * MINUTE)
    assert len(told.texts) == 3
    told.deliver(NOW + 65 * MINUTE)
    assert len(told.texts) == 4


def test_two_stories_do_not_wait_for_each_other(told: Newsbell) -> None:
    follow(told, story_of(told, take(told, account("mine", 0), 1)), minutes=1)
    take(told, account("ferry", 1), 5)
    take(told, account("mine", 1), 6)
    assert [message.in_reply for message in told.platform.messages] == [None, None, "1", "2"]


def test_quiet_hours_and_pauses_hold_it(told: Newsbell) -> None:
    chat = told.chat(quiet=parse_quiet("09:03-11:00"))
    take(told, account("ferry", 1), 5)
    assert len(told.texts) == 1
    told.deliver(NOW + 2 * HOUR)
    assert len(told.texts) == 2
    told.app.store.write(
        lambda session: session.chats.save(replace(chat, quiet=None, paused_at=NOW, paused_until=NOW + 5 * HOUR))
    )
    take(told, account("ferry", 2), 3 * 60)
    take(told, account("ferry", 3), 4 * 60)
    assert len(told.texts) == 2
    told.deliver(NOW + 5 * HOUR)
    assert "Held meanwhile: 2 stories" in told.texts[2]
    assert "2 more accounts" in told.texts[2]


def test_a_mute_of_the_story_or_of_the_outlet_holds_it(told: Newsbell) -> None:
    chat = told.chat_of("local")
    told.app.store.write(lambda session: session.mutes.add(chat.id, "source:outlet 1", "source", NOW, None))
    take(told, account("ferry", 1), 5)
    assert len(told.texts) == 1
    take(told, account("ferry", 2), 6)
    assert len(told.texts) == 2
    told.app.store.write(lambda session: session.mutes.add(chat.id, "story:1", "story", NOW, None))
    take(told, account("ferry", 3), 50)
    assert len(told.texts) == 2


def test_a_chat_at_its_ceiling_gets_it_among_the_alerts_that_gather(told: Newsbell) -> None:
    told.chat(max_per_hour=2)
    take(told, account("mine", 0), 2)
    take(told, account("ferry", 1), 5)
    take(told, account("vote", 0), 6)
    assert len(told.texts) == 2
    told.deliver(NOW + 32 * MINUTE)
    [gathered] = told.texts[2:]
    assert gathered.startswith("2 new stories")
    assert "another account of a story you follow" in gathered
    assert told.platform.messages[2].in_reply is None


def test_a_language_that_the_chat_does_not_read_does_not_ring(told: Newsbell) -> None:
    told.chat(reads=("en",))
    take(told, account("ferry", 1, language="de"), 5)
    assert len(told.texts) == 1


def test_what_is_older_than_two_days_does_not_ring(told: Newsbell) -> None:
    take(told, replace(account("ferry", 1), published_at=NOW - 49 * HOUR), 5)
    assert len(told.texts) == 1


def test_every_rings_an_account_once_also_for_who_follows(told: Newsbell) -> None:
    told.subscribe("frontex", every=True)
    take(told, account("ferry", 1), 5)
    assert len(told.texts) == 2
    assert "Matched frontex" in told.texts[1]


def test_what_is_followed_from_a_search_rings_for_itself(bell: Newsbell) -> None:
    story = story_of(bell, take(bell, account("ferry", 0)))
    follow(bell, story)
    take(bell, account("ferry", 1), 5)
    assert bell.platform.messages[0].in_reply is None
    assert bell.texts[0].startswith(f"Another account of a story you follow: {account('ferry', 0).title}\n")
    bell.subscribe("frontex")
    take(bell, account("ferry", 2), 50)
    assert len(bell.texts) == 2, "a subscription made since tells nothing twice"


def test_what_came_before_somebody_followed_does_not_ring(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    story = story_of(bell, take(bell, account("ferry", 0)))
    bell.take(account("ferry", 1), now=NOW + MINUTE)
    follow(bell, story, minutes=2)
    bell.deliver(NOW + 2 * MINUTE)
    assert len(bell.texts) == 1


def test_who_unfollows_hears_no_more_of_what_waits_until_that_is_undone(told: Newsbell) -> None:
    chat = told.chat(quiet=parse_quiet("09:03-11:00"))
    take(told, account("ferry", 1), 5)
    follow = told.app.store.write(lambda session: session.follows.end(chat.id, 1))
    assert follow is not None
    told.deliver(NOW + 3 * HOUR)
    assert len(told.texts) == 1
    told.app.store.write(lambda session: session.follows.resume(follow))
    told.deliver(NOW + 3 * HOUR)
    assert len(told.texts) == 2


def test_following_ends_when_nothing_can_join_the_story(told: Newsbell) -> None:
    chat = told.chat_of("local")
    told.app.prune(NOW + 72 * HOUR)
    assert told.app.store.read(lambda session: session.follows.get(chat.id, 1))
    told.app.prune(NOW + 73 * HOUR)
    assert told.app.store.read(lambda session: session.follows.get(chat.id, 1)) is None
    assert len(told.texts) == 1


def test_a_reply_that_is_refused_comes_as_a_message_of_its_own(told: Newsbell) -> None:
    told.platform.answers = [Rejected("message to be replied not found")]
    take(told, account("ferry", 1), 5)
    assert told.platform.messages[1].in_reply is None
    assert not told.platform.messages[1].plain


def test_a_ring_that_fails_is_tried_again(told: Newsbell) -> None:
    told.platform.answers = [Unavailable("away")]
    take(told, account("ferry", 1), 5)
    assert len(told.texts) == 1
    told.deliver(NOW + 7 * MINUTE)
    assert told.platform.messages[1].in_reply == "1"


def test_a_correction_edits_the_reply_and_keeps_it_one(told: Newsbell) -> None:
    told.platform.limits = replace(told.platform.limits, edits=True)
    take(told, account("ferry", 1), 5)
    known = account("ferry", 1)
    take(told, replace(known, title=f"Corrected: {known.title}"), 6)
    told.deliver(NOW + 8 * MINUTE)
    edits = dict(told.platform.edited)
    assert edits["2"].startswith("Another account of a story you follow: ")
    assert "Corrected: " in edits["2"]
    assert len(told.texts) == 2


def test_an_edit_of_what_told_the_story_repeats_no_account_that_rang(told: Newsbell) -> None:
    told.platform.limits = replace(told.platform.limits, edits=True)
    take(told, account("ferry", 1), 5)
    take(told, copy_of(account("ferry", 0), "Wire"), 6)
    told.deliver(NOW + 12 * MINUTE)
    below = [reply.spans[1] for message in told.platform.edits for reply in message.replies]
    assert [span.text for span in below] == [" · Wire, "]


# Many outlets


def outlets(bell: Newsbell, numbers: range, minutes: float = 0) -> None:
    for number in numbers:
        take(bell, account("ferry", number), minutes + number)


def test_a_story_rings_once_more_when_eight_outlets_have_accounts_of_their_own(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    outlets(bell, range(7))
    assert len(bell.texts) == 1
    outlets(bell, range(7, 16))
    assert len(bell.texts) == 2
    assert bell.texts[1].startswith(f"8 outlets have accounts of their own by now: {account('ferry', 0).title}\n")
    assert bell.platform.messages[1].in_reply == "1"
    assert "[Follow: /follow 1]" in bell.texts[1]


def test_copies_of_an_account_and_an_outlet_that_says_more_are_no_further_outlets(bell: Newsbell) -> None:
    bell.chat(outlets=3)
    bell.subscribe("frontex")
    outlets(bell, range(2))
    for number in range(10):
        take(bell, copy_of(account("ferry", number % 2), f"Wire {number}"), 20)
    take(bell, replace(account("ferry", 5), source="Outlet 1"), 21)
    assert len(bell.texts) == 1
    take(bell, replace(account("ferry", 6), source="Wire 3"), 22)
    assert len(bell.texts) == 2, "an outlet that copied counts once it writes itself"


@pytest.mark.parametrize(("most", "rings"), [(0, 1), (2, 2), (9, 2), (20, 1)])
def test_how_many_outlets_it_takes_is_the_chats_to_say(bell: Newsbell, most: int, rings: int) -> None:
    bell.chat(outlets=most)
    bell.subscribe("frontex")
    outlets(bell, range(12))
    assert len(bell.texts) == rings


def test_another_number_never_rings_it_twice(bell: Newsbell) -> None:
    bell.chat(outlets=3)
    bell.subscribe("frontex")
    outlets(bell, range(4))
    bell.chat(outlets=6)
    outlets(bell, range(4, 9))
    assert len(bell.texts) == 2


def test_an_article_that_rings_by_itself_does_not_ring_for_the_number_of_outlets(bell: Newsbell) -> None:
    bell.chat(outlets=2)
    bell.subscribe("frontex")
    outlets(bell, range(1))
    bell.subscribe("frontex", every=True)
    outlets(bell, range(1, 3))
    told = [account("ferry", number).title for number in range(3)]
    assert [[title for title in told if title in text] for text in bell.texts] == [[title] for title in told]


def test_who_follows_or_has_unsubscribed_is_not_rung_for_the_number(bell: Newsbell) -> None:
    for name in ("local", "gone"):
        bell.chat(name, outlets=2)
    bell.subscribe("frontex")
    left = bell.subscribe("frontex", chat="gone")
    story = story_of(bell, take(bell, account("ferry", 0)))
    follow(bell, story)
    bell.app.store.write(lambda session: session.subscriptions.end(left.id, NOW))
    take(bell, account("ferry", 1), 1)
    assert [chat for chat, _ in bell.platform.sent[2:]] == ["terminal:local"]
    assert bell.texts[2].startswith("Another account")


def test_a_story_that_is_told_with_many_outlets_does_not_ring_for_them(bell: Newsbell) -> None:
    bell.chat(outlets=3, quiet=parse_quiet("08:00-11:00"))
    bell.subscribe("frontex")
    outlets(bell, range(5))
    bell.deliver(NOW + 3 * HOUR)
    outlets(bell, range(5, 8), 4 * 60)
    assert len(bell.texts) == 1


def test_a_first_look_rings_nothing_again(told: Newsbell) -> None:
    told.chat(outlets=2)
    told.take(account("ferry", 1), now=NOW + MINUTE, ring=False)
    told.deliver(NOW + MINUTE)
    assert len(told.texts) == 1
    assert told.app.store.read(lambda session: session.joinings.outlets(1)) == 2


def test_rings_again_are_recorded_for_what_they_are(told: Newsbell) -> None:
    take(told, account("ferry", 1), 5)
    chat = told.chat_of("local")
    rung = told.app.store.read(lambda session: session.joinings.rung(chat.id, 1))
    assert rung == {2: Further.ACCOUNT}
