"""HTML mode as a strict server reads it: only the tags it knows, only named entities, everything closed and nested."""

from __future__ import annotations

import re
from dataclasses import dataclass

TAGS = {
    "b": {}, "strong": {}, "i": {}, "em": {}, "u": {}, "s": {}, "del": {}, "code": {}, "pre": {}, "tg-spoiler": {},
    "a": {"href": True},
    "blockquote": {"expandable": False},
    "tg-time": {"unix": True, "format": False},
}  # fmt: skip
"""Each tag and its attributes, True for one it must have."""
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ALONE = {"code", "pre"}
"""What neither holds another entity nor stands within one but a quote."""

_TOKEN = re.compile(r"<(?P<tag>[^<>]*)>|&(?P<name>[^;&<>]{0,8});|(?P<bad>[<>&])|(?P<text>[^<>&]+)")
_ATTRIBUTE = re.compile(r'\s+([a-z]+)(?:="([^"<>]*)")?')
_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


class CannotParse(Exception):
    """What the server would answer, behind `can't parse entities: `."""


@dataclass(frozen=True)
class Entity:
    """A formatted stretch of the visible text; offsets in UTF-16 units."""

    tag: str
    offset: int
    length: int
    value: str = ""


def units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def parse(html: str) -> tuple[str, list[Entity]]:
    """The text a reader sees and its entities."""
    text, entities = "", []
    open_tags: list[tuple[str, int, str]] = []
    for token in _TOKEN.finditer(html):
        if token["bad"]:
            raise CannotParse(f"unescaped {token['bad']!r} at {token.start()}")
        if token["tag"] is None:
            text += token["text"] or _named(token["name"])
        elif token["tag"].startswith("/"):
            entities += _close(token["tag"][1:], open_tags, text)
        else:
            open_tags.append(_open(token["tag"], open_tags, text))
    if open_tags:
        raise CannotParse(f"<{open_tags[-1][0]}> is not closed")
    return text, entities


def _named(name: str) -> str:
    if name not in NAMED:
        raise CannotParse(f"unknown entity &{name};")
    return NAMED[name]


def _open(inside: str, open_tags: list[tuple[str, int, str]], text: str) -> tuple[str, int, str]:
    name = re.split(r"\s", inside, maxsplit=1)[0]
    if name not in TAGS:
        raise CannotParse(f"unsupported start tag {name!r}")
    around = {tag for tag, _, _ in open_tags}
    if around & ALONE or (name in ALONE and around - {"blockquote"}):
        raise CannotParse(f"<{name}> within {around}")
    if name in around:
        raise CannotParse(f"<{name}> within itself")
    value = _attributes(name, inside[len(name) :])
    return name, units(text), value


def _attributes(name: str, rest: str) -> str:
    given: dict[str, str | None] = {}
    at = 0
    while at < len(rest):
        found = _ATTRIBUTE.match(rest, at)
        if found is None or found[1] not in TAGS[name] or found[1] in given:
            raise CannotParse(f"bad attributes of <{name}>: {rest!r}")
        given[found[1]] = found[2]
        at = found.end()
    for attribute, needed in TAGS[name].items():
        if needed and not given.get(attribute):
            raise CannotParse(f"<{name}> without {attribute}")
    if name == "tg-time":
        if not re.fullmatch(r"\d{1,11}", given["unix"] or "") or not _FORMAT.fullmatch(given.get("format") or "r"):
            raise CannotParse(f"bad time {rest!r}")
        return given["unix"] or ""
    if name == "a":
        href = re.sub(r"&(\w{0,8});", lambda found: _named(found[1]), given["href"] or "")
        if not re.match(r"https?://[^\s/?#]+|tg://", href) or re.search(r"\s", href):
            raise CannotParse(f"{href!r} is no address")
        return href
    return ""


def _close(name: str, open_tags: list[tuple[str, int, str]], text: str) -> list[Entity]:
    if not open_tags or open_tags[-1][0] != name:
        raise CannotParse(f"unexpected end tag {name!r}")
    tag, offset, value = open_tags.pop()
    length = units(text) - offset
    return [Entity(tag, offset, length, value)] if length else []
