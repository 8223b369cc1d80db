"""Time zones: the one a person means, and what local time means on days the clocks change."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache
from typing import NoReturn
from zoneinfo import ZoneInfo, available_timezones

from bot.core.errors import UserError
from bot.core.places import coordinates, country, largest_in, zone_at, zone_of_city, zone_of_country
from bot.core.typed import loose

_REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_CITIES = {
    "Europe/Belgrade": "beograd, nis, novi sad, pristina, prishtina, prishtine, prizren, serbia, srbija, kosovo",
    "Europe/Sarajevo": "banja luka, mostar, tuzla, zenica, bosnia, bosna, bosnia and herzegovina, bosna i hercegovina",
    "Europe/Zagreb": "split, rijeka, osijek, zadar, dubrovnik, croatia, hrvatska",
    "Europe/Podgorica": "niksic, budva, bar, cetinje, montenegro, crna gora",
    "Europe/Skopje": "bitola, ohrid, tetovo, kumanovo, skoplje, shkup, north macedonia, makedonija, macedonia",
    "Europe/Tirane": "tirana, durres, shkoder, vlore, albania, albanija, shqiperia",
    "Europe/Ljubljana": "maribor, koper, celje, slovenia, slovenija",
    "Europe/Sofia": "plovdiv, varna, burgas, sofija, bulgaria, bugarska",
    "Europe/Bucharest": "bucuresti, bukurest, cluj, timisoara, iasi, constanta, romania, rumunija",
    "Europe/Athens": "thessaloniki, solun, salonica, piraeus, lesbos, patras, atina, greece, grcka",
    "Europe/Istanbul": "ankara, izmir, edirne, turkey, turkiye, turska",
    "Asia/Nicosia": "cyprus, kipar, limassol, larnaca",
    "Europe/Budapest": "szeged, debrecen, pecs, budimpesta, hungary, madjarska",
    "Europe/Vienna": "graz, linz, salzburg, wien, bec, austria, austrija",
    "Europe/Berlin": "munich, munchen, hamburg, frankfurt, cologne, koln, stuttgart, leipzig, minhen, germany, nemacka",
    "Europe/Zurich": "geneva, geneve, bern, basel, lausanne, zeneva, cirih, switzerland, svajcarska",
    "Europe/Rome": "milan, milano, turin, naples, bologna, trieste, trst, roma, rim, italy, italija",
    "Europe/Paris": "lyon, marseille, strasbourg, toulouse, calais, pariz, france, francuska",
    "Europe/Brussels": "antwerp, ghent, liege, brisel, bruxelles, belgium, belgija",
    "Europe/Amsterdam": "rotterdam, the hague, den haag, hag, netherlands, holandija",
    "Europe/London": "manchester, birmingham, edinburgh, glasgow, cardiff, leeds, uk, united kingdom, england",
    "Europe/Madrid": "barcelona, seville, valencia, melilla, spain",
    "Europe/Warsaw": "krakow, gdansk, wroclaw, varsava, poland, poljska",
    "Europe/Kyiv": "lviv, kharkiv, kijev, ukraine, ukrajina",
    "Europe/Moscow": "saint petersburg, st petersburg, moskva",
    "America/New_York": "washington, boston, miami, atlanta, philadelphia, nyc, njujork",
    "America/Los_Angeles": "san francisco, seattle, san diego, las vegas, la",
    "America/Chicago": "houston, dallas, austin",
    "America/Toronto": "ottawa, quebec",
    "Asia/Kolkata": "delhi, new delhi, mumbai, bangalore, india",
    "Asia/Shanghai": "beijing, china",
    "Asia/Tokyo": "osaka, japan",
}
_ABBREVIATED = {
    "wet": 0, "west": 0, "gmt": 0, "bst": 0, "cet": 1, "cest": 1, "met": 1, "mez": 1, "mesz": 1, "eet": 2, "eest": 2,
    "msk": 3, "ist": 5.5, "jst": 9, "aest": 10, "est": -5, "edt": -5, "et": -5, "cst": -6, "cdt": -6, "ct": -6,
    "mst": -7, "mdt": -7, "mt": -7, "pst": -8, "pdt": -8, "pt": -8,
}  # fmt: skip
_BY_OFFSET = {
    -10: "Pacific/Honolulu", -9: "America/Anchorage", -8: "America/Los_Angeles", -7: "America/Denver",
    -6: "America/Chicago", -5: "America/New_York", -4: "America/Halifax", -3.5: "America/St_Johns",
    -3: "America/Sao_Paulo", 0: "Europe/London", 1: "Europe/Belgrade", 2: "Europe/Athens", 3: "Europe/Istanbul",
    3.5: "Asia/Tehran", 4: "Asia/Dubai", 4.5: "Asia/Kabul", 5: "Asia/Karachi", 5.5: "Asia/Kolkata",
    5.75: "Asia/Kathmandu", 6: "Asia/Dhaka", 7: "Asia/Bangkok", 8: "Asia/Singapore", 9: "Asia/Tokyo",
    9.5: "Australia/Adelaide", 10: "Australia/Sydney", 12: "Pacific/Auckland",
}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-])([0-9]{1,2})(?::?([0-9]{2}))?")


def zone(text: str) -> str:
    """The IANA name of the zone a person means: a name, a city, a country (`City, Country`) or `LATITUDE, LONGITUDE`.

    Case, script and accents do not matter. UserError `times.zone_offset` for an offset or an abbreviation such as
    `CET`, which say nothing of clock changes, `times.several_zones` for a country that has several, and
    `times.bad_zone` for what is unknown; the suggestion is the nearest name where there is one.
    """
    if (place := coordinates(text[:100])) and (found := zone_at(*place)):
        return found
    named, _, rest = text[:100].partition(",")
    typed = loose(named).replace("_", " ").replace("−", "-")
    offset, known = _offset(typed), _known()
    if offset is not None:
        raise UserError("times.zone_offset", text=text.strip()[:40], suggestion=_BY_OFFSET.get(offset))
    if typed in known:
        return known[typed]
    return zone_of_city(typed) or _in_country(named, rest) or _nearest(text, typed)


def _in_country(named: str, rest: str) -> str | None:
    """The zone of a country that is named alone or behind a city; None where none is."""
    code = country(loose(named)) or country(loose(rest))
    if code is None:
        return None
    if found := zone_of_country(code):
        return found
    raise UserError("times.several_zones", text=(rest.strip() or named.strip())[:40], suggestion=largest_in(code))


def _nearest(text: str, typed: str) -> NoReturn:
    known = _known()
    nearest = get_close_matches(typed, known, 1, 0.7)
    raise UserError("times.bad_zone", text=text.strip()[:40], suggestion=known[nearest[0]] if nearest else None)


def _offset(typed: str) -> float | None:
    """Hours from UTC that an offset or an abbreviation means."""
    found = _OFFSET.fullmatch(typed)
    if not found:
        return _ABBREVIATED.get(typed)
    return float(f"{found[1]}1") * (int(found[2]) + int(found[3] or 0) / 60)


@cache
def _known() -> dict[str, str]:
    """What people type -> IANA name; of namesakes the one highest in the tree wins."""
    names = sorted(available_timezones() - {"localtime", "Factory"}, key=lambda name: (-name.count("/"), name))
    known = {_spoken(name): name for name in names}
    known |= {_spoken(name.rpartition("/")[2]): name for name in names if name.startswith(_REGIONS)}
    known |= {city: name for name, cities in _CITIES.items() for city in cities.split(", ")}
    return known | {"utc": "UTC", "z": "UTC"}


def _spoken(name: str) -> str:
    return name.lower().replace("_", " ")


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment (UTC) of a local time: its first pass where clocks repeat it, the end of a gap they skip it in."""
    local = datetime.combine(day, at, zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    # In a gap fold=1 reads the new offset, which names a moment before the change, and fold=0 one after it (PEP 495).
    before = local.replace(fold=1).astimezone(UTC)
    new = moment.astimezone(zone).utcoffset()

    def changed(seconds: int) -> bool:
        return (before + timedelta(seconds=seconds)).astimezone(zone).utcoffset() == new

    return before + timedelta(seconds=bisect_left(range(int((moment - before).total_seconds())), True, key=changed))


def has_day(day: date, zone: ZoneInfo) -> bool:
    """Whether the zone lived through this date at all: Samoa had no 30 December 2011."""
    return instant(day, time(), zone).astimezone(zone).date() == day
