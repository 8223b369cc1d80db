"""sources: where articles come from, from the command line."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.cli.opening import note, opened, put
from bot.core.errors import BotError, SourceError
from bot.core.model import POLLED, Source, SourceKind
from bot.scheduler import wall_clock

if TYPE_CHECKING:
    from bot.app import App
    from bot.sources.feeds.values import Feed
    from bot.sources.finding import Finder, Found
    from bot.sources.listing import Entry
    from bot.sources.network import Network

SHOWN = 20
"""Items of a feed that are shown to a person."""


def listed(arguments: argparse.Namespace) -> int:
    """Every source: how it stands and what it holds."""
    from bot.sources.keeping import source_record

    with opened(arguments) as (app, now):
        totals = app.store.read(lambda session: session.sources.totals())
    if arguments.json:
        for total in totals:
            put(source_record(*total))
    else:
        _list(totals, now)
    if not totals:
        note("no sources; newsbell sources add URL, or newsbell sources import FILE, adds some")
    return 0


def _list(totals: list[tuple[Source, int, datetime | None]], now: datetime) -> None:
    """How many do how, then a line a source, those in trouble first and with what is wrong below."""
    from bot.core.compose import Telling
    from bot.core.condition import condition, glance
    from bot.core.health import TROUBLED, health_of, rank
    from bot.core.message import plain
    from bot.core.words import ENGLISH
    from bot.sources.web.addresses import shown

    to = Telling(ENGLISH, ZoneInfo("UTC"), now)
    if totals:
        counted = ENGLISH.count("commands.sources", len(totals))
        print(f"{counted}: {glance((source for source, _, _ in totals), ENGLISH)}")
    for source, held, newest_at in sorted(totals, key=lambda total: rank(total[0])):
        health = health_of(source)
        print(f"{health:9} {source.kind:7} {held:7,}  {source.name}  {shown(source.location)}")
        if health in TROUBLED:
            print(f"{'':27}{plain(condition(source, newest_at, to))}")


def add(arguments: argparse.Namespace) -> int:
    """Adds the feed at an address, or the one its page names; or a folder of this machine."""
    with opened(arguments) as (app, now):
        folder = Path(arguments.url)
        if "://" not in arguments.url and folder.is_dir():
            source, added = _watched(app, folder.absolute(), arguments.name)
            print(f"{'added' if added else 'known already'}: {source.name}, a folder: {source.location}")
        else:
            asyncio.run(_found(app, now, arguments))
    return 0


def _watched(app: App, folder: Path, name: str | None) -> tuple[Source, bool]:
    before = app.store.read(lambda session: session.sources.at(SourceKind.FOLDER, str(folder)))
    source = app.store.write(
        lambda session: session.sources.ensure(SourceKind.FOLDER, str(folder), name or folder.name or "/")
    )
    return source, before is None


async def _found(app: App, now: datetime, arguments: argparse.Namespace) -> None:
    from bot.sources.web.addresses import shown

    async with app.network() as network:
        found = await _finder(network).find(arguments.url, now, page=arguments.page)
        source, added, taken = await app.add_source(network, found, now, arguments.name)
    print(f"{'added' if added else 'known already'}: {source.name}, {_called(found)}: {shown(source.location)}")
    if taken:
        print(f"{taken} articles are in the archive; what comes next rings")


def _called(found: Found) -> str:
    names = {"rss": "an RSS feed", "atom": "an Atom feed", "rdf": "an RDF feed", "json": "a JSON feed"}
    others = {"sitemap": "a sitemap", "sitemapindex": "an index of sitemaps", "page": "a page to watch"}
    return (names | others)[str(found.feed.kind)]


def remove(arguments: argparse.Namespace) -> int:
    """Removes the source of a name or location; its articles stay."""
    from bot.sources.web.addresses import shown

    with opened(arguments) as (app, now):
        found = app.store.read(lambda session: session.sources.named(arguments.source))
        if len(found) != 1:
            places = "; ".join(shown(source.location) for source in found)
            raise BotError(
                f"{len(found)} sources are called {arguments.source!r}; name one by its location: {places}"
                if found
                else f"no source is called {arguments.source!r}; newsbell sources list shows them"
            )
        app.store.write(lambda session: session.sources.remove(found[0].id, now))
    print(f"removed: {found[0].name} ({shown(found[0].location)}); its articles stay")
    return 0


def imported(arguments: argparse.Namespace) -> int:
    """Takes an OPML list in; what is known already keeps its state."""
    from bot.sources.keeping import import_list

    with opened(arguments) as (app, _):
        done = import_list(app.store, _bytes(arguments.file))
    for line in done.refused:
        note(line)
    print(f"{done.added} added, {done.known} known already, {done.off} of them listed but off")
    return 0


def exported(arguments: argparse.Namespace) -> int:
    """Writes every polled source as OPML, to a file or to standard output."""
    from bot.sources.keeping import export_list
    from bot.sources.web.addresses import shown

    with opened(arguments) as (app, _):
        data = export_list(app.store)
        secret = [source for source in app.store.read(lambda session: session.sources.all()) if source.kind in POLLED]
    if any(shown(source.location) != source.location for source in secret):
        note("the list holds passwords or tokens of sources: keep it to yourself")
    if arguments.file is None:
        sys.stdout.buffer.write(data)
    else:
        try:
            arguments.file.write_bytes(data)
        except OSError as problem:
            raise BotError(f"{arguments.file} cannot be written: {problem.strerror}") from problem
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Prints what is understood of a feed, a page or each source of an OPML list; nothing is stored."""
    from bot.app import network_of
    from bot.cli.opening import settings

    async def look() -> int:
        async with network_of(settings(arguments)) as network:
            if "://" in arguments.target:
                found = await _finder(network).at(arguments.target, wall_clock(), page=arguments.page)
                return _show(found.feed, as_json=arguments.json)
            data, kind = _bytes(Path(arguments.target)), SourceKind.PAGE if arguments.page else SourceKind.FEED
            if kind is SourceKind.FEED and (listed := _list_in(data)):
                return await _check_list(listed, network, as_json=arguments.json)
            return _show(await network.read(kind, data, None, arguments.base), as_json=arguments.json)

    return asyncio.run(look())


def _show(feed: Feed, *, as_json: bool) -> int:
    from bot.sources.feeds.values import feed_record, item_record

    if as_json:
        put(feed_record(feed))
        for item in feed.items:
            put(item_record(item))
        return 0
    print(
        f"{feed.kind}: {feed.title or 'without a title'}, {len(feed.items)} items" + (f", {feed.url}" * bool(feed.url))
    )
    for problem in feed.problems:
        print(f"  problem: {problem}")
    for item in feed.items[:SHOWN]:
        at = f"{item.published_at:%Y-%m-%d %H:%M}" if item.published_at else "undated"
        print(f"  {at:16}  {item.title or item.url or item.guid}")
    if len(feed.items) > SHOWN:
        print(f"  … and {len(feed.items) - SHOWN} more; --json shows all")
    return 0


def _list_in(data: bytes) -> list[Entry]:
    """The sources of the OPML list in a file, none when it is something else."""
    from bot.sources import opml
    from bot.sources.listing import entries

    try:
        return entries(opml.read(data))
    except SourceError:
        return []


async def _check_list(listed: list[Entry], network: Network, *, as_json: bool) -> int:
    """Asks every source of a list at once, prints a line as each answers; 1 when any of those that are on fails."""
    finder = _finder(network)

    async def one(entry: Entry) -> tuple[Entry, Feed | SourceError]:
        try:
            return entry, (await finder.at(entry.location, wall_clock(), page=entry.kind is SourceKind.PAGE)).feed
        except SourceError as problem:
            return entry, problem

    failing = 0
    for answered in asyncio.as_completed(map(one, listed)):
        entry, result = await answered
        failing += entry.enabled and isinstance(result, SourceError)
        _tell(entry, result, as_json=as_json)
    note(f"{len(listed)} sources, {failing} of those that are on failed")
    return 1 if failing else 0


def _tell(entry: Entry, result: Feed | SourceError, *, as_json: bool) -> None:
    from bot.sources.web.addresses import shown

    problem = str(result) if isinstance(result, SourceError) else None
    kind, items = (None, None) if isinstance(result, SourceError) else (str(result.kind), len(result.items))
    url = shown(entry.location)
    if as_json:
        facts = {"name": entry.name, "url": url, "enabled": entry.enabled}
        put({**facts, "kind": kind, "items": items, "problem": problem})
    else:
        state = "on " if entry.enabled else "off"
        print(f"{state} {'fails' if problem else 'works'}  {entry.name}: {problem or f'{kind}, {items} items: {url}'}")


def _finder(network: Network) -> Finder:
    from bot.sources.finding import Finder

    return Finder(network, network.read, network.leads)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BotError(f"{path} cannot be read: {problem.strerror}") from problem
