"""Same story or not: copies in any script, cut or edited, are one; shared boilerplate and stock phrases are not."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Article
from bot.matching.stories import SIMILAR, Signature, choose, signature, similarity
from bot.matching.text import analyse

SHARED = Path(__file__).parents[3] / "shared"

RESCUE = (
    "Coast guards said on Tuesday that they had brought 148 people ashore on the southern island after their wooden "
    "boat lost its engine in a storm. The vessel had left two days earlier and drifted for hours before a fishing crew "
    "raised the alarm. Twelve children were among the passengers, and three adults were taken to hospital with signs "
    "of exposure, the mayor told local radio. A second boat is still missing, and two ships are searching the area."
)
SERBIAN = (
    "Гранична полиција зауставила је у уторак увече камион у коме је било двадесет шест људи, саопштено је из "
    "министарства. Возач је покушао да побегне према шуми, али је убрзо ухваћен. Међу путницима је било петоро деце, "
    "а сви су пребачени у прихватни центар где им је указана помоћ лекара и где ће чекати да се њихови захтеви "
    "размотре."
)
SERBIAN_IN_LATIN = (
    "Granična policija zaustavila je u utorak uveče kamion u kome je bilo dvadeset šest ljudi, saopšteno je iz "
    "ministarstva. Vozač je pokušao da pobegne prema šumi, ali je ubrzo uhvaćen. Među putnicima je bilo petoro dece, "
    "a svi su prebačeni u prihvatni centar gde im je ukazana pomoć lekara i gde će čekati da se njihovi zahtevi "
    "razmotre."
)
BOILERPLATE = (
    "Sign up to our letter and receive the best of the week in your inbox every Friday morning. You may leave at any "
    "time. Read how we handle what you tell us in our notice. Thank you for signing up to our letter, and please look "
    "for a message from us which asks you to confirm. Already with us? Sign in here to manage what you receive. "
)


def signed(title: str, text: str, language: str = "en") -> Signature:
    return signature(analyse(Article("", title, text, "x", language=language)))


def alike(one: Signature, other: Signature) -> bool:
    """Whether the other is found by a key and then chosen."""
    assert similarity(one.values, other.values) == similarity(other.values, one.values)
    return bool(set(one.keys) & set(other.keys)) and choose(one, [(1, other.values)]) == 1


def test_a_copy_is_the_same_story_under_another_headline() -> None:
    one = signed("Boat adrift: 148 people brought ashore", RESCUE)
    assert alike(one, signed("Coast guards rescue 148 in storm", RESCUE))
    assert similarity(one.values, one.values) == 1.0


def test_a_copy_in_another_script_is_the_same_story() -> None:
    cyrillic = signed("Заустављен камион са мигрантима", SERBIAN, "sr")
    latin = signed("Zaustavljen kamion sa migrantima", SERBIAN_IN_LATIN, "hr")
    assert alike(cyrillic, latin)
    assert similarity(cyrillic.values, latin.values) == 1.0


def test_an_edited_copy_is_the_same_story() -> None:
    edited = RESCUE.replace("on Tuesday", "late on Tuesday").replace("Twelve children", "At least 12 children")
    edited = edited.replace(" A second boat is still missing, and two ships are searching the area.", "")
    assert alike(signed("148 brought ashore", RESCUE), signed("Engine failure: 148 brought ashore", edited))


def test_the_beginning_of_a_text_is_the_same_story() -> None:
    whole = RESCUE + " " + " ".join(f"Further on, sentence {number} says something else." for number in range(25))
    beginning = " ".join(RESCUE.split()[:50]) + " ..."
    assert alike(signed("148 people brought ashore", whole), signed("148 people brought ashore", beginning))


def test_what_an_outlet_puts_on_every_page_does_not_make_one_story() -> None:
    trade = BOILERPLATE + "Ministers agreed new tariffs on steel after a long night of talks in the capital."
    opera = BOILERPLATE + "The opera house opens again in autumn with a season of rarely performed works."
    assert not alike(signed("Ministers agree steel tariffs", trade), signed("Opera house opens again", opera))
    long = [BOILERPLATE + " ".join(f"{word} {number}" for number in range(300)) for word in ("one", "two")]
    assert not alike(signed("Ministers agree steel tariffs", long[0]), signed("Opera house opens again", long[1]))


def test_reports_in_stock_phrases_differ_by_their_figures() -> None:
    form = (
        "The central bank said it forecast a shortage of around {} million in the money market today. Bills maturing "
        "in official hands will drain some {} million while a rise in circulation will take out around {} million. "
        "Partly offsetting these, balances above target will add {} million."
    )
    monday = signed("Money market shortage forecast", form.format(450, 650, 30, 25))
    friday = signed("Money market shortage forecast", form.format(300, 180, 95, 140))
    update = signed("Money market shortage forecast", form.format(450, 650, 30, 40))
    assert not alike(monday, friday)
    assert alike(monday, update)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Minister resigns", "Minister resigns", True),
        ("Minister resigns", "MINISTER RESIGNS!", True),
        ("Minister resigns", "Minister resigned", False),
        ("", "", True),
        (
            "Coast guard rescues forty people from a boat near Lesbos on Monday",
            "Coast guard rescues forty people from a boat near Samos on Friday",
            False,
        ),
        (
            "Coast guard rescues forty people from a boat near Lesbos on Monday",
            "Coast guard rescues forty people from a boat near Lesbos on Monday: video",
            True,
        ),
    ],
)
def test_headlines_alone_have_to_say_the_same(one: str, other: str, expected: bool) -> None:
    assert alike(signed(one, ""), signed(other, "")) is expected


def test_a_short_headline_is_not_a_short_text() -> None:
    assert not alike(signed("Floods", "in May"), signed("Floods in", "May"))


def test_the_most_alike_is_chosen_and_of_equals_the_oldest_story() -> None:
    whole = signed("148 brought ashore", RESCUE)
    edited = signed("148 brought ashore", RESCUE.replace("storm", "gale").replace("mayor", "doctor"))
    other = signed("Opera house opens again", BOILERPLATE)
    assert SIMILAR < similarity(whole.values, edited.values) < 1
    candidates = [(3, edited.values), (9, whole.values), (5, whole.values), (1, other.values)]
    assert choose(whole, candidates) == 5
    assert choose(other, candidates[:3]) is None
    assert choose(whole, []) is None


def test_signatures_stay_the_same_from_release_to_release() -> None:
    """They are kept in the database for the length of the window: change the seed or the layout on purpose only."""
    made = signed("148 people brought ashore", RESCUE)
    assert crc32(f"Signature(keys={made.keys}, values={made.values!r})".encode()) == 3072158585


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_can_be_signed_and_is_its_own_story(text: str, title: str) -> None:
    made = signed(title, text)
    assert all(-(2**63) <= key < 2**63 for key in made.keys)
    assert alike(made, signed(title, text))


def test_an_endless_text_costs_no_more_than_a_long_one() -> None:
    assert len(signed("x", "word " * 200_000).values) < 1_000


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared corpus")
def test_judged_pairs() -> None:
    pairs = [json.loads(line) for line in (SHARED / "eval/story_pairs_dev.jsonl").read_text().splitlines()]
    wanted = {pair[side] for pair in pairs for side in "ab"}
    with gzip.open(SHARED / "corpus/news.jsonl.gz", "rt") as lines:
        read = (json.loads(line) for line in lines)
        signatures = {entry["id"]: sign_entry(entry) for entry in read if entry["id"] in wanted}
    joined = [(pair["relation"], alike(signatures[pair["a"]], signatures[pair["b"]])) for pair in pairs]
    copies = [found for relation, found in joined if relation == "near_duplicate"]
    different = [
        alike_ for relation, alike_ in joined if relation in ("same_topic_different_event", "unrelated_text_overlap")
    ]
    assert sum(copies) / len(copies) >= 0.95
    assert sum(different) / len(different) <= 0.02


def sign_entry(entry: dict[str, str]) -> Signature:
    published = datetime(2026, 3, 1, tzinfo=UTC)
    given = Article(
        entry["id"], entry["title"] or "", entry["text"] or "", "x", None, published, entry["language"] or "en"
    )
    return signature(analyse(given))
