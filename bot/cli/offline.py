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
    """For each article: whether it matches, on which words and where, or what is missing and by how much."""
    from bot.matching.text import analyse

    watched = _topics()
    query = watched.read(arguments.query)
    for article in articles([arguments.path]):
        document = analyse(article)
        document = replace(document, topics=frozenset(watched.tags(document)))
        for line in _explained(query, article, document, watched):
            print(line)
    sys.stdout.flush()
    return 0


def _explained(query: Node, article: Article, document: Document, watched: Topics) -> Iterator[str]:
    """The verdict, then each term with its forms and places, then what the evidence of topics comes to."""
    from bot.core.message import plain
    from bot.core.words import ENGLISH
    from bot.matching.explain import hits
    from bot.matching.found import found
    from bot.matching.lacking import lacking
    from bot.matching.reasoning import plain_terms, said

    lack = lacking(query, document)
    if lack is None:
        terms = found(article, document, hits(query, document, watched.definitions))
        yield f"{article.guid}: matches {query}" + ("" if terms else " on its filters")
        for line in plain_terms(terms, ENGLISH):
            yield f"  {line}"
    else:
        yield f"{article.guid}: does not match {query}: {plain(said(lack, article, document, ENGLISH))}"
    for line in _accounts(query, article, document, watched):
        yield f"  {line}"


def _accounts(query: Node, article: Article, document: Document, watched: Topics) -> Iterator[str]:
    """What the evidence comes to of each topic that the query asks for."""
    from bot.matching.accounts import account_of, lines

    for name in dict.fromkeys(leaf.name for leaf in leaves(query) if isinstance(leaf, TopicIs)):
        if account := account_of(watched.definition(name), document):
            first, *rest = lines(account, article, document)
            yield f"{name}: {first}"
            yield from rest
