"""scan, ingest and search: the archive from the command line."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.opening import note, opened, put
from bot.core.model import Archived, Refused
from bot.jobs.intake import Status, Taken

if TYPE_CHECKING:
    from rich.progress import TaskID

EMPTY = "the archive is empty; newsbell run plants samples, newsbell ingest PATH adds articles"


def scan(arguments: argparse.Namespace) -> int:
    """One pass over the sources that are due, or those named; deliveries are left to who sends them."""
    from bot.loops import on_loop

    with opened(arguments) as (app, now):
        app.prepare(now)
        app.caretaker.watermark.insist()
        with bar() as moved:
            scanned, reading = on_loop(
                app.scan_all(
                    now,
                    arguments.sources,
                    on_done=lambda source, left: moved("scanning", source.name, left),
                    between=lambda: asyncio.to_thread(app.owe, now),
                    on_read=lambda host, left: moved("reading pages", host, left),
                )
            )
        app.owe(now)
    unknown = not scanned.fetched and not scanned.failed and arguments.sources
    if unknown:
        note(f"no source is called {', '.join(arguments.sources)}")
    for taken in (*scanned.taken, *reading.taken):
        _report(taken, as_json=arguments.json)
    for refused in scanned.refused:
        _report(refused, as_json=arguments.json)
    for source, problem in scanned.failed:
        note(f"{source.name}: {problem}")
    pages = f", pages read {len(reading.taken)}" if reading else ""
    note(f"sources fetched {scanned.fetched}, new articles {scanned.new}{pages}")
    return 1 if scanned.failed or unknown else 0


def ingest(arguments: argparse.Namespace) -> int:
    """Stores articles; exit code 1 when nothing could be read of a path."""
    from bot.sources.files import expand

    counts: dict[str, int] = {}
    with opened(arguments) as (app, now):
        app.ran_at(now)
        app.caretaker.watermark.insist()
        for path in progress(list(expand(arguments.paths))):
            for entry in app.ingest(path, now):
                status = _report(entry, as_json=arguments.json)
                counts[status] = counts.get(status, 0) + 1
        app.owe(now)
        while app.merge():
            pass
    note(", ".join(f"{counts.get(status, 0)} {status}" for status in (*Status, "rejected")))
    return 1 if counts.keys() == {"rejected"} else 0


def progress(paths: list[Path]) -> Iterator[Path]:
    """The paths, with a progress bar on a terminal when there are many."""
    import sys

    if len(paths) < 20 or not sys.stderr.isatty():
        yield from paths
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(paths, description="reading", console=Console(stderr=True), transient=True)


@contextmanager
def bar() -> Iterator[Callable[[str, str, int], None]]:
    """What to tell of each thing that is done: of what work, which, and how many are left; it moves a progress bar."""
    import sys

    if not sys.stderr.isatty():
        yield lambda _work, _what, _left: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}
        done = Counter[str]()

        def moved(work: str, what: str, left: int) -> None:
            done[work] += 1
            if work not in tasks:
                tasks[work] = progress.add_task(work, total=None)
            progress.update(
                tasks[work], completed=done[work], total=done[work] + left, description=f"{work}: {what[:40]}"
            )

        yield moved


def _report(entry: Taken | Refused, *, as_json: bool) -> str:
    """Prints what became of one item; returns its status."""
    if isinstance(entry, Refused):
        if as_json:
            put(
                {
                    "id": entry.id,
                    "status": "rejected",
                    "reason": entry.reason,
                    **dict.fromkeys(("title", "url", "story")),
                    "topics": [],
                }
            )
        else:
            note(f"{entry.id}: {entry.reason}")
        return "rejected"
    archived = entry.archived
    if as_json:
        put(
            {
                "id": entry.guid,
                "status": entry.status,
                "reason": None,
                "title": archived.article.title,
                "url": archived.article.url,
                "topics": list(archived.topics),
                "story": str(archived.story_id),
            }
        )
    elif entry.status is not Status.KNOWN:
        print(f"{entry.status}: {archived.article.title} [{', '.join(archived.topics) or 'no topic'}]")
    return entry.status


def search(arguments: argparse.Namespace) -> int:
    """Prints what the query finds, newest first."""
    from bot.matching.explain import excerpt, hits
    from bot.matching.query import split_dates
    from bot.matching.text import document_of

    text = " ".join(arguments.query)
    with opened(arguments) as (app, now):
        query = app.topics.read(text, dates=True)
        page = app.store.read(
            lambda session: session.search.newest(query, now, limit=arguments.limit, sort=arguments.sort)
        )
        held = app.store.read(lambda session: session.articles.count())
    asked, _ = split_dates(query)
    for archived in page.hits:
        found = hits(asked, document_of(archived), app.topics.definitions) if asked is not None else []
        snippet = "".join(span.text for span in excerpt(archived.article.text, found))
        _show(archived, snippet, as_json=arguments.json)
    if not page.hits:
        note(
            f"nothing found for {query}"
            if held
            else "the archive is empty; newsbell run plants samples, newsbell ingest PATH adds articles"
        )
    elif not arguments.json:
        more = "+" if page.capped else ""
        note(f"{len(page.hits)} of {page.total:,}{more}{' (partial)' if page.partial else ''}")
    return 0


def _show(archived: Archived, snippet: str, *, as_json: bool) -> None:
    article = archived.article
    if as_json:
        put(
            {
                "id": article.guid,
                "title": article.title,
                "first_title": archived.first_title,
                "url": article.url,
                "source": article.source,
                "published": archived.published_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "language": archived.language,
                "snippet": snippet,
                "story": str(archived.story_id),
                "topics": list(archived.topics),
            }
        )
        return
    print(article.title)
    print(
        f"  {article.source} · {archived.published_at:%Y-%m-%d %H:%M} UTC · {', '.join(archived.topics) or 'no topic'}"
    )
    print(f"  {snippet}" + (f"\n  {article.url}" if article.url else "") + "\n")
