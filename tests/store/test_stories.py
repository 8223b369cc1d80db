"""Stories: signatures are found by a shared key, for as long as the window is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot.core.model import Article, SourceKind
from bot.core.ports import Session
from bot.matching.analysis import analysed
from bot.matching.gists import gist
from bot.matching.stories import signature
from bot.matching.text import analyse
from store.database import SqliteStore, open_store
from store.stories import MAX_CANDIDATES, Stories
from tests.store.archive import DAY, HOUR, NOW, Archive, article

LETTERS = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa"
WORDS = LETTERS.split()


def signed(*words: str) -> bytes:
    """The signature of these words: two that begin alike share a key, as do two that have most words in common."""
    return signature(analyse(Article("", "", " ".join(words), "x", language="en"))).values


ONE, OTHER, THIRD = signed(*WORDS), signed(*WORDS[:-1], "quebec"), signed(*reversed(WORDS))


def test_every_story_is_new(archive: Archive) -> None:
    assert len({archive.stories.new(NOW) for _ in range(3)}) == 3


def test_a_shared_key_finds_the_story_once(archive: Archive) -> None:
    one, other = archive.take(article("one")), archive.take(article("other"))
    archive.stories.add(one.id, one.story_id, ONE, NOW)
    archive.stories.add(other.id, other.story_id, OTHER, NOW + HOUR)
    found = archive.stories.candidates
    assert found(ONE, NOW) == [(other.story_id, OTHER), (one.story_id, ONE)]
    assert found(ONE, NOW + HOUR) == [(other.story_id, OTHER)]
    assert found(ONE, NOW + HOUR + HOUR) == []
    assert found(THIRD, NOW) == []


def test_exact_signatures_are_found_by_themselves(archive: Archive) -> None:
    short = signed("storm", "ends")
    one = archive.take(article("one"))
    archive.stories.add(one.id, one.story_id, short, NOW)
    assert archive.stories.candidates(short, NOW) == [(one.story_id, short)]
    assert Stories(archive.connection).candidates(short, NOW) == [(one.story_id, short)]
    assert archive.stories.candidates(signed("storm", "begins"), NOW) == []


def test_a_key_that_everything_shares_brings_the_newest_only(archive: Archive) -> None:
    archived = [archive.take(article(str(number))) for number in range(MAX_CANDIDATES + 20)]
    for number, entry in enumerate(archived):
        archive.stories.add(entry.id, entry.story_id, ONE, NOW + number * HOUR)
    for stories in (archive.stories, Stories(archive.connection)):
        found = stories.candidates(ONE, NOW)
        assert [story_id for story_id, _ in found] == [entry.story_id for entry in reversed(archived[20:])]


def test_pruning_drops_what_is_older_and_nothing_else(archive: Archive) -> None:
    old, new = archive.take(article("old")), archive.take(article("new"))
    archive.stories.add(old.id, old.story_id, ONE, NOW - DAY)
    archive.stories.add(new.id, new.story_id, OTHER, NOW)
    assert archive.stories.prune(NOW) == 1
    assert archive.stories.prune(NOW) == 0
    assert archive.stories.candidates(ONE, NOW - 2 * DAY) == [(new.story_id, OTHER)]


def add(store: SqliteStore, guid: str, values: bytes, at: datetime = NOW, *, fails: bool = False) -> int:
    """Archives and signs an article in a transaction of its own; returns its story."""

    def work(session: Session) -> int:
        source = session.sources.ensure(SourceKind.INGEST, "/in", "in")
        story_id = session.stories.new(at)
        archived = session.articles.add(
            Article(guid, guid, "", "x"), source_id=source.id, now=at, language="en", story_id=story_id, topics=()
        )
        session.stories.add(archived.id, story_id, values, at)
        if fails:
            raise KeyboardInterrupt
        return story_id

    return store.write(work)


def found(store: SqliteStore, values: bytes) -> list[int]:
    return store.write(lambda session: [story for story, _ in session.stories.candidates(values, NOW - 9 * DAY)])


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[SqliteStore, SqliteStore]]:
    """Two processes' stores on one database."""
    path = tmp_path / "n.db"
    with closing(open_store(path, now=NOW)) as one, closing(open_store(path, now=NOW)) as other:
        yield one, other


def test_what_one_process_adds_another_finds(stores: tuple[SqliteStore, SqliteStore]) -> None:
    one, other = stores
    first = add(one, "first", ONE)
    assert found(other, OTHER) == [first]
    second = add(other, "second", OTHER)
    assert found(one, ONE) == found(other, ONE) == [second, first]
    assert found(one, THIRD) == []


def test_what_is_rolled_back_was_never_there(stores: tuple[SqliteStore, SqliteStore]) -> None:
    one, other = stores
    first = add(one, "first", ONE)
    with pytest.raises(KeyboardInterrupt):
        add(one, "never", OTHER, fails=True)
    assert found(one, OTHER) == [first]
    second = add(other, "second", THIRD)  # under the id that was given up
    assert found(one, OTHER) == [first]
    assert found(one, THIRD) == [second]


def test_what_another_process_prunes_is_gone(stores: tuple[SqliteStore, SqliteStore]) -> None:
    one, other = stores
    add(one, "first", ONE, NOW - DAY)
    second = add(one, "second", OTHER)
    assert other.write(lambda session: session.stories.prune(NOW)) == 1
    assert found(one, ONE) == found(other, ONE) == [second]


def test_an_account_of_the_event_finds_what_opened_its_story(archive: Archive) -> None:
    from tests.matching.test_events import BUDGET, FERRY, RUDDER, at

    ferry, rudder, budget = (gist(analyse(each), each) for each in (at(0, FERRY), at(3, RUDDER), at(3, BUDGET)))
    one, joined = archive.take(article("one")), archive.take(article("other"))
    archive.stories.add(one.id, one.story_id, ONE, NOW, gist=ferry)
    archive.stories.add(joined.id, one.story_id, OTHER, NOW)
    for stories in (archive.stories, Stories(archive.connection)):
        assert stories.of_event(rudder, NOW) == one.story_id
        assert stories.of_event(rudder, NOW + HOUR) is None
        assert stories.of_event(budget, NOW) is None
        assert stories.of_event(b"", NOW) is None


def events() -> list[Article]:
    """Thirty-six accounts of twelve events, in other words each, as they come in."""
    found = []
    for number in range(36):
        told = Random(number % 12)
        names = ["".join(told.choices("bdgklmnprstvz", k=4)).capitalize() + "ic" for _ in range(9)]
        Random(number).shuffle(names)
        title, text = f"{' and '.join(names[:4])} meet", f"In the town {', '.join(names[::-1])} were seen by many."
        found.append(Article(str(number), title, text, f"Outlet {number}", language="en", published_at=NOW))
    return found


def taken(session: Session, articles: Sequence[Article]) -> list[int]:
    """The story each belongs to, by its event alone, when they come in together."""
    source = session.sources.ensure(SourceKind.INGEST, "/in", "in")
    signed = [signature for _, signature in analysed(articles)]
    session.stories.expect([each.values for each in signed], [each.gist for each in signed])
    found = []
    for each, entry in zip(signed, articles, strict=True):
        known = session.stories.of_event(each.gist, NOW - DAY)
        story_id = known or session.stories.new(NOW)
        archived = session.articles.add(
            entry, source_id=source.id, now=NOW, language="en", story_id=story_id, topics=()
        )
        opened = b"" if known else each.gist
        session.stories.add(archived.id, story_id, each.values, NOW, gist=opened)
        found.append(story_id)
    return found


def test_a_window_that_is_read_again_gives_the_same_answers(tmp_path: Path) -> None:
    parts = [events()[start : start + 5] for start in range(0, 36, 5)]
    with closing(open_store(tmp_path / "unbroken.db", now=NOW)) as store:
        unbroken = [story for part in parts for story in store.write(partial(taken, articles=part))]
    again = []
    for part in parts:
        with closing(open_store(tmp_path / "again.db", now=NOW)) as store:
            again += store.write(partial(taken, articles=part))
    assert again == unbroken
    assert len(set(unbroken)) == 12
    assert all(len(set(unbroken[event::12])) == 1 for event in range(12))
