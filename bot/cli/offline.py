"""match, stories, topics and explain: what newsbell would make of articles, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.cli.opening import note, put
from bot.core.errors import BotError, UserError
from bot.core.model import Article, Refused, Topic
from bot.matching.topics import Topics


def _topics() -> Topics:
    from bot.config import seeds

    return Topics.load(seeds() / "topics")


def _articles(paths: Sequence[Path]) -> Iterator[Article]:
    """The readable articles of the paths; the rest is said on standard error."""
    from bot.app import read_files

    for path in paths:
        for entry in read_files(path, None):
            if isinstance(entry, Refused):
                note(f"{entry.id}: {entry.reason}")
            else:
                yield entry


def match(arguments: argparse.Namespace) -> int:
    """Topics, or the standing queries of a file, of each article."""
    topics = _topics()
    if arguments.queries is not None:
        return _match_queries(arguments, topics)
    from bot.matching.text import analyse

    for article in _articles(arguments.paths):
        tags = topics.tags(analyse(article))
        if arguments.json:
            put({"id": article.guid, "topics": list(tags)})
        else:
            print(f"{article.guid}: {', '.join(tags) or 'no topic'}")
    return 0


def _match_queries(arguments: argparse.Namespace, topics: Topics) -> int:
    from bot.app import chunked
    from bot.matching.text import analyse
    from store.oracle import Oracle

    ids, percolator = [], Oracle()
    for number, (given, text) in enumerate(_queries(arguments.queries)):
        ids.append(given)
        try:
            percolator.add(number, topics.read(text))
        except UserError as error:
            note(f"query {given}: {error}")
    for batch in chunked(_articles(arguments.paths)):
        documents = [analyse(article) for article in batch]
        documents = [replace(document, topics=frozenset(topics.tags(document))) for document in documents]
        found: dict[int, list[str]] = {}
        for number, index in percolator.percolate(documents):
            found.setdefault(index, []).append(ids[number])
        for index in sorted(found):
            if arguments.json:
                put({"id": batch[index].guid, "queries": found[index]})
            else:
                print(f"{batch[index].guid}: {', '.join(found[index])}")
    return 0


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    """(id, query) of every good line of a JSONL file; a bad line is said and skipped."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, 1):
                try:
                    entry = json.loads(line)
                    yield str(entry["id"]), str(entry["query"])
                except (ValueError, KeyError, TypeError):
                    if line.strip():
                        note(f'{path}:{number}: not {{"id": ..., "query": ...}}; skipped')
    except OSError as error:
        raise BotError(f"{path}: {error.strerror}; name a readable file of queries") from error


def stories(arguments: argparse.Namespace) -> int:
    """Articles with the story each belongs to, named by its first article."""
    from bot.matching.stories import choose, signature
    from bot.matching.text import analyse

    named: list[str] = []
    by_key: dict[int, list[tuple[int, bytes]]] = {}
    for article in _articles(arguments.paths):
        signed = signature(analyse(article))
        candidates = list(dict.fromkeys(entry for key in signed.keys for entry in by_key.get(key, ())))
        story = choose(signed, candidates)
        if story is None:
            story = len(named)
            named.append(article.guid)
        for key in signed.keys:
            by_key.setdefault(key, []).append((story, signed.values))
        if arguments.json:
            put({"id": article.guid, "story": named[story]})
        else:
            print(f"{named[story]}: {article.guid}  {article.title}")
    return 0


def topics(arguments: argparse.Namespace) -> int:
    """Every topic, or one with its definition."""
    watched = _topics()
    if arguments.name is None:
        chosen = list(watched)
    else:
        one = watched.named(arguments.name)
        if one is None:
            raise BotError(f"no topic is called {arguments.name!r}; there are {', '.join(t.name for t in watched)}")
        chosen = [one]
    for topic in chosen:
        if arguments.json:
            put({"name": topic.name, "title": topic.title, "aliases": list(topic.aliases), **_defined(topic)})
        else:
            print(f"{topic.name}: {topic.title}. {topic.description}\n  also called {', '.join(topic.aliases)}")
            if arguments.name:
                print(f"\n{topic.query}")
    return 0


def _defined(topic: Topic) -> dict[str, object]:
    return {"description": topic.description, "query": topic.query}


def explain(arguments: argparse.Namespace) -> int:
    """For each article of the file: whether it matches, on which words, or what is missing."""
    from bot.matching.evaluate import matches
    from bot.matching.explain import hits, missing, terms
    from bot.matching.text import analyse

    watched = _topics()
    query = watched.read(arguments.query)
    for article in _articles([arguments.path]):
        document = analyse(article)
        document = replace(document, topics=frozenset(watched.tags(document)))
        if matches(query, document):
            found = terms(article.text, article.title, hits(query, document, watched.definitions))
            words = ", ".join(
                form if form.casefold() == term.casefold() else f"{form} ({term})" for term, form in found
            )
            print(f"{article.guid}: matches {query} on {words or 'its filters'}")
        else:
            print(f"{article.guid}: does not match {query}: {missing(query, document)} fails")
    sys.stdout.flush()
    return 0
