"""Alerts, digests and the note on time zones, as Messages and as the plain text in tests/golden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.compose import Group, Reason, Telling, Told, _shares, alert_card, alerts, digest, item, zone_notice
from bot.core.following import Further
from bot.core.message import (
    Action,
    Actions,
    Card,
    Code,
    Heading,
    Item,
    Line,
    Link,
    Mark,
    Message,
    Spans,
    Strong,
    Text,
    When,
    line,
    plain,
    spans,
    to_text,
)
from bot.core.model import Archived, Article
from bot.core.retelling import retold
from bot.core.words import LANGUAGES, Words

NOW = datetime(2026, 3, 29, 6, 2, tzinfo=UTC)
EIGHT = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
BELGRADE = ZoneInfo("Europe/Belgrade")
ENGLISH = Telling(Words("en"), BELGRADE, NOW)

Golden = Callable[[str, str], None]


def archived(
    number: int, title: str, source: str, hours: float, language: str | None, *, url: bool = True, sample: bool = False
) -> Archived:
    at = NOW - timedelta(hours=hours)
    link = f"https://example.org/{number}" if url else None
    article = Article(f"a{number}", title, "", source, link, at, language, sample=sample)
    return Archived(number, article, at, at, language, story_id=number)


def marked(text: str) -> Spans:
    """Spans of a text whose matched words stand in square brackets."""
    pieces = text.replace("]", "[").split("[")
    return tuple(Mark(piece) if index % 2 else Text(piece) for index, piece in enumerate(pieces) if piece)


LORRY = Told(
    archived(1, "Forty people found in a lorry near Horgoš", "Danube Wire", 1.1, "en"),
    marked("Forty people found in a lorry near Horgoš"),
    marked("Police opened a lorry at the [border] crossing and found forty [migrants], most of them from Syria."),
    (
        Reason("Migration", ("migrants", "Migrants", "smugglers"), 2, is_topic=True),
        Reason('lorry OR "border crossing"', ("border crossing",), 5),
    ),
    ("Danube Wire", "Adriatic Courier", "Pannonia Post", "Granica info", "Save Herald"),
)
FUND = Told(
    archived(2, "Brisel udvostručuje novac za nadzor granica", "Granica info", 20, "sr", url=False),
    marked("Brisel udvostručuje [novac] za nadzor [granica]"),
    marked("Za [nadzor granica] biće izdvojeno dvostruko više novca nego prošle godine."),
    (
        Reason("Border funding", ("novac", "granica"), 3, is_topic=True),
        Reason("Migration", ("izbeglice",), 2, is_topic=True),
    ),
)
TALKS = Told(
    archived(3, "Разговори у Скопљу настављени без договора", "Гласник са Вардара", 70, "mk"),
    marked("Разговори у [Скопљу] настављени без договора"),
    (),
    (Reason("Balkans", ("Скопљу",), 1, is_topic=True),),
    already=True,
)
UNDATED = replace(
    LORRY,
    archived=replace(
        archived(4, "", "", 0.5, None, sample=True),
        article=Article("a4", "", "A notice without a headline.\n\n" + "It goes on " * 20, "", sample=True),
    ),
    headline=(),
    excerpt=(),
    outlets=(),
    reasons=(Reason("notice", ("notice",), 7),),
)

GROUPS = [
    Group("Migration", (LORRY, FUND), 9),
    Group("Border funding", (FUND,), 1),
    Group("Balkans", (TALKS,), 1),
    Group('"border force"', (), 0),
]


def in_every_language(compose: Callable[[Telling], Message]) -> str:
    texts = [to_text(compose(replace(ENGLISH, words=Words(language)))) for language in LANGUAGES]
    return "\n\n---\n\n".join(texts)


def test_alert_in_words(golden: Golden) -> None:
    golden("alert", in_every_language(lambda to: alerts([LORRY], to)))


def test_several_alerts_in_words(golden: Golden) -> None:
    golden("alerts", in_every_language(lambda to: alerts([LORRY, FUND, TALKS, UNDATED], to)))


def test_an_alert_of_a_story_that_grew_in_words(golden: Golden) -> None:
    grown = replace(LORRY, outlets=(*LORRY.outlets, "Daily Bell", "Border Wire", "One", "Two"))
    grown = replace(grown, grown=("Daily Bell", "Border Wire", "One", "Two"))
    golden("alert_grown", in_every_language(lambda to: alerts([grown], to)))


def again(*tolds: Told, further: Further = Further.ACCOUNT) -> list[Told]:
    return [replace(told, further=further, followed=further is Further.ACCOUNT) for told in tolds]


def test_a_story_that_is_told_again_in_words(golden: Golden) -> None:
    title = "Lorry with forty people stopped at Horgoš"
    told: list[Callable[[Telling], Message]] = [
        lambda to: retold(again(LORRY), title, 2, to),
        lambda to: retold(again(LORRY, FUND), title, 3, to),
        lambda to: retold(again(LORRY, further=Further.OUTLETS), title, 8, to),
        lambda to: alerts([*again(LORRY), *again(FUND, further=Further.OUTLETS), TALKS], to),
        lambda to: alerts(again(LORRY), to),
    ]
    golden("again", "\n\n=====\n\n".join(in_every_language(compose) for compose in told))


def test_alerts_that_were_held_in_words(golden: Golden) -> None:
    since = NOW - timedelta(days=3)
    golden("alerts_held", in_every_language(lambda to: alerts([LORRY, FUND], to, due_at=since, held_since=since)))


def test_late_alerts_in_words(golden: Golden) -> None:
    since = NOW - timedelta(hours=7)
    one = in_every_language(lambda to: alerts([LORRY], to, due_at=since))
    golden("alerts_late", one + "\n\n---\n\n" + in_every_language(lambda to: alerts([LORRY, FUND], to, due_at=since)))


def test_alerts_within_an_hour_are_not_late() -> None:
    assert alerts([LORRY], ENGLISH, due_at=NOW - timedelta(hours=1)) == alerts([LORRY], ENGLISH)


def test_digest_in_words(golden: Golden) -> None:
    footer = (line("One source is failing: Save Herald.", quiet=True),)
    golden(
        "digest",
        in_every_language(
            lambda to: digest(
                GROUPS, to, since=EIGHT - timedelta(days=1), due_at=EIGHT, more="/digest page:2", footer=footer
            )
        ),
    )


def test_late_digest_in_words(golden: Golden) -> None:
    late = EIGHT - timedelta(days=3)
    golden(
        "digest_late",
        in_every_language(lambda to: digest(GROUPS[2:3], to, since=EIGHT - timedelta(days=9), due_at=late)),
    )


def test_empty_digest_in_words(golden: Golden) -> None:
    empty = [Group("Migration", (), 0), Group("Balkans", (), 0)]
    golden(
        "digest_empty", in_every_language(lambda to: digest(empty, to, since=EIGHT - timedelta(days=1), due_at=EIGHT))
    )


def test_first_digests_in_words(golden: Golden) -> None:
    asked = in_every_language(lambda to: digest(GROUPS[2:3], to))
    golden("digest_first", asked + "\n\n---\n\n" + in_every_language(lambda to: digest([], to, due_at=EIGHT)))


def test_zone_notice_in_words(golden: Golden) -> None:
    golden("zone_notice", in_every_language(lambda to: Message((zone_notice(ZoneInfo("UTC"), NOW, to.words),))))


def test_an_alert_card_has_the_form_of_its_parts() -> None:
    (card,) = alert_card(LORRY, ENGLISH).blocks
    assert isinstance(card, Card)
    assert (card.headline, card.url) == ("Forty people found in a lorry near Horgoš", "https://example.org/1")
    assert [part.text for part in card.excerpt if isinstance(part, Mark)] == ["border", "migrants"]
    assert [part for part in card.meta if isinstance(part, When)] == [
        When(LORRY.archived.published_at, "Europe/Belgrade", "today 06:56")
    ]
    assert card.why[:3] == (Text("Matched "), Strong("Migration"), Text(" ("))
    assert [part.text for part in card.why if isinstance(part, Mark)] == ["migrants", "smugglers"]
    assert Code('lorry OR "border crossing"') in card.why


def test_actions_come_last_and_only_where_there_are_any() -> None:
    stop = Action("Stop", "/unsubscribe 2")
    assert alert_card(LORRY, ENGLISH, (stop,)).blocks[-1] == Actions((stop,))
    assert not any(isinstance(block, Actions) for block in alerts([LORRY, FUND], ENGLISH).blocks)
    assert digest(GROUPS, ENGLISH, actions=(stop,)).blocks[-1] == Actions((stop,))
    assert not any(isinstance(block, Actions) for block in digest(GROUPS, ENGLISH).blocks)


def test_a_headline_links_where_there_is_an_address_and_is_marked_where_there_is_none() -> None:
    assert item(LORRY, ENGLISH).spans == (Link("Forty people found in a lorry near Horgoš", "https://example.org/1"),)
    assert Mark("novac") in item(FUND, ENGLISH).spans


def test_without_a_headline_the_text_begins() -> None:
    shown = plain(item(UNDATED, ENGLISH).spans)
    assert shown.startswith("A notice without a headline. It goes on")
    assert shown.endswith("…")
    assert len(shown) < 100
    wordless = replace(UNDATED, archived=replace(UNDATED.archived, article=replace(UNDATED.archived.article, text="")))
    assert plain(item(wordless, ENGLISH).spans) == "(no headline)"


def test_many_alerts_go_without_their_passages_but_never_without_a_reason() -> None:
    few, many = alerts([LORRY] * 5, ENGLISH), alerts([LORRY] * 6, ENGLISH)
    assert "Police opened" in to_text(few)
    assert "Police opened" not in to_text(many)
    assert to_text(many).count("Matched") == 6
    assert many.blocks[0] == Heading("6 new stories")


def test_many_reasons_and_words_are_counted_not_listed() -> None:
    words = tuple(f"word{number}" for number in range(9))
    told = replace(LORRY, reasons=tuple(Reason(f"topic{number}", words, number, is_topic=True) for number in range(9)))
    (card,) = alert_card(told, ENGLISH).blocks
    assert isinstance(card, Card)
    why = plain(card.why)
    assert "(word0, word1, word2, word3, word4, …)" in why
    assert "topic2" in why
    assert "topic3" not in why
    assert " and 6 more · subscriptions 0, 1, 2" in why


def stories(message: Message) -> list[str]:
    """Headlines by group, as `label: headline`."""
    found, label = [], ""
    for block in message.blocks:
        if isinstance(block, Line) and isinstance(block.spans[0], Strong):
            label = block.spans[0].text
        elif isinstance(block, Item):
            found.append(f"{label}: {plain(block.spans)}")
    return found


def test_a_story_stands_once_in_a_digest_and_names_its_other_groups() -> None:
    message = digest(GROUPS, ENGLISH)
    assert stories(message) == [
        "Migration: Forty people found in a lorry near Horgoš",
        "Migration: Brisel udvostručuje novac za nadzor granica",
        "Balkans: Разговори у Скопљу настављени без договора",
    ]
    text = to_text(message)
    assert text.startswith("Digest: 10 stories")
    assert "also Border funding" in text
    assert "Nothing new: Border funding" not in text
    assert 'Nothing new: "border force".' in text


def test_articles_of_one_story_in_one_group_all_stand() -> None:
    second = replace(LORRY, archived=replace(LORRY.archived, id=99))
    assert len(stories(digest([Group("every article", (LORRY, second), 2)], ENGLISH))) == 2


def test_what_a_limit_leaves_out_is_counted_and_every_group_gets_its_turn() -> None:
    numbered = [Told(archived(10 + number, f"Story {number}", "Wire", number, "en"), ()) for number in range(8)]
    groups = [Group("A", tuple(numbered[:6]), 30), Group("B", tuple(numbered[6:]), 2)]
    message = digest(groups, ENGLISH, limit=4, more="/digest page:2")
    assert stories(message) == ["A: Story 0", "A: Story 1", "B: Story 6", "B: Story 7"]
    assert "A · 2 of 30" in to_text(message)
    assert Line((Text("28 more:"), Text(" "), Code("/digest page:2"))) in message.blocks
    assert "28 more\n" in to_text(digest(groups, ENGLISH, limit=4)) + "\n"


def test_a_scheduled_digest_does_not_sound_and_one_asked_for_does() -> None:
    assert digest(GROUPS, ENGLISH, due_at=EIGHT).silent
    assert not digest(GROUPS, ENGLISH).silent
    assert not alerts([LORRY], ENGLISH).silent


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (9, False), (10, True)])
def test_only_a_late_digest_says_so(minutes: int, late: bool) -> None:
    message = digest(GROUPS, ENGLISH, since=EIGHT, due_at=NOW - timedelta(minutes=minutes))
    assert ("comes 10 minutes late" in to_text(message)) == late


@given(st.lists(st.integers(0, 9), max_size=6), st.integers(0, 40))
def test_room_is_shared_out_fairly(counts: list[int], limit: int) -> None:
    shares = _shares(counts, limit)
    assert sum(shares) == min(limit, sum(counts))
    assert all(share <= count for share, count in zip(shares, counts, strict=True))
    starved = [share for share, count in zip(shares, counts, strict=True) if share < count]
    assert not starved or max(shares) - min(starved) <= 1


TEXTS = st.text(max_size=12)
REASONS = st.builds(Reason, TEXTS, st.lists(TEXTS, max_size=7).map(tuple), st.none() | st.integers(0, 9), st.booleans())
TOLDS = st.builds(
    lambda title, source, text, story, reasons, dated: Told(
        Archived(story, Article("g", title, text, source, None, NOW if dated else None), NOW, NOW, None, story),
        spans(title),
        spans(text),
        tuple(reasons),
        (source,),
    ),
    TEXTS,
    TEXTS,
    TEXTS,
    st.integers(1, 5),
    st.lists(REASONS, max_size=5),
    st.booleans(),
)


@given(st.lists(TOLDS, min_size=1, max_size=7), st.integers(0, 9), st.sampled_from(LANGUAGES))
def test_whatever_articles_hold_becomes_a_message(tolds: list[Told], limit: int, language: str) -> None:
    to = Telling(Words(language), BELGRADE, NOW)
    assert alerts(tolds, to).blocks
    half = len(tolds) // 2
    groups = [Group("{a}", tuple(tolds[:half]), half), Group("b", tuple(tolds[half:]), len(tolds) - half)]
    message = digest(groups, to, limit=limit)
    kept = [
        told for told in tolds[half:] if told.archived.story_id not in {told.archived.story_id for told in tolds[:half]}
    ]
    assert len(stories(message)) == min(limit, half + len(kept))
