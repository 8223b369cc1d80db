"""Digests: together, at their time, once, whatever happened meanwhile."""

from __future__ import annotations

from datetime import time, timedelta

from bot.core.cadence import Quiet
from bot.core.model import Outlook, SourceKind
from bot.core.poll import Standing
from bot.core.ports import Session
from tests.jobs.conftest import NOW, Newsbell, article

EIGHT = NOW.replace(hour=8) + timedelta(days=1)


def test_stories_gather_and_go_out_together_at_their_time(bell: Newsbell) -> None:
    bell.subscribe("frontex", cadence="daily 08:00")
    bell.subscribe("skopje", cadence="daily 08:00")
    bell.take(article(), article("Frontex hires", guid="2"), article("Rain over Skopje", guid="3"))
    assert bell.deliver(EIGHT - timedelta(seconds=1)).sent == 0
    assert bell.deliver(EIGHT).sent == 1
    for title in ("Frontex opens an office in Skopje", "Frontex hires", "Rain over Skopje"):
        assert bell.texts[0].count(title) >= 1
    assert bell.deliver(EIGHT + timedelta(hours=23)).sent == 0


def test_an_empty_digest_says_so_unless_it_is_switched_off(bell: Newsbell) -> None:
    bell.subscribe("frontex", chat="loud", cadence="daily 08:00")
    bell.chat("mute", empty_digest=False)
    bell.subscribe("frontex", chat="mute", cadence="daily 08:00")
    bell.deliver(EIGHT)
    assert [chat for chat, _ in bell.platform.sent] == ["terminal:loud"]


def test_a_digest_missed_while_nothing_ran_comes_once_and_late(bell: Newsbell) -> None:
    bell.subscribe("frontex", cadence="daily 08:00")
    bell.take(article())
    assert bell.deliver(EIGHT + timedelta(days=5, hours=3)).sent == 1
    assert bell.deliver(EIGHT + timedelta(days=5, hours=4)).sent == 0
    assert bell.deliver(EIGHT + timedelta(days=6)).sent == 1
    assert "Frontex" in bell.texts[0]
    assert "08:00" in bell.texts[0]


def test_an_alert_does_not_wait_for_a_digest_and_the_digest_marks_it(bell: Newsbell) -> None:
    bell.subscribe("frontex")
    bell.subscribe("skopje", cadence="daily 08:00")
    bell.take(article())
    assert bell.deliver().sent == 1
    assert bell.deliver(EIGHT).sent == 1
    assert "✓" in bell.texts[1] or "already" in bell.texts[1].lower()


def test_a_digest_in_quiet_hours_comes_at_their_end(bell: Newsbell) -> None:
    bell.chat("local", quiet=Quiet(time(7), time(9)))
    bell.subscribe("frontex", cadence="daily 08:00")
    bell.take(article())
    assert bell.deliver(EIGHT).sent == 0
    assert bell.deliver(EIGHT + timedelta(hours=1)).sent == 1
    assert "Frontex" in bell.texts[0]
    assert bell.deliver(EIGHT + timedelta(hours=2)).sent == 0


def test_an_article_that_comes_between_two_digests_is_in_the_second(bell: Newsbell) -> None:
    bell.subscribe("frontex", cadence="daily 08:00")
    bell.deliver(EIGHT)
    bell.take(article(published_at=EIGHT), now=EIGHT + timedelta(minutes=1))
    bell.deliver(EIGHT + timedelta(days=1))
    assert "Skopje" not in bell.texts[0]
    assert "Skopje" in bell.texts[1]


def test_an_article_that_arrives_at_the_very_minute_is_not_lost(bell: Newsbell) -> None:
    bell.subscribe("frontex", cadence="daily 08:00")
    bell.take(article(), now=EIGHT)
    bell.deliver(EIGHT)
    bell.deliver(EIGHT + timedelta(days=1))
    assert sum("Skopje" in text for text in bell.texts) == 1


def test_a_digest_says_which_sources_fail_for_a_day_or_more(bell: Newsbell) -> None:
    bell.subscribe("frontex", cadence="daily 08:00")
    for name, standing in (("Wire", Standing.DEGRADED), ("Old Post", Standing.DISABLED), ("Hourly", Standing.OK)):
        outlook = Outlook("", None, standing, NOW)

        def work(session: Session, name: str = name, outlook: Outlook = outlook) -> None:
            source = session.sources.ensure(SourceKind.FEED, f"https://{name}/", name)
            session.sources.failed(source.id, NOW, "answers 500", outlook)

        bell.app.store.write(work)
    bell.deliver(EIGHT)
    (said,) = [text for text in bell.texts if text.startswith("Digest")]
    assert said.endswith("Not reachable now: Wire and Old Post. See /sources")
