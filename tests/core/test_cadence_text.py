"""What people type about when: times, quiet hours, cadences, and a cadence at the end of a query."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.cadence import Cadence, Quiet, Rhythm, Wish, parse_cadence, parse_quiet, parse_time, split_cadence
from bot.core.errors import UserError
from bot.core.words import ENGLISH
from tests.growth import grows_in_step, repeated


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("8", time(8)),
        ("08", time(8)),
        ("8:00", time(8)),
        ("08.00", time(8)),
        ("8.30", time(8, 30)),
        ("20h", time(20)),
        ("20H", time(20)),
        ("8h30", time(8, 30)),
        ("20:15h", time(20, 15)),
        ("8am", time(8)),
        ("8 pm", time(20)),
        ("8:30 PM", time(20, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("0:00", time(0)),
        ("23:59", time(23, 59)),
        (" ８：００ ", time(8)),
    ],
)
def test_times(typed: str, at: time) -> None:
    assert parse_time(typed) == at


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("24:00", "00:00"),
        ("25:00", "23:00"),
        ("8:75", "08:59"),
        ("0800", "08:00"),
        ("1830", "18:30"),
        ("13pm", "13:00"),
        ("8:5", "08:05"),
        ("soon", "08:00"),
        ("", "08:00"),
        ("-1", "08:00"),
        ("٨", "08:00"),
    ],
)
def test_what_is_no_time_offers_the_nearest(typed: str, nearest: str) -> None:
    with pytest.raises(UserError) as error:
        parse_time(typed)
    assert (error.value.key, error.value.suggestion) == ("times.bad_time", nearest)


@pytest.mark.parametrize(
    ("typed", "quiet"),
    [
        ("22:00-07:00", Quiet(time(22), time(7))),
        ("22-7", Quiet(time(22), time(7))),
        ("22h – 7h", Quiet(time(22), time(7))),
        ("10pm to 7am", Quiet(time(22), time(7))),
        ("from 22:30 until 7", Quiet(time(22, 30), time(7))),
        ("od 22 do 7", Quiet(time(22), time(7))),
        ("13:00-15:00", Quiet(time(13), time(15))),
        ("off", None),
        ("OFF", None),
    ],
)
def test_quiet_hours(typed: str, quiet: Quiet | None) -> None:
    assert parse_quiet(typed) == quiet
    if quiet:
        assert parse_quiet(str(quiet)) == quiet


@pytest.mark.parametrize("typed", ["", "22", "22-", "22-22", "25:00-7:00", "22-7-9", "at night", "-"])
def test_what_is_no_quiet_time_offers_one(typed: str) -> None:
    with pytest.raises(UserError) as error:
        parse_quiet(typed)
    assert error.value.key == "times.bad_quiet"
    assert parse_quiet(error.value.suggestion or "") == Quiet(time(22), time(7))


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("instant", "instant"),
        ("INSTANT", "instant"),
        ("odmah", "instant"),
        ("daily", "daily"),
        ("daily 08:00", "daily 08:00"),
        ("daily 8", "daily 08:00"),
        ("daily at 8 pm", "daily 20:00"),
        ("daily 18:00, 8:00", "daily 08:00,18:00"),
        ("daily 8 and 18", "daily 08:00,18:00"),
        ("daily 8,8:00,8h", "daily 08:00"),
        ("08:00,18:00", "daily 08:00,18:00"),
        ("8:00", "daily 08:00"),
        ("weekdays", "weekdays"),
        ("weekdays 8", "weekdays 08:00"),
        ("weekly Mon 08:00", "weekly mon 08:00"),
        ("weekly mon", "weekly mon"),
        ("weekly on Thursday at 8:30", "weekly thu 08:30"),
        ("every day at 8", "daily 08:00"),
        ("every weekday", "weekdays"),
        ("every Sunday 20h", "weekly sun 20:00"),
        ("dnevno u 8 i 18", "daily 08:00,18:00"),
        ("сваког дана у 8", "daily 08:00"),
        ("radnim danima 7.30", "weekdays 07:30"),
        ("недељно пет 9", "weekly fri 09:00"),
        ("nedeljno četvrtkom u 9", "weekly thu 09:00"),
    ],
)
def test_forms(typed: str, canonical: str) -> None:
    cadence = parse_cadence(typed)
    assert cadence is not None
    assert str(cadence) == canonical
    assert split_cadence(f"balkans {typed}") == Wish("balkans", cadence)


@pytest.mark.parametrize(
    "typed",
    ["", "8", "daily mail", "weekly", "weekly 8", "daily 25:00", "daily 8 9", "every", "every mon", "now", "x daily"],
)
def test_what_is_no_form(typed: str) -> None:
    assert parse_cadence(typed) is None


@given(
    st.sampled_from(Rhythm),
    st.sets(st.builds(time, st.integers(0, 23), st.integers(0, 59)), max_size=5),
    st.integers(0, 6),
)
def test_canonical_text_reads_back(rhythm: Rhythm, times: set[time], day: int) -> None:
    listed = () if rhythm is Rhythm.INSTANT else tuple(sorted(times))
    cadence = Cadence(rhythm, listed, day if rhythm is Rhythm.WEEKLY else None)
    assert parse_cadence(str(cadence)) == cadence
    assert split_cadence(f'"border force" {cadence} urgent') == Wish('"border force"', cadence, urgent=True)


DAILY = Cadence(Rhythm.DAILY)
AT_EIGHT = Cadence(Rhythm.DAILY, (time(8),))


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("migration daily", Wish("migration", DAILY)),
        ("balkans daily 08:00 urgent", Wish("balkans", AT_EIGHT, urgent=True)),
        ("balkans urgent daily 08:00", Wish("balkans", AT_EIGHT, urgent=True)),
        ("frontex every urgent", Wish("frontex", None, urgent=True, every=True)),
        ("frontex hitno", Wish("frontex", None, urgent=True)),
        ("apollo daily 8", Wish("apollo", AT_EIGHT)),
        ("the daily mail daily 8", Wish("the daily mail", AT_EIGHT)),
        ("“border force” daily", Wish("“border force”", DAILY)),
        ('"daily" daily', Wish('"daily"', DAILY)),
        ("(serbia OR kosovo) daily", Wish("(serbia OR kosovo)", DAILY)),
        ("  frontex \n daily\u00a08 ", Wish("frontex", AT_EIGHT)),
        ("urgent daily", Wish("urgent", DAILY)),
        # words, not a cadence
        ("", Wish("")),
        ("   ", Wish("")),
        ("daily", Wish("daily")),
        ("weekly", Wish("weekly")),
        ("instant", Wish("instant")),
        ("urgent", Wish("urgent")),
        ("every", Wish("every")),
        ("8", Wish("8")),
        ("daily mail", Wish("daily mail")),
        ("daily sun", Wish("daily sun")),
        ("kosovo daily sun", Wish("kosovo daily sun")),
        ("newsweek weekly review", Wish("newsweek weekly review")),
        ("apollo 8", Wish("apollo 8")),
        ("web 2.0", Wish("web 2.0")),
        ("migration daily at", Wish("migration daily at")),
        ('"daily"', Wish('"daily"')),
        ('balkans "daily 08:00"', Wish('balkans "daily 08:00"')),
        ("balkans “daily 08:00”", Wish("balkans “daily 08:00”")),
        ('"balkans daily', Wish('"balkans daily')),
        ("„balkans urgent", Wish("„balkans urgent")),
        ("(balkans daily", Wish("(balkans daily")),
        ("(balkans daily)", Wish("(balkans daily)")),
        ("balkans OR daily", Wish("balkans OR daily")),
        ("balkans NOT daily 08:00", Wish("balkans NOT daily 08:00")),
        ("fund* NEAR/8 daily", Wish("fund* NEAR/8 daily")),
        ("serbia OR urgent", Wish("serbia OR urgent")),
        ("balkans -daily", Wish("balkans -daily")),
        ("title:daily", Wish("title:daily")),
        ("kosovo title: daily", Wish("kosovo title: daily")),
    ],
)
def test_only_a_trailing_complete_unquoted_form_is_a_cadence(typed: str, wish: Wish) -> None:
    assert split_cadence(typed) == wish


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("balkans daily 25:00", "balkans daily 23:00"),
        ("balkans daily 24:00", "balkans daily 00:00"),
        ("balkans daily 0800", "balkans daily 08:00"),
        ("balkans daily 8 18", "balkans daily 08:00,18:00"),
        ("balkans daily 25:00 urgent every", "balkans daily 23:00 urgent every"),
        ("balkans 25:00", "balkans daily 23:00"),
        ("balkans weekly", "balkans weekly mon"),
        ("balkans weekly 8", "balkans weekly mon 08:00"),
        ("balkans weekly mon,thu 8", "balkans weekly mon 08:00"),
        ("balkans daily mon 8", "balkans weekly mon 08:00"),
        ("balkans weekdays 8:75 pm", "balkans weekdays 20:59"),
        ('"border force" every monday at 31', '"border force" weekly mon 23:00'),
    ],
)
def test_an_incomplete_form_is_not_taken_for_words(typed: str, suggestion: str) -> None:
    with pytest.raises(UserError) as error:
        split_cadence(typed)
    assert (error.value.key, error.value.suggestion) == ("times.incomplete", suggestion)
    assert split_cadence(suggestion).cadence is not None


@pytest.mark.parametrize("typed", ["daily 08:00", "weekly mon", "every day", "daily 8 pm", "weekly 8", "8:00, 18:00"])
def test_a_cadence_alone_asks_for_a_query(typed: str) -> None:
    with pytest.raises(UserError) as error:
        split_cadence(typed)
    assert error.value.key == "times.no_query"
    assert typed in error.value.say(ENGLISH)


PIECES = st.sampled_from([
    "balkans", "daily", "weekly", "mon", "8", "08:00", "25:00", ",", "and", "at", "every", "urgent", "instant", "0800",
    '"', "(", ")", "OR", "NOT", "-x", "“", "day", "pm", "İ", "ﬀ", "8,", "у",
])  # fmt: skip
SPACES = st.sampled_from([" ", "  ", "\n", "\u00a0", "\t"])


def wished(typed: str) -> Wish | UserError:
    try:
        return split_cadence(typed)
    except UserError as error:
        return error


@settings(max_examples=300)
@given(st.lists(st.tuples(PIECES, SPACES), max_size=10), st.text(max_size=20))
def test_nothing_typed_is_lost_or_crashes(pieces: list[tuple[str, str]], noise: str) -> None:
    typed = noise + "".join(piece + space for piece, space in pieces)
    wish = wished(typed)
    if isinstance(wish, UserError):
        assert wish.say(ENGLISH)
        assert wish.suggestion is None or split_cadence(wish.suggestion).cadence is not None
    else:
        assert typed.strip().startswith(wish.query)
        assert bool(wish.query) == bool(typed.strip())
        assert split_cadence(f"{wish.query} {wish.cadence or ''}").cadence == wish.cadence


@pytest.mark.parametrize("piece", ["8,", "8 ,", "daily ", "urgent every ", '"', "(", " ", "x weekly mon "])
@pytest.mark.parametrize("form", ["{}", "balkans {}", "{} daily"])
def test_hostile_length_costs_linear_time(form: str, piece: str) -> None:
    def long(size: int) -> str:
        return form.format(repeated(piece)(size))

    wish = wished(long(100_000))
    assert not isinstance(wish, UserError) or len(wish.say(ENGLISH)) < 300
    grows_in_step(long, wished, 20_000)
