"""Slack's markup as a strict reader takes it: what a text shows, where it leads, and whom it would wake."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

_TOKEN = re.compile(r"<(?P<inside>[^<>]*)>|&(?P<entity>[^;&<>\s]{0,8});|(?P<bad>[<>&])|(?P<text>[^<>&]+)")
_URL = re.compile(r"(?:https?://[^\s|<>\"/?#]+[^\s|<>\"]*|mailto:[^\s|<>]+)")
_DATE = re.compile(r"!date\^(?P<unix>\d{1,11})\^(?P<format>[^^|]+)(?:\^(?P<url>[^|]*))?\|(?P<fallback>.+)", re.DOTALL)
_PLACES = re.compile(
    r"\{(date|date_num|date_slash|date_long|date_long_full|date_long_pretty|date_pretty|date_short|date_short_half|"
    r"date_short_half_pretty|date_short_pretty|day_divider_pretty|time|time_secs|ago)\}"
)


class BadMarkup(Exception):
    """Markup that does not read as it was meant."""


@dataclass
class Read:
    """What a person sees: the text, its links as (label, URL), its moments as Unix seconds, and whom it wakes."""

    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    dates: list[int] = field(default_factory=list)
    wakes: list[str] = field(default_factory=list)


def read(text: str) -> Read:
    """Reads mrkdwn; BadMarkup for a stray `<`, `>` or `&`, and for brackets that hold none of the forms there are."""
    seen = Read()
    for token in _TOKEN.finditer(text):
        if token["bad"]:
            raise BadMarkup(f"unescaped {token['bad']!r} at {token.start()}")
        if token["inside"] is not None:
            _bracket(token["inside"], seen)
        elif token["entity"] is not None:
            seen.text += _entity(token["entity"])
        else:
            seen.text += token["text"]
    return seen


def _entity(name: str) -> str:
    if name not in ("amp", "lt", "gt"):
        raise BadMarkup(f"unknown entity &{name};")
    return {"amp": "&", "lt": "<", "gt": ">"}[name]


def _bracket(inside: str, seen: Read) -> None:
    if inside[:1] in ("@", "#"):
        seen.wakes.append(inside)
        return
    if inside.startswith("!date"):
        found = _DATE.fullmatch(inside)
        if found is None or not _PLACES.search(found["format"]) or _PLACES.sub("", found["format"]).count("{"):
            raise BadMarkup(f"bad date <{inside}>")
        seen.dates.append(int(found["unix"]))
        seen.text += unescape(found["fallback"])
        return
    if inside.startswith("!"):
        seen.wakes.append(inside)
        return
    url, _, label = inside.partition("|")
    if not _URL.fullmatch(url.replace("&amp;", "%26")) or "\n" in label or not label.strip():
        raise BadMarkup(f"bad link <{inside}>")
    shown = read_label(label)
    seen.links.append((shown, url.replace("&amp;", "&")))
    seen.text += shown


def read_label(label: str) -> str:
    """A link's label, entities undone."""
    return re.sub(r"&([^;&]{0,8});", lambda found: _entity(found[1]), label)
