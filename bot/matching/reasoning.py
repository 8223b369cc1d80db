"""Why a query matches an article, or does not, in a person's words: terms, their forms and places, and what lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.message import Code, Span, Spans, Text, filled, spans
from bot.core.model import Article
from bot.core.words import Words
from bot.matching.accounts import account_of, words_of
from bot.matching.document import Document
from bot.matching.found import Form, Found
from bot.matching.lacking import How, Lack, lacking
from bot.matching.syntax import Node, TopicIs
from bot.matching.topics import Topics

TERMS, FORMS = 6, 4
"""Terms that are told, and forms of each."""


def matched(found: Sequence[Found], words: Words) -> Spans:
    """`granica ← Границе (headline), граници (lead); fund* ← funds (text, 3 times)`, at most TERMS of them."""
    parts: list[Span] = []
    for entry in found[:TERMS]:
        parts += [Text("; ")] if parts else []
        parts += [Code(entry.term), Text(" ← ")] if entry.inflected else []
        parts.append(Text(", ".join(_form(form, words) for form in entry.forms[:FORMS])))
        more = len(entry.forms) - FORMS
        parts += [Text(f", {words.say('cards.more_reasons', n=more)}")] if more > 0 else []
    more = len(found) - TERMS
    return (*parts, *spans(f"; {words.say('cards.more_reasons', n=more)}")) if more > 0 else tuple(parts)


def _form(form: Form, words: Words) -> str:
    """`funds (headline; text, 3 times)`."""
    places = "; ".join(
        words.say(f"looking.in_{place}")
        if times == 1
        else words.count("looking.times_in", times, place=words.say(f"looking.in_{place}"))
        for place, times in form.places
    )
    return f"{form.text} ({places})"


def weighed(query: Node, article: Article, document: Document, topics: Topics, words: Words) -> Spans:
    """For a topic that weighs evidence its points, what it takes, and for which words; () for any other query."""
    topic = topics.definitions.get(query.name) if isinstance(query, TopicIs) else None
    account = account_of(topic, document) if topic else None
    if account is None:
        return ()
    told = ", ".join(words_of(account, article, document))
    points = {"points": max(account.total, 0), "needed": account.threshold}
    if account.enough:
        return spans(words.say("looking.points", **points, words=told))
    key = "commands.lacks_points" if told else "commands.lacks_all_points"
    return spans(words.say(key, **points, words=told))


def lacked(query: Node, article: Article, document: Document, topics: Topics, words: Words) -> Spans:
    """The condition that fails and by how much, or a topic's points; () where that says no more than the query does."""
    if points := weighed(query, article, document, topics, words):
        return points
    lack = lacking(query, document)
    if lack is None or (lack.condition == str(query) and lack.how is How.ABSENT):
        return ()
    return said(lack, article, document, words)


def said(lack: Lack, article: Article, document: Document, words: Words) -> Spans:
    """What lacks as a sentence's end."""
    details: dict[str, object] = {
        "condition": Code(lack.condition),
        "found": lack.found,
        "allowed": lack.allowed,
        "outlet": article.source,
        "language": document.language or "?",
    }
    return filled(words.phrase(f"looking.lacks_{lack.how}"), **details)


def plain_terms(found: Iterable[Found], words: Words) -> list[str]:
    """Every term on a line of its own, all its forms told."""
    return [
        f"{entry.term} <- {', '.join(_form(form, words) for form in entry.forms)}"
        if entry.inflected
        else ", ".join(_form(form, words) for form in entry.forms)
        for entry in found
    ]
