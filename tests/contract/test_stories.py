"""The Stories port: of which story an article is that tells of an event in other words, and how near it is to it."""

from __future__ import annotations

from datetime import timedelta

from bot.core.model import Article, Nearness, SourceKind
from bot.core.ports import Session
from bot.matching.analysis import analysed
from bot.matching.stories import Signature
from tests.contract.scene import NOW, Scene
from tests.matching.test_events import BUDGET, FERRY, RUDDER, at

HOUR = timedelta(hours=1)


def signed(article: Article) -> Signature:
    [(_, signature)] = analysed([article])
    return signature


def add(session: Session, article: Article, story_id: int, nearness: Nearness | None = None) -> int:
    """Archives and signs an article of this story, which it opened unless it is near to it; returns its id."""
    source, signature = session.sources.ensure(SourceKind.INGEST, "/in", "in"), signed(article)
    archived = session.articles.add(article, source_id=source.id, now=NOW, language="en", story_id=story_id, topics=())
    gist = b"" if nearness else signature.gist
    session.stories.add(archived.id, story_id, signature.values, NOW, gist=gist)
    if nearness:
        session.joinings.record(archived, nearness, NOW, rings=False)
    return archived.id


def test_an_account_finds_the_story_that_was_opened_whoever_asks(scene: Scene) -> None:
    gist = signed(at(3, RUDDER)).gist

    def work(session: Session) -> int:
        story_id = session.stories.new(NOW)
        assert session.stories.of_event(gist, NOW) is None
        add(session, at(0, FERRY), story_id)
        add(session, at(0, BUDGET), session.stories.new(NOW))
        assert session.stories.of_event(gist, NOW) == story_id
        return story_id

    story_id = scene.store.write(work)
    asked = [scene.store.write(lambda session: session.stories.of_event(gist, NOW)) for _ in range(2)]
    assert asked == [story_id, story_id]
    assert scene.store.write(lambda session: session.stories.of_event(gist, NOW + HOUR)) is None


def test_what_joined_a_story_is_not_found_by_its_event(scene: Scene) -> None:
    """A saga does not drift: what it came to draws nothing into it."""

    def work(session: Session) -> None:
        add(session, at(0, RUDDER), session.stories.new(NOW), Nearness.EVENT)
        assert session.stories.of_event(signed(at(3, FERRY)).gist, NOW) is None

    scene.store.write(work)


def test_how_near_an_article_is_to_its_story_is_known(scene: Scene) -> None:
    def work(session: Session) -> None:
        story_id = session.stories.new(NOW)
        opened = add(session, at(0, FERRY), story_id)
        account = add(session, at(3, RUDDER), story_id, Nearness.EVENT)
        copied = add(session, at(4, FERRY), story_id, Nearness.COPY)
        found = [session.joinings.nearness(article_id) for article_id in (opened, account, copied, 99)]
        assert found == [None, Nearness.EVENT, Nearness.COPY, None]
        session.stories.prune(NOW + HOUR)
        assert session.joinings.nearness(account) is Nearness.EVENT, "for as long as there is the article"
        assert session.stories.of_event(signed(at(5, RUDDER)).gist, NOW) is None

    scene.store.write(work)


def test_of_two_stories_it_is_the_one_that_more_speaks_for(scene: Scene) -> None:
    """However they come, and asked for together or one by one."""
    ferry = signed(at(3, RUDDER)).gist

    def work(session: Session) -> None:
        stories = [session.stories.new(NOW) for _ in range(2)]
        add(session, at(48, FERRY, outlet="Late"), stories[0])
        add(session, at(2, FERRY, outlet="Soon"), stories[1])
        session.stories.expect([], [ferry, ferry])
        assert session.stories.of_event(ferry, NOW) == stories[1]

    scene.store.write(work)
