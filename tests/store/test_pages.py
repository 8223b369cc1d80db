"""Pages to be read: a queue that gives each to one at a time, the newest first and one a host, and forgets none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.core.model import Archived, SourceKind
from bot.core.pages import AGAIN_FOR, Unread
from store.pages import Pages
from tests.store.archive import DAY, HOUR, NOW, Archive, archive_in_memory, article

LEASE = timedelta(minutes=10)


@pytest.fixture
def pages(archive: Archive) -> Pages:
    return Pages(archive.connection)


def take(archive: Archive, name: str, host: str = "wire.example", age: timedelta = timedelta(0)) -> Archived:
    return archive.take(article(name, "Summary.", url=f"https://{host}/{name}", published_at=NOW - age))


def asked(archive: Archive, pages: Pages, *taken: Archived) -> None:
    for archived in taken:
        pages.ask(archived, archive.source.id, NOW, rings=True)


def test_the_newest_page_of_each_host_is_leased_to_one(archive: Archive, pages: Pages) -> None:
    old, new = take(archive, "old", age=DAY), take(archive, "new")
    other = take(archive, "other", "other.example", HOUR)
    asked(archive, pages, old, new, other)
    assert not pages.due(NOW - HOUR)
    first = pages.claim(NOW, NOW + LEASE, 10)
    assert [(unread.article_id, unread.host) for unread in first] == [
        (new.id, "wire.example"),
        (other.id, "other.example"),
    ]
    assert (first[0].url, first[0].title, first[0].said) == ("https://wire.example/new", "new", "Summary.")
    assert (first[0].tries, first[0].asked_at, first[0].rings) == (1, NOW, True)
    assert pages.claim(NOW, NOW + LEASE, 10, busy=["wire.example"]) == []
    assert [unread.article_id for unread in pages.claim(NOW, NOW + LEASE, 10)] == [old.id]
    assert not pages.due(NOW)
    (again, *_) = pages.claim(NOW + LEASE, NOW + 2 * LEASE, 10)
    assert (again.article_id, again.tries) == (new.id, 2), "a lease that has lapsed is taken again, as another try"
    assert pages.waiting() == 3


def test_a_claim_is_limited_and_may_be_of_some_sources_only(archive: Archive, pages: Pages) -> None:
    feed = archive.sources.ensure(SourceKind.FEED, "https://wire.example/feed", "Wire")
    for number in range(3):
        pages.ask(take(archive, str(number), f"host{number}.example"), archive.source.id, NOW, rings=True)
    mine = take(archive, "mine", "mine.example", DAY)
    pages.ask(mine, feed.id, NOW, rings=True)
    assert [unread.article_id for unread in pages.claim(NOW, NOW + LEASE, 2, sources=[feed.id])] == [mine.id]
    assert len(pages.claim(NOW, NOW + LEASE, 2)) == 2
    assert not pages.due(NOW, sources=[])


def test_only_who_has_the_lease_closes_it(archive: Archive, pages: Pages) -> None:
    archived = take(archive, "a")
    asked(archive, pages, archived)
    (first,) = pages.claim(NOW, NOW + LEASE, 1)
    (second,) = pages.claim(NOW + LEASE, NOW + 2 * LEASE, 1)
    assert not pages.took(first, "Summary.", NOW)
    assert not pages.give_up(first, "gone")
    pages.postpone(first, NOW)
    assert pages.took(second, "Summary.", NOW + LEASE)
    assert not pages.took(second, "Summary.", NOW + LEASE)
    assert (pages.waiting(), pages.due(NOW + 100 * DAY)) == (0, False)


def test_what_is_put_off_is_due_then_and_counts_as_a_try_or_not(archive: Archive, pages: Pages) -> None:
    asked(archive, pages, take(archive, "a"))
    (first,) = pages.claim(NOW, NOW + LEASE, 1)
    pages.postpone(first, NOW + HOUR, "busy", tried=False)
    assert not pages.due(NOW + HOUR - LEASE)
    (second,) = pages.claim(NOW + HOUR, NOW + HOUR + LEASE, 1)
    assert second.tries == 1
    pages.postpone(second, NOW + HOUR, "500")
    assert pages.claim(NOW + HOUR, NOW + HOUR + LEASE, 1)[0].tries == 2


def test_what_was_said_is_kept_apart_from_the_text_archived(archive: Archive, pages: Pages) -> None:
    archived = take(archive, "a")
    assert pages.said(archived) == archived.article
    asked(archive, pages, archived)
    (unread,) = pages.claim(NOW, NOW + LEASE, 1)
    pages.took(unread, "Summary.", NOW)
    whole = archive.change(archived, text="Summary.\n\nAnd more.")
    assert pages.said(whole).text == "Summary."
    pages.say(archived.id, "Another summary.")
    assert pages.said(whole).text == "Another summary."
    pages.ask(whole, archive.source.id, NOW, rings=False)
    assert pages.claim(NOW, NOW + LEASE, 1) == [], "it has just been read"
    (again,) = pages.claim(NOW + AGAIN_FOR, NOW + HOUR, 1)
    assert (again.said, again.tries, again.rings) == ("Another summary.", 1, False)
    pages.drop(archived.id)
    assert pages.said(whole).text == "Summary.\n\nAnd more."


def test_another_source_has_a_page_read_only_while_nobody_has(archive: Archive, pages: Pages) -> None:
    archived = take(archive, "a")
    asked(archive, pages, archived)
    (unread,) = pages.claim(NOW, NOW + LEASE, 1)
    pages.give_up(unread, "a paywall")
    pages.ask(archived, archive.source.id + 1, NOW + DAY, rings=True)
    assert pages.waiting() == 0
    pages.ask(archived, archive.source.id, NOW + DAY, rings=True)
    assert pages.waiting() == 1


def test_a_clock_set_back_waits_for_nothing(archive: Archive, pages: Pages) -> None:
    archived = take(archive, "a")
    pages.ask(archived, archive.source.id, NOW + 1000 * DAY, rings=True)
    assert pages.due(NOW)


def test_what_brought_nothing_is_forgotten_and_what_was_read_is_not(archive: Archive, pages: Pages) -> None:
    kept, given_up, never = (take(archive, name, f"{name}.example") for name in ("kept", "given-up", "never"))
    asked(archive, pages, kept, given_up, never)
    for unread in pages.claim(NOW, NOW + LEASE, 2):
        if unread.article_id == kept.id:
            pages.took(unread, "Summary.", NOW)
        else:
            pages.give_up(unread, "404")
    assert pages.prune(NOW) == 0
    assert pages.prune(NOW + HOUR) == 2
    assert pages.said(archive.change(kept, text="Whole.")).text == "Summary."


class Queue(RuleBasedStateMachine):
    """Whatever happens in whatever order, a page is somebody's or nobody's, never two people's, and never lost."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = archive_in_memory()
        self.archive = self.opened.__enter__()
        self.pages = Pages(self.archive.connection)
        self.now = NOW
        self.articles = [take(self.archive, str(number), f"host{number % 2}.example") for number in range(4)]
        self.open: dict[int, Unread] = {}
        """The latest claim of each page that is still asked for."""
        self.wanted: set[int] = set()
        self.lost: list[Unread] = []

    def teardown(self) -> None:
        self.opened.__exit__(None, None, None)

    @rule(number=st.integers(0, 3))
    def ask(self, number: int) -> None:
        archived = self.articles[number]
        self.pages.ask(archived, self.archive.source.id, self.now, rings=True)
        self.wanted.add(archived.id)
        if archived.id in self.open:
            self.lost.append(self.open.pop(archived.id))

    @rule(limit=st.integers(1, 3))
    def claim(self, limit: int) -> None:
        claimed = self.pages.claim(self.now, self.now + LEASE, limit)
        assert len({unread.host for unread in claimed}) == len(claimed) <= limit
        for unread in claimed:
            assert unread.article_id in self.wanted
            before = self.open.get(unread.article_id)
            assert before is None or before.leased_until <= self.now
            self.lost += [before] if before else []
            self.open[unread.article_id] = unread

    @precondition(lambda self: self.open)
    @rule(data=st.data(), how=st.sampled_from(["took", "given up", "put off"]))
    def close(self, data: st.DataObject, how: str) -> None:
        unread = self.open.pop(data.draw(st.sampled_from(sorted(self.open, key=int))))
        if how == "put off":
            self.pages.postpone(unread, self.now + HOUR)
            return
        done = self.pages.took(unread, "Said.", self.now) if how == "took" else self.pages.give_up(unread, "404")
        assert done
        self.wanted.remove(unread.article_id)

    @precondition(lambda self: self.lost)
    @rule(data=st.data())
    def close_what_was_lost(self, data: st.DataObject) -> None:
        unread = data.draw(st.sampled_from(self.lost))
        assert not self.pages.took(unread, "Said.", self.now)
        assert not self.pages.give_up(unread, "404")
        self.pages.postpone(unread, self.now)

    @rule(minutes=st.sampled_from([1, 5, 10, 60]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def none_is_lost(self) -> None:
        assert self.pages.waiting() == len(self.wanted)
        assert self.pages.due(self.now + DAY) == bool(self.wanted)


TestQueue = Queue.TestCase
TestQueue.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
