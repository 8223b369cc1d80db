"""Sources in and out of the store: lists read and written, a source that was found, and what is to be seen of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import SourceError
from bot.core.health import health_of
from bot.core.model import POLLED, Source
from bot.core.ports import Session, Store
from bot.sources import opml
from bot.sources.finding import Found
from bot.sources.listing import Entry, entries, merged, opml_of
from bot.sources.web.addresses import parse, shown

BEGUN = "sources_begun_at"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: how many sources are new, were known already, are not to be asked; lines on the others."""

    added: int = 0
    known: int = 0
    off: int = 0
    refused: tuple[str, ...] = ()


def import_list(store: Store, data: bytes) -> Imported:
    """Takes an OPML list in, in one transaction; what is known keeps its state. Raises SourceError for no such list.

    Folders and files are refused (`Opml.refused`): a list may come from anybody.
    """
    read = opml.read(data)
    listed = entries(read)
    known = store.write(lambda session: sum(_import(session, entry) for entry in listed))
    off = sum(not entry.enabled for entry in listed)
    return Imported(len(listed) - known, known, off, tuple(shown(line) for line in read.refused))


def begin(store: Store, data: bytes, now: datetime) -> Imported | None:
    """Takes a list into a database that has never begun with one; None when it has."""
    if store.read(lambda session: session.meta.get(BEGUN)) is not None:
        return None
    imported = import_list(store, data)
    store.write(lambda session: session.meta.set(BEGUN, now.isoformat()))
    return imported


def export_list(store: Store) -> bytes:
    """Every polled source as OPML, credentials included; importing it again changes nothing."""
    return opml.write(opml_of(store.read(lambda session: session.sources.all())))


def list_to_show(sources: Iterable[Source]) -> tuple[str, int]:
    """Polled sources as OPML that a chat may hold, and how many are left out for the secrets in their addresses."""
    polled = [source for source in sources if source.kind in POLLED]
    open_to_all = [source for source in polled if shown(source.location) == source.location]
    return opml.write(opml_of(open_to_all)).decode(), len(polled) - len(open_to_all)


def add(session: Session, found: Found, name: str | None = None) -> tuple[Source, bool]:
    """The source that was found, and whether it is new; one that was listed but not asked is asked from now on."""
    known = session.sources.at(found.kind, found.location) or next(
        (source for source in session.sources.all() if source.kind is found.kind and _same(source, found)), None
    )
    if known is None:
        return session.sources.ensure(found.kind, found.location, name or found.name), True
    session.sources.enable(known.id, True)
    return known, not known.enabled


def source_record(source: Source, held: int, newest_at: datetime | None) -> dict[str, object]:
    """What `sources list --json` prints of a source; times are UTC in ISO 8601."""
    return {
        "name": source.name,
        "kind": str(source.kind),
        "url": shown(source.location),
        "enabled": source.enabled,
        "standing": str(source.standing),
        "health": str(health_of(source)),
        "since": _iso(source.since_at),
        "reason": source.problem,
        "failing_since": _iso(source.failing_since_at),
        "failures": source.failures,
        "silent_from": _iso(source.silent_at),
        "usual_new": round(source.arrivals.new, 1) if source.arrivals.looks else None,
        "articles": held,
        "newest": _iso(newest_at),
        "fetched": _iso(source.fetched_at),
        "next": _iso(source.next_at),
    }


def _same(source: Source, found: Found) -> bool:
    """Whether a source's address, as a list may have spelled it, is that of the one that was found."""
    try:
        return parse(source.location) == parse(found.location)
    except SourceError:
        return False


def _import(session: Session, entry: Entry) -> bool:
    """Takes one source of a list; returns whether it was known."""
    before = session.sources.at(entry.kind, entry.location)
    source = session.sources.ensure(entry.kind, entry.location, entry.name)
    session.sources.list_as(source.id, merged(source.listing, entry))
    if before is None and not entry.enabled:
        session.sources.enable(source.id, False)
    return before is not None


def _iso(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
