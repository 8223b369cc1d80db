"""Where places, countries and languages are."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.core import places
from bot.core.errors import UserError
from bot.core.places import zone_of_language, zones_in
from bot.core.zones import zone


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Копенгаген", "Europe/Copenhagen"),
        ("Kopenhagen", "Europe/Copenhagen"),
        ("Lisabon", "Europe/Lisbon"),
        ("Αθήνα", "Europe/Athens"),
        ("Göteborg, Sweden", "Europe/Stockholm"),
        ("Švedska", "Europe/Stockholm"),
        ("Schweden", "Europe/Stockholm"),
        ("Kalkutta", "Asia/Kolkata"),
        ("Leskovac, Srbija", "Europe/Belgrade"),
        ("Petrovac, Crna Gora", "Europe/Podgorica"),
        ("44.8178, 20.4569", "Europe/Belgrade"),
        ("43.85 18.41", "Europe/Sarajevo"),
        ("-33.87, 151.21", "Australia/Sydney"),
        ("−34.6, −58.4", "America/Argentina/Buenos_Aires"),
        ("0, 0", "Etc/GMT"),
    ],
)
def test_a_place_has_its_zone(typed: str, name: str) -> None:
    assert zone(typed) == name
    assert ZoneInfo(name)


def test_a_country_with_several_zones_asks_for_a_city() -> None:
    with pytest.raises(UserError) as error:
        zone("Springfield, United States")
    assert (error.value.key, error.value.suggestion) == ("times.several_zones", "America/New_York")


@pytest.mark.parametrize("typed", ["91, 0", "0, 181", "1e5, 2", "44.8", "nan, nan", "1,2,3"])
def test_what_is_no_place_on_earth_is_refused(typed: str) -> None:
    with pytest.raises(UserError):
        zone(typed)


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("sr", "Europe/Belgrade"),
        ("bs", "Europe/Sarajevo"),
        ("sq", "Europe/Tirane"),
        ("mk", "Europe/Skopje"),
        ("de", "Europe/Berlin"),
        ("de-AT", "Europe/Vienna"),
        ("pt-br", "America/Sao_Paulo"),
        ("uk", "Europe/Kyiv"),
        ("zh-hans", "Asia/Shanghai"),
        ("en-GB", "Europe/London"),
        ("en", None),
        ("", None),
        ("xx", None),
        ("../..", None),
        ("s" * 5000, None),
    ],
)
def test_a_language_is_at_home_somewhere(tag: str, name: str | None) -> None:
    assert zone_of_language(tag) == name


def test_every_zone_named_here_exists_and_is_of_its_country() -> None:
    assert set(places.CAPITALS.values()) <= available_timezones()
    assert all(name in zones_in(code) and len(zones_in(code)) > 1 for code, name in places.CAPITALS.items())
