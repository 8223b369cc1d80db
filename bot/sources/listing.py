"""Lists of sources and the sources we have: what a list says of each is kept, so that it comes out as it came in.

What is kept of a source is a `listing`: a JSON array of the places where lists have it, each the outlines from the
outermost group to the source itself. Of a list's own head nothing is kept, as several lists become one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from bot.core.model import POLLED, Source, SourceKind
from bot.sources.opml import Opml, Outline

Place: TypeAlias = tuple[Outline, ...]
"""From the outermost group to the source itself; none has children."""
_Tree: TypeAlias = dict[Outline, Any]

TITLE = "newsbell sources"


@dataclass(frozen=True, slots=True)
class Entry:
    """A source as a list has it: what it is to be called here, whether it is to be asked, and all its places."""

    kind: SourceKind
    location: str
    name: str
    enabled: bool
    places: tuple[Place, ...]

    @property
    def listing(self) -> str:
        """The places as the store keeps them."""
        return _written(self.places)


def entries(opml: Opml) -> list[Entry]:
    """The sources of a list, each once in the order of the list; one that is enabled in any place is enabled."""
    found: dict[tuple[SourceKind, str], Entry] = {}
    for place in _places(opml.outlines):
        outline = place[-1]
        kind = SourceKind.PAGE if (outline.type or "").lower() == "page" else SourceKind.FEED
        location, enabled = outline.url or "", _is_on(place)
        before = found.get((kind, location))
        if before is None:
            found[kind, location] = Entry(kind, location, outline.title or host(location), enabled, (place,))
        else:
            places = before.places if place in before.places else (*before.places, place)
            found[kind, location] = replace(before, enabled=before.enabled or enabled, places=places)
    return list(found.values())


def merged(listing: str, entry: Entry) -> str:
    """What is kept of a source that a list has in places where it was not listed before."""
    before = _read(listing)
    return _written((*before, *(place for place in entry.places if place not in before)))


def opml_of(sources: Iterable[Source]) -> Opml:
    """The polled sources as one list, each in all its places; credentials are in it."""
    tree: _Tree = {}
    for source in sources:
        if source.kind in POLLED:
            places = _read(source.listing) or ((_outline(source),),)
            switched = source.enabled != any(map(_is_on, places))
            for place in places:
                node = tree
                for outline in _as_it_is(place, source, switched=switched):
                    node = node.setdefault(outline, {})
    return Opml(TITLE, _outlines(tree))


def host(location: str) -> str:
    """What a source is called when nothing else is known of it."""
    return (urlsplit(location).hostname or location).removeprefix("www.")


def _places(outlines: Iterable[Outline], above: Place = ()) -> Iterator[Place]:
    for outline in outlines:
        here = (*above, replace(outline, children=()))
        if outline.url:
            yield here
        yield from _places(outline.children, here)


def _outline(source: Source) -> Outline:
    return Outline(source.name, source.location, type="page" if source.kind is SourceKind.PAGE else "rss")


def _as_it_is(place: Place, source: Source, *, switched: bool) -> Place:
    """The place with what has changed since it was listed: where the source is now, and whether it is asked."""
    own = replace(place[-1], url=source.location)
    if switched and source.enabled:
        return (*(replace(outline, enabled=True) for outline in place[:-1]), replace(own, enabled=True))
    return (*place[:-1], replace(own, enabled=False) if switched else own)


def _is_on(place: Place) -> bool:
    return all(outline.enabled for outline in place)


def _outlines(tree: _Tree) -> tuple[Outline, ...]:
    return tuple(replace(outline, children=_outlines(below)) for outline, below in tree.items())


def _written(places: Iterable[Place]) -> str:
    kept = [[_facts(outline) for outline in place] for place in places]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _facts(outline: Outline) -> dict[str, object]:
    said = {
        "title": outline.title,
        "url": outline.url,
        "site": outline.site,
        "language": outline.language,
        "type": outline.type,
        "off": not outline.enabled,
        "extra": [list(pair) for pair in outline.extra],
    }
    return {name: value for name, value in said.items() if value}


def _read(listing: str) -> tuple[Place, ...]:
    """The places written as `listing`; none for what cannot be read."""
    try:
        kept = json.loads(listing) if listing else []
        return tuple(tuple(map(_remembered, place)) for place in kept if place)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ()


def _remembered(facts: Mapping[str, Any]) -> Outline:
    return Outline(
        title=facts.get("title", ""),
        url=facts.get("url"),
        site=facts.get("site"),
        language=facts.get("language"),
        type=facts.get("type"),
        enabled=not facts.get("off", False),
        extra=tuple((str(name), str(value)) for name, value in facts.get("extra", ())),
    )
