"""stories, topics and explain: what newsbell would make of articles, without a database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace

from bot.cli.matching import articles
from bot.cli.opening import put
from bot.core.errors import BotError
from bot.core.model import Article, Topic
from bot.matching.document import Document
from bot.matching.syntax import Node, TopicIs
from bot.matching.topic_files import leaves
from bot.matching.topics import Topics


def _topics() -> Topics:
    from bot.setting_paths import seeds

    return Topics.load(seeds() / "topics")


def stories(arguments: argparse.Namespace) -> int:
    """Articles with the story each belongs to, named by its first article."""
    from bot.matching.stories import choose, signature
    from bot.matching.text import analyse

    named: list[str] = []
    by_key: dict[int, list[tuple[int, bytes]]] = {}
    for article in articles(arguments.paths):
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
    """Every topic, or one with its definition; with `--eval` how right they are."""
    watched = _topics()
    if arguments.labels is not None:
        return _judge(arguments, watched)
    if arguments.articles:
        raise BotError("--articles goes with --eval LABELS")
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


def _judge(arguments: argparse.Namespace, watched: Topics) -> int:
    from bot.cli.judging import judge

    if not arguments.articles:
        raise BotError("--eval LABELS needs --articles FILE, the articles that were judged")
    if arguments.name is not None:
        raise BotError("--eval judges every topic; leave out the name")
    judge(arguments.labels, articles(arguments.articles), watched, as_json=arguments.json)
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
    for article in articles([arguments.path]):
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
        for line in _accounts(query, article, document, watched):
            print(f"  {line}")
    sys.stdout.flush()
    return 0


def _accounts(query: Node, article: Article, document: Document, watched: Topics) -> Iterator[str]:
    """What the evidence comes to of each topic that the query asks for."""
    from bot.matching.accounts import account_of, lines

    for name in dict.fromkeys(leaf.name for leaf in leaves(query) if isinstance(leaf, TopicIs)):
        if account := account_of(watched.definition(name), document):
            first, *rest = lines(account, article, document)
            yield f"{name}: {first}"
            yield from rest
