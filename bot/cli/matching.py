"""match: topics or standing queries over articles as they are read, without a database."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from bot.cli.opening import note, put
from bot.core.collector import collector_resting
from bot.core.errors import BotError, UserError
from bot.core.model import Article, Refused
from bot.matching.syntax import Node

if TYPE_CHECKING:
    from bot.matching.percolator import Percolator
    from bot.matching.topics import Topics


def match(arguments: argparse.Namespace) -> int:
    """Topics, or the standing queries of a file, of each article; nothing but the queries is held in memory."""
    from bot.batches import chunked
    from bot.matching.percolator import Percolator
    from bot.matching.topics import Topics
    from bot.setting_paths import seeds

    topics = Topics.load(seeds() / "topics")
    queries = arguments.queries
    matching = Matching(Percolator(secrets.randbits(62)))
    if queries is None:
        matching.register(topics.definitions.items())
    else:
        for chunk in chunked(_read(queries)):
            matching.register(_parsed(chunk, topics))
    matching.finish(topics.definitions)
    name = "topics" if queries is None else "queries"
    for batch in chunked(articles(arguments.paths)):
        for article, ids in matching.match(batch):
            if ids or queries is None:
                _show(article, name, ids, as_json=arguments.json)
    if arguments.stats:
        sys.stdout.flush()
        print(json.dumps(matching.stats()), file=sys.stderr)
    return 0


def articles(paths: Sequence[Path]) -> Iterator[Article]:
    """The readable articles of the paths; the rest is said on standard error."""
    from bot.batches import read_files

    for path in paths:
        for entry in read_files(path, None):
            if isinstance(entry, Refused):
                note(f"{entry.id}: {entry.reason}")
            else:
                yield entry


def _show(article: Article, name: str, ids: list[str], *, as_json: bool) -> None:
    if as_json:
        put({"id": article.guid, name: ids})
    else:
        print(f"{article.guid}: {', '.join(ids) or 'no topic'}")


def _parsed(queries: Iterable[tuple[str, str]], topics: Topics) -> Iterator[tuple[str, Node]]:
    """Queries as syntax trees; a bad one is said and skipped."""
    for query_id, text in queries:
        try:
            yield query_id, topics.read(text)
        except UserError as error:
            note(f"query {query_id}: {error}")


def _read(path: Path) -> Iterator[tuple[str, str]]:
    """(id, query) of every good line of a JSONL file; a bad line is said and skipped."""
    for number, line in enumerate(_lines(path), 1):
        try:
            entry = json.loads(line)
            yield str(entry["id"]), str(entry["query"])
        except (ValueError, KeyError, TypeError):
            if line.strip():
                note(f'{path}:{number}: not {{"id": ..., "query": ...}}; skipped')


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file, with a progress bar on a terminal."""
    import rich.progress
    from rich.console import Console

    shown = sys.stderr.isatty()
    try:
        with rich.progress.open(
            path,
            "r",
            encoding="utf-8",
            errors="replace",
            description="reading queries",
            console=Console(stderr=True),
            transient=True,
            disable=not shown,
        ) as file:
            yield from file
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}; name a readable file of queries") from error


@dataclass
class Spent:
    """Seconds, and seconds of the processor, between `start` and `stop`, summed."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def start(self) -> None:
        """Begins to count."""
        self.seconds -= perf_counter()
        self.cpu_seconds -= process_time()

    def stop(self) -> None:
        """Counts no more."""
        self.seconds += perf_counter()
        self.cpu_seconds += process_time()


@dataclass
class Matching:
    """Queries under their given ids in a percolator, and what matching cost so far."""

    percolator: Percolator
    ids: list[str] = field(default_factory=list)
    articles: int = 0
    matches: int = 0
    registering: Spent = field(default_factory=Spent)
    spent: Spent = field(default_factory=Spent)

    def register(self, queries: Iterable[tuple[str, Node]]) -> None:
        """Stands queries in their order."""
        self.registering.start()
        with collector_resting():
            for query_id, query in queries:
                self.percolator.add(len(self.ids), query)
                self.ids.append(query_id)
        self.registering.stop()

    def finish(self, topics: Mapping[str, Node]) -> None:
        """Stands what defines the topics that queries ask for; all of them are registered then."""
        self.registering.start()
        for name in sorted(self.percolator.topics() & topics.keys()):
            self.percolator.define(name, topics[name])
        self.percolator.merge()
        self.registering.stop()

    def match(self, batch: Sequence[Article]) -> Iterator[tuple[Article, list[str]]]:
        """Each article of a batch, with the ids of the queries it matches in their order."""
        from bot.matching.percolator import pairs

        self.spent.start()
        queries, at = pairs(*self.percolator.match_articles(batch))
        self.spent.stop()
        self.articles += len(batch)
        self.matches += len(queries)
        found: list[list[str]] = [[] for _ in batch]
        for index, query in sorted(zip(at.tolist(), queries.tolist(), strict=True)):
            found[index].append(self.ids[query])
        yield from zip(batch, found, strict=True)

    def stats(self) -> dict[str, int | float]:
        """What `--stats` prints."""
        import resource

        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "articles": self.articles,
            "queries": len(self.ids),
            "matches": self.matches,
            "register_seconds": round(self.registering.seconds, 6),
            "match_seconds": round(self.spent.seconds, 6),
            "register_cpu_seconds": round(self.registering.cpu_seconds, 6),
            "match_cpu_seconds": round(self.spent.cpu_seconds, 6),
            "index_bytes": self.percolator.nbytes,
            "peak_rss_bytes": kilobytes * (1 if sys.platform == "darwin" else 1024),
        }
