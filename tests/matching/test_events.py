"""Accounts of one event are told by what they tell of, in any script; rubrics, series and sagas are not one story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.grouping import Grouping
from bot.core.model import Article
from bot.matching.events import ACCOUNT, SIGNALS, Evidence, Weighed
from bot.matching.gists import UNDATED, dated, gist, hour_of, unpacked
from bot.matching.rarity import Rarity
from bot.matching.text import analyse

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)

FERRY = (
    "Ferry Aurora runs aground off Hvar with 240 aboard",
    "The ferry Aurora ran aground near Hvar on Monday with 240 passengers. The captain, Luka Perkovic, told Radio "
    "Split that nobody was hurt. Coast guards from Split took passengers off the ferry by evening.",
)
RUDDER = (
    "Broken rudder blamed as 240 leave grounded ferry at Hvar",
    "Everybody from a grounded ferry was safe on Monday night, officials in Split said. Luka Perkovic, who commands "
    "the Aurora, blamed its rudder. The mayor of Hvar opened a school for passengers of the ferry.",
)
BUDGET = (
    "Parliament in Zagreb adopts budget after night of votes",
    "Members of parliament in Zagreb adopted the budget early on Monday. Finance minister Ana Babic called it careful, "
    "while the opposition under Ivan Horvat walked out before the last of forty votes on the budget.",
)
FIRE = (
    "Brand im Hafen von Rijeka: Lagerhalle zerstört",
    "Im Hafen von Rijeka ist am Montag eine Lagerhalle ausgebrannt. Die Feuerwehr Rijeka war mit 80 Leuten im "
    "Einsatz, sagte Einsatzleiter Marko Kovac. Im Hafen lagerten Reifen, der Brand war weithin zu sehen.",
)
PUT_OUT = (
    "Rijeka: Feuerwehr löscht Lagerhalle im Hafen",
    "Nach sechs Stunden war der Brand gelöscht. 80 Leute der Feuerwehr kämpften in Rijeka gegen die Flammen; Reifen "
    "machten es schwer, so Marko Kovac. Die Lagerhalle im Hafen ist verloren.",
)
CYRILLIC = (
    "Вучић у Сурчину: Отворена деоница пута према Обреновцу",
    "Председник Александар Вучић отворио је у уторак деоницу пута од Сурчина до Обреновца. Министар Горан Весић рекао "
    "је да је пут дуг 17 километара, а Вучић да ће Обреновац добити и мост.",
)
LATIN = (
    "Sedamnaest kilometara puta: Vučić otvorio deonicu Surčin – Obrenovac",
    "Od utorka se iz Surčina u Obrenovac stiže novim putem dugim 17 kilometara. Uz ministra Gorana Vesića vrpcu je "
    "presekao Aleksandar Vučić, koji je meštanima Obrenovca obećao most.",
)
MARKET = "The exchange in {} closed {} per cent lower at {} points on a day on which {} million shares were traded."


def at(hours: float, told: tuple[str, str], language: str = "en", outlet: str = "") -> Article:
    """An article that was published so long after Monday, by an outlet of its own if none is named."""
    published = MONDAY + timedelta(hours=hours)
    name = outlet or f"Outlet {hours} {told[0]}"
    return Article(f"{hours} {told[0]} {outlet}", *told, name, language=language, published_at=published)


def stories_of(*articles: Article) -> list[str]:
    return [story for _, story, _ in Grouping().group(articles)]


def are_one(*articles: Article) -> bool:
    return len(set(stories_of(*articles))) == 1


def weighed(article: Article) -> Weighed:
    return Weighed.of(gist(analyse(article), article), Rarity())


def evidence(one: Article, other: Article) -> Evidence:
    return weighed(one).evidence(weighed(other))


@pytest.mark.parametrize(
    ("one", "other", "languages"),
    [(FERRY, RUDDER, "en en"), (FIRE, PUT_OUT, "de de"), (CYRILLIC, LATIN, "sr sr"), (CYRILLIC, LATIN, "sr hr")],
)
def test_an_account_in_other_words_is_one_story(one: tuple[str, str], other: tuple[str, str], languages: str) -> None:
    first, second = languages.split()
    assert are_one(at(0, one, first), at(3, other, second))
    assert not are_one(at(0, one, first), at(3, BUDGET))


def test_after_three_days_it_is_another_story() -> None:
    assert are_one(at(0, FERRY), at(24, RUDDER))
    assert not are_one(at(0, FERRY), at(73, RUDDER))


def test_what_joined_a_story_does_not_draw_others_into_it() -> None:
    """A saga is not one story for ever: only what opened it counts, by wording and by time."""
    stories = stories_of(*(at(hours, told) for hours, told in [(0, FERRY), (24, RUDDER), (80, RUDDER)]))
    assert stories[0] == stories[1]
    copy_of_what_joined, what_opened = stories[2], stories[0]
    assert copy_of_what_joined == what_opened, "a copy is a copy of anything in the story"
    changed = RUDDER[0], RUDDER[1].replace("Everybody from a grounded ferry was safe", "All are well and at home")
    assert evidence(at(0, FERRY), at(80, changed)).points == 0


def test_an_outlet_that_fills_in_a_form_tells_a_series() -> None:
    one = at(0, ("Shares in Athens fall", MARKET.format("Athens", "1.2", "2104", "431")), outlet="Wire")
    other = at(4, ("Shares in Athens fall", MARKET.format("Athens", "0.4", "1987", "377")), outlet="Wire")
    assert evidence(one, other).is_series
    assert not evidence(one, at(4, ("Athens shares fall", other.text), outlet="Paper")).is_series
    assert evidence(one, other).points == 0


def test_a_rubric_speaks_for_nothing() -> None:
    one, other = at(0, ("Disasters and accidents", FERRY[1])), at(1, ("Disasters and accidents", BUDGET[1]))
    found = evidence(one, other)
    assert found.headlines == min(found.words, found.names)
    assert not are_one(one, other)


def test_an_outlet_tells_the_next_event_days_later() -> None:
    own = evidence(at(0, FERRY, outlet="Wire"), at(48, RUDDER, outlet="Wire"))
    foreign = evidence(at(0, FERRY, outlet="Wire"), at(48, RUDDER, outlet="Paper"))
    assert own.is_own
    assert own.points < foreign.points < evidence(at(0, FERRY), at(0, RUDDER)).points


def test_every_signal_that_is_left_out_changes_the_points() -> None:
    found = evidence(at(0, FERRY), at(30, RUDDER))
    assert found.points >= ACCOUNT
    assert len({found.points, *map(found.points_without, SIGNALS)}) == len(SIGNALS) + 1


def test_a_word_that_many_stories_have_says_less() -> None:
    rarity = Rarity()
    common, rare = weighed(at(0, FERRY)).gist.words[:2]
    import numpy as np

    for _ in range(300):
        rarity.learn(np.array([common], np.uint32), 1)
    said, more = rarity.of([common, rare])
    assert said < more


def test_what_nobody_dated_came_when_it_came() -> None:
    article = Article("1", *FERRY, "Outlet")
    packed = gist(analyse(article), article)
    assert hour_of(packed) == UNDATED
    assert hour_of(dated(packed, 7)) == 7
    assert hour_of(dated(dated(packed, 7), 9)) == 7
    assert dated(b"", 7) == b""
    assert unpacked(dated(packed, 7)).words == unpacked(packed).words


def test_too_little_tells_nothing() -> None:
    article = Article("1", "Storm", "It ends.", "Outlet")
    assert gist(analyse(article), article) == b""


TEXTS = st.text(st.sampled_from("abc ABCčЖ ı12ß漢.\n"), max_size=300)


@settings(max_examples=60, deadline=None)
@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS), st.integers(0, 100))
def test_evidence_is_the_same_from_either_side(one: tuple[str, str], other: tuple[str, str], hours: int) -> None:
    articles = at(0, one, "sr"), at(hours, other, "sr")
    packed = [gist(analyse(article), article) for article in articles]
    if all(packed):
        mine, theirs = (Weighed.of(each, Rarity()) for each in packed)
        forth, back = mine.evidence(theirs), theirs.evidence(mine)
        assert forth.points == pytest.approx(back.points)
        assert 0 <= forth.points <= 1


def test_it_makes_no_difference_how_many_come_in_at_once() -> None:
    told: Sequence[Article] = [at(0, FERRY), at(1, BUDGET), at(2, RUDDER), at(3, FIRE, "de"), at(4, PUT_OUT, "de")]
    whole = stories_of(*told)
    grouping = Grouping()
    assert [story for article in told for _, story, _ in grouping.group([article])] == whole
    assert len(set(whole)) == 3
