"""What a topic's evidence comes to in an article, told signal by signal: which words, where, and how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.model import Article
from bot.matching.canonical import write
from bot.matching.document import Document
from bot.matching.evaluate import Reader
from bot.matching.evidence import Weighed
from bot.matching.syntax import And, Node, Or
from bot.matching.weighing import Account, Entry, Mention, Place

_SHOWN = 5
"""Mentions of a signal that are told one by one."""


@dataclass(frozen=True, slots=True)
class Said:
    """A mention as it is told: where, the words as they stand, and the term they were found by."""

    place: Place
    words: str
    term: str


def weighed_in(definition: Node) -> Weighed | None:
    """The evidence that a topic's definition weighs, if it does."""
    match definition:
        case Weighed():
            return definition
        case And(children) | Or(children):
            return next((found for child in children if (found := weighed_in(child))), None)
    return None


def account_of(definition: Node, document: Document) -> Account | None:
    """What the evidence comes to; None for a topic that weighs none."""
    weighed = weighed_in(definition)
    return Reader(document).account(weighed) if weighed else None


def said(entry: Entry, article: Article, document: Document) -> list[Said]:
    """The mentions of a signal, each by the term that says most of it."""
    return [_said(mention, article, document) for mention in entry.mentions]


def _said(mention: Mention, article: Article, document: Document) -> Said:
    headline = mention.place == "headline"
    tokens, text = (document.title, article.title) if headline else (document.body, article.text)
    start, end = mention.span
    words = " ".join(text[tokens.starts[start] : tokens.ends[end - 1]].split())
    term = max(mention.terms, key=lambda found: (found[1][1] - found[1][0], -len(write(found[0]))))[0]
    return Said(mention.place, words, write(term))


def words_of(account: Account, article: Article, document: Document) -> list[str]:
    """Different words that speak for it, as they stand, those that bring most first; five at most."""
    counted = (entry for entry in account.entries if entry.points > 0 and account.main)
    speaking = sorted(counted, key=lambda entry: -entry.points)
    found = {told.words.casefold(): told.words for entry in speaking for told in said(entry, article, document)}
    return [*found.values()][:_SHOWN]


def lines(account: Account, article: Article, document: Document) -> Iterator[str]:
    """The account in plain lines: the sum, by how much it is or misses the threshold, then each signal."""
    over = account.total - account.threshold
    verdict = f"{over} over" if over >= 0 else f"{-over} short"
    yield f"{account.total} points of {account.threshold} needed, {verdict}{_held(account)}"
    for entry in sorted(account.entries, key=lambda entry: -abs(entry.points)):
        kind = " (supports)" if entry.signal.supports else ""
        yield f"  {entry.points:+} {entry.signal.name}{kind}: {_told(entry, article, document)}"


def _held(account: Account) -> str:
    """What was not counted in full."""
    further = sum(entry.further * entry.signal.points for entry in account.leading())
    supports = sum(entry.points for entry in account.entries if entry.points > 0 and entry.signal.supports)
    held = [
        f"{counted} of {found} {what}"
        for counted, found, what in (
            (account.further, further, "beyond the first 60 words"),
            (account.support, supports, "in support"),
        )
        if counted < found
    ]
    return f" (counted: {', '.join(held)})" if held else ""


def _told(entry: Entry, article: Article, document: Document) -> str:
    mentions = said(entry, article, document)
    told = [
        f"{mention.place} “{mention.words}”"
        + ("" if mention.words.casefold() == mention.term.casefold() else f" ({mention.term})")
        for mention in mentions[:_SHOWN]
    ]
    more = len(mentions) - _SHOWN
    return ", ".join(told) + (f" and {more} more" if more > 0 else "")
