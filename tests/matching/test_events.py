"""Accounts of one event are told by what they tell of, in any script; rubrics, series and sagas are not one story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.grouping import Grouping
from bot.core.model import Article
from bot.matching.events import SIGNALS, Evidence, Weighed
from bot.matching.gists import IN_TITLE, NAME, UNDATED, dated, gist, gists, hour_of, words_of
from bot.matching.leads import hashed, leads
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


def told(article: Article) -> bytes:
    return gist(analyse(article), article)


def evidence(one: Article, other: Article, rarity: Rarity | None = None) -> Evidence:
    """Of one pair: the one and the other."""
    both = Weighed.of([told(one), told(other)], rarity or Rarity())
    return both.evidence(both, np.array([0]), np.array([1]))


def points(one: Article, other: Article) -> float:
    return float(evidence(one, other).points[0])


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
    assert points(at(0, FERRY), at(80, changed)) == 0


def test_a_saga_goes_on_in_another_story() -> None:
    """Every report shares most of what it says with the one before, and hardly anything with the first."""
    names = [f"{first}{second}ovic" for first in ("Bor", "Dal", "Gav", "Kos", "Lar", "Mar") for second in "aeiou"]
    saga = []
    for day in range(len(names) - 9):
        heard = names[day : day + 9]
        Random(day).shuffle(heard)
        saga.append(at(6.0 * day, (f"{' and '.join(heard[:4])} heard", f"A court hears {', '.join(heard[::-1])}.")))
    stories = stories_of(*saga)
    assert stories[0] == stories[1], "what follows is the same story"
    assert len(set(stories)) > 3, "what it has come to is not"
    assert all(stories.index(story) + 9 > number for number, story in enumerate(stories))


def test_an_outlet_that_fills_in_a_form_tells_a_series() -> None:
    one = at(0, ("Shares in Athens fall at 10:15", MARKET.format("Athens", "1.2", "2104", "431")), outlet="Wire")
    other = at(4, ("Shares in Athens fall at 14:20", MARKET.format("Athens", "0.4", "1987", "377")), outlet="Wire")
    assert evidence(one, other).is_form
    assert evidence(one, other).differ
    assert not evidence(one, at(4, ("Athens shares fall", other.text), outlet="Paper")).is_form
    assert points(one, other) == 0


def test_other_figures_a_day_later_are_the_next_report() -> None:
    told = "Kosovo counts {} new cases, {} people recovered and {} died, the institute in Pristina said on {}."
    figures = [("118 cases in Kosovo", told.format("118", "157", "5", day)) for day in ("Monday", "Tuesday")]
    others = ("91 cases in Kosovo", told.format("91", "204", "3", "Tuesday"))
    found = [
        evidence(at(0, figures[0]), at(hours, said)) for hours, said in ((24, figures[1]), (24, others), (3, others))
    ]
    assert [bool(each.differ[0]) for each in found] == [False, True, True]
    same, next_day, corrected = (float(each.points_without("words")[0]) for each in found)
    assert next_day < same
    assert next_day < corrected


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
    found = evidence(at(0, FERRY, outlet="Wire"), at(30, RUDDER, outlet="Wire"))
    changed = {signal: float(found.points_without(signal)[0]) for signal in ("", *SIGNALS)}
    assert len(set(changed.values())) == len(SIGNALS), "all but the figures, in which these agree"
    assert changed["figures"] == changed[""]
    assert changed["time"] > changed[""] < changed["outlets"]


def test_a_word_that_many_stories_have_says_less() -> None:
    rarity = Rarity()
    common, rare = words_of([told(at(0, FERRY))])[0][0, :2].tolist()
    for _ in range(300):
        rarity.learn(np.array([common], np.uint32), 1)
    said, more = rarity.weights(np.array([common, rare], np.uint32))
    assert said < more


def test_what_nobody_dated_came_when_it_came() -> None:
    packed = told(Article("1", *FERRY, "Outlet"))
    assert hour_of(packed) == UNDATED
    assert hour_of(dated(packed, 7)) == 7
    assert hour_of(dated(dated(packed, 7), 9)) == 7
    assert dated(b"", 7) == b""
    assert (words_of([dated(packed, 7)])[0] == words_of([packed])[0]).all()


def test_too_little_tells_nothing() -> None:
    assert told(Article("1", "Storm", "It ends.", "Outlet")) == b""


def test_what_is_said_most_is_kept_beside_the_headline() -> None:
    """Said once: ninety words; said twice: one; a name, which counts twice; all of the headline, with how often."""
    once = " ".join(f"q{number:02}zz" for number in range(10, 99))
    packed = told(at(0, ("Ferry aground", f"once {once} twice twice ferry at Hvar and so on")))
    words, kinds = (column[0].tolist() for column in words_of([packed]))
    kept = {word: kind for word, kind in zip(words, kinds, strict=True) if kind}
    assert list(kept)[:2] == [hashed("ferry"), hashed("agrou")]
    assert kept[hashed("ferry")] == IN_TITLE | 2
    assert kept[hashed("twice")] == 2
    assert kept[hashed("hvar")] == NAME | 1
    assert len(kept) == 2 + 40


ANY = st.text(st.characters(codec=None), max_size=80)
TEXTS = st.text(st.sampled_from("abc ABCčЖ ı12ß漢.\n"), max_size=300)


@settings(max_examples=60, deadline=None)
@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS), st.integers(0, 100))
def test_evidence_is_the_same_from_either_side(one: tuple[str, str], other: tuple[str, str], hours: int) -> None:
    packed = [told(at(0, one, "sr")), told(at(hours, other, "sr"))]
    if all(packed):
        both = Weighed.of(packed, Rarity())
        forth, back = both.evidence(both, np.array([0, 1]), np.array([1, 0])).points.tolist()
        assert forth == pytest.approx(back)
        assert 0 <= forth <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY, ANY), max_size=4))
def test_any_text_has_a_lead_and_a_gist_by_itself_and_in_company(texts: list[tuple[str, str]]) -> None:
    articles = [at(number, text, "sr") for number, text in enumerate(texts)]
    documents = [analyse(article) for article in articles]
    together = list(leads(documents))
    alone = [lead for document in documents for lead in leads([document])]
    for document, one, other in zip(documents, together, alone, strict=True):
        telling = [document.body.folded[place] for place in one.places]
        assert one.words.tolist() == other.words.tolist() == [hashed(word[:5]) for word in telling]
        assert (one.title, one.figures, one.sketch) == (other.title, other.figures, other.sketch)
    assert gists(documents, articles, together) == list(map(told, articles))
    assert len(stories_of(*articles)) == len(articles)


def test_it_makes_no_difference_how_many_come_in_at_once() -> None:
    told: Sequence[Article] = [at(0, FERRY), at(1, BUDGET), at(2, RUDDER), at(3, FIRE, "de"), at(4, PUT_OUT, "de")]
    whole = stories_of(*told)
    grouping = Grouping()
    assert [story for article in told for _, story, _ in grouping.group([article])] == whole
    assert len(set(whole)) == 3


def test_which_of_two_comes_first_makes_no_difference() -> None:
    told = [at(0, FERRY), at(3, BUDGET), at(5, RUDDER), at(6, FIRE, "de"), at(8, PUT_OUT, "de")]
    for order in (told, told[::-1], [*told[2:], *told[:2]]):
        stories = dict(zip([article.guid for article in order], stories_of(*order), strict=True))
        ferry, budget, rudder, fire, put_out = (stories[article.guid] for article in told)
        assert ferry == rudder
        assert fire == put_out
        assert len({ferry, budget, fire}) == 3
