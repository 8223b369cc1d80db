"""Places as people name them: cities in many languages, countries, coordinates, and where a language is at home.

Names are those of CLDR, which Babel carries; which zones a country has is told by zone.tab of the IANA database.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from bot.core.typed import loose

READ_IN = (
    *("en", "sr", "sr_Latn", "hr", "bs", "mk", "sl", "sq", "bg", "ro", "el", "tr", "hu"),
    *("de", "fr", "it", "es", "pt", "nl", "pl", "cs", "sk", "ru", "uk"),
)
"""Languages that cities and countries may be named in (CLDR locales)."""

CAPITALS = {
    "AR": "America/Argentina/Buenos_Aires", "BR": "America/Sao_Paulo", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "ID": "Asia/Jakarta", "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar", "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland", "PS": "Asia/Hebron", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}  # fmt: skip
"""Of countries with several zones, the one most of their people live in, where one holds most of them."""

LARGEST = {
    "AU": "Australia/Sydney", "CA": "America/Toronto", "MX": "America/Mexico_City", "US": "America/New_York",
}  # fmt: skip
"""Of countries whose people live in many zones, the one named most."""

SHORT = {"usa": "US", "us": "US", "uk": "GB", "uae": "AE", "sad": "US", "bih": "BA", "kosovo": "RS", "czechia": "CZ"}
"""What countries are called that CLDR does not have, or that have no zone of their own."""

_COORDINATES = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d{1,12})?)\s*")


def coordinates(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees where the text is nothing else."""
    found = _COORDINATES.fullmatch(text.replace("−", "-"))
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def zone_at(latitude: float, longitude: float) -> str | None:
    """The zone of a place on earth, told by its boundaries; at sea one of a fixed offset, None where there is none."""
    from tzfpy import get_tz  # 35 MB of boundaries that most installations never ask for

    return get_tz(longitude, latitude) or None


def zone_of_city(typed: str) -> str | None:
    """The zone that CLDR names after a city, in one of the languages READ_IN; `typed` is loose."""
    return _cities().get(typed)


def country(typed: str) -> str | None:
    """ISO 3166 code of a country, by its name in one of the languages READ_IN; `typed` is loose."""
    return _countries().get(typed)


def zones_in(code: str) -> list[str]:
    """The zones of a country by its ISO 3166 code."""
    return _zones().get(code, [])


def zone_of_country(code: str) -> str | None:
    """The only zone of a country, or the one that holds most of its people; None where none does."""
    zones = zones_in(code)
    return zones[0] if len(zones) == 1 else CAPITALS.get(code)


def largest_in(code: str) -> str:
    """A zone of a country to name as an example."""
    return LARGEST.get(code) or zones_in(code)[0]


def zone_of_language(tag: str) -> str | None:
    """Where a language (IETF tag such as `sr` or `pt-br`) is most likely spoken; None for one spoken in many zones."""
    from babel.core import Locale, UnknownLocaleError, get_global

    try:
        locale = Locale.parse(tag.strip()[:35], sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return None
    likely = get_global("likely_subtags").get(locale.language, "")
    return zone_of_country(locale.territory or likely.rpartition("_")[2])


@cache
def _zones() -> dict[str, list[str]]:
    """Country -> its zones, from lines of `codes, coordinates, zone, comments`."""
    zones: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, _, name = line.split("\t")[:3]
            zones.setdefault(code, []).append(name)
    return zones


@cache
def _cities() -> dict[str, str]:
    """Loose name -> zone; CLDR keeps zones under names that never change, which are said as they are today."""
    from babel.core import Locale, get_global

    today = get_global("zone_aliases")
    named: dict[str, str] = {}
    for language in reversed(READ_IN):
        for name, said in Locale.parse(language).time_zones.items():
            if "city" in said and not name.startswith("Etc/"):
                named[loose(said["city"])] = today.get(name, name)
    return named


@cache
def _countries() -> dict[str, str]:
    from babel.core import Locale

    named: dict[str, str] = {}
    for language in reversed(READ_IN):
        for code, name in Locale.parse(language).territories.items():
            if code in _zones():
                named[loose(name)] = code
    return named | SHORT
