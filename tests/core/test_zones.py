"""What people type for a time zone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot.core import zones
from bot.core.errors import UserError
from bot.core.words import ENGLISH
from bot.core.zones import zone


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Europe/Belgrade", "Europe/Belgrade"),
        ("europe/BELGRADE", "Europe/Belgrade"),
        ("belgrade", "Europe/Belgrade"),
        ("Beograd", "Europe/Belgrade"),
        ("Београд", "Europe/Belgrade"),
        ("Priština", "Europe/Belgrade"),
        ("Prishtinë", "Europe/Belgrade"),
        ("Niš", "Europe/Belgrade"),
        ("Sarajevo", "Europe/Sarajevo"),
        ("Banja Luka", "Europe/Sarajevo"),
        ("Zagreb, Croatia", "Europe/Zagreb"),
        ("Скопје", "Europe/Skopje"),
        ("Tirana", "Europe/Tirane"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("Buenos Aires", "America/Buenos_Aires"),
        ("Indianapolis", "America/Indianapolis"),
        ("lord howe", "Australia/Lord_Howe"),
        ("München", "Europe/Berlin"),
        ("utc", "UTC"),
        ("Z", "UTC"),
        ("Etc/GMT+1", "Etc/GMT+1"),
        ("  Athens\n", "Europe/Athens"),
    ],
)
def test_names_and_cities(typed: str, name: str) -> None:
    assert zone(typed) == name


@pytest.mark.parametrize(
    ("typed", "key", "suggestion"),
    [
        ("CET", "times.zone_offset", "Europe/Belgrade"),
        ("utc+1", "times.zone_offset", "Europe/Belgrade"),
        ("UTC +02:00", "times.zone_offset", "Europe/Athens"),
        ("+0530", "times.zone_offset", "Asia/Kolkata"),
        ("gmt−5", "times.zone_offset", "America/New_York"),
        ("GMT", "times.zone_offset", "Europe/London"),
        ("+13", "times.zone_offset", None),
        ("belgrde", "times.bad_zone", "Europe/Belgrade"),
        ("Europe/Sarajvo", "times.bad_zone", "Europe/Sarajevo"),
        ("newyork", "times.bad_zone", "America/New_York"),
        ("hawaii", "times.bad_zone", "US/Hawaii"),
        ("localtime", "times.bad_zone", None),
        ("../../etc/passwd", "times.bad_zone", None),
        ("zzyzx", "times.bad_zone", None),
        ("", "times.bad_zone", None),
        ("🕗", "times.bad_zone", None),
        ("a" * 100_000, "times.bad_zone", None),
    ],
)
def test_what_is_no_zone_offers_the_nearest(typed: str, key: str, suggestion: str | None) -> None:
    with pytest.raises(UserError) as error:
        zone(typed)
    assert (error.value.key, error.value.suggestion) == (key, suggestion)
    assert len(error.value.say(ENGLISH)) < 200


def test_every_zone_named_in_our_tables_exists() -> None:
    named = {*zones._CITIES, *zones._BY_OFFSET.values()}
    assert {ZoneInfo(name).key for name in named} == named
    assert {zones._BY_OFFSET.get(hours) for hours in zones._ABBREVIATED.values()} <= named


def test_no_alias_hides_a_zone_of_its_own() -> None:
    cities = [city for cities in zones._CITIES.values() for city in cities.split(", ")]
    assert len(cities) == len(set(cities))
    own = {name.rpartition("/")[2].lower(): name for name in zones._known().values() if name.startswith(zones._REGIONS)}
    hidden = {city: own[city] for city in cities if own.get(city, zone(city)) != zone(city)}
    assert not hidden
