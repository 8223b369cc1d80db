"""`/digest`: what came since the last digest, now; the scheduled one comes all the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.core import compose
from bot.core.message import Action, Code, Heading, Line, Message
from bot.core.model import Archived
from bot.matching.syntax import TopicIs
from bot.matching.telling import Interest, told
from handlers.call import Call
from handlers.commands.search import Wish, paged
from handlers.held import heard
from handlers.leftovers import leftovers
from handlers.muting import muted_by
from handlers.reading import read, remarks
from handlers.registry import Group, command
from handlers.stories import by_story

PER_PAGE = 10
"""Stories a page."""

LOOKED_AT = 200
"""Newest articles of each query that are looked through."""

MORE = ("more", "jos", "još", "још")
"""What asks for what did not fit."""

LATE_ARRIVALS = timedelta(days=30)
"""How long before the last digest an article that came after it may have been published."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A story of the digest: its articles that matched, newest first, and the first interest they met."""

    articles: list[Archived]
    interest: Interest


@command(
    "digest",
    Group.READ,
    usage=("/digest", "/digest more", "/digest QUERY"),
    examples=("/digest", "/digest balkans"),
)
def digest(call: Call) -> Message:
    """The newest stories by subscription or, where there is none, by every topic; or of one query."""
    wish = _wish(call.args)
    if wish.query.casefold() not in MORE:
        return _digest(call, wish)
    nothing_left = call.line("readers.nothing_left", digest=Code("/digest"))
    return leftovers(call, wish.page) or _digest(call, Wish("", max(wish.page, 2)), nothing_left)


def _digest(call: Call, wish: Wish, beyond: Line | None = None) -> Message:
    """A page of what came since the last digest; `beyond` is said where there is no such page."""
    interests, remarked = _wanted(call, wish.query)
    entries = _entries(call, interests)
    rest = entries[PER_PAGE * (wish.page - 1) :]
    if wish.page > 1 and not rest:
        first = Code(_command(wish.query, 1))
        return Message((beyond or call.line("commands.no_such_page", page=wish.page, first=first),))
    if wish.page > 1:  # that nothing came for an interest was said on the first page
        interests = [interest for interest in interests if any(entry.interest is interest for entry in rest)]
    following = _command(wish.query, wish.page + 1) if len(rest) > PER_PAGE else None
    message = compose.digest(
        _groups(call, interests, entries, PER_PAGE * (wish.page - 1)),
        call.telling,
        since=call.chat.last_digest_at,
        more=following,
        limit=PER_PAGE,
        footer=[*remarked, *compose.failing(call.session.sources.failing(), call.words)],
        actions=[Action(call.say("commands.more"), following)] if following else [],
    )
    return message if wish.page == 1 else _paged(call, message, len(entries), wish.page)


def _wish(args: str) -> Wish:
    """What is wanted; `QUERY more` is its second page."""
    wish, words = paged(args), args.split()
    more = len(words) > 1 and words[-1].casefold() in MORE
    return Wish(" ".join(words[:-1]), 2) if more else wish


def _command(query: str, page: int) -> str:
    return " ".join(part for part in ("/digest", query, f"page:{page}" if page > 1 else "") if part)


def _paged(call: Call, message: Message, total: int, page: int) -> Message:
    """A further page under a heading that still counts all stories."""
    counted = call.count("cards.digest", total)
    return replace(
        message, blocks=(Heading(call.say("commands.found_page", found=counted, page=page)), *message.blocks[1:])
    )


def _wanted(call: Call, query: str) -> tuple[list[Interest], list[Line]]:
    """What the digest is about and what should be said of that: one query, else subscriptions, else every topic."""
    topics = call.services.topics
    if query:
        reading = read(call, query)
        return [Interest.of(reading.node, topics)], remarks(call, reading, "digest")
    entries = call.session.subscriptions.of_chat(call.chat.id)
    had = [Interest.of_subscription(entry, topics) for entry in heard(entries) or entries]
    if had:
        return sorted(had, key=lambda entry: not entry.is_topic), []
    every = [Interest.of(TopicIs(topic.name), topics) for topic in topics]
    return every, [call.line("commands.digest_of_topics", quiet=True, subscribe=Code("/subscribe"))]


def _entries(call: Call, interests: list[Interest]) -> list[Entry]:
    """Every story once, newest first."""
    since, muted = call.chat.last_digest_at, muted_by(call)
    entries: dict[int, Entry] = {}
    for interest in interests:
        page = call.session.search.newest(
            interest.query,
            call.now,
            limit=LOOKED_AT,
            languages=call.chat.reads,
            since=since - LATE_ARRIVALS if since else None,
        )
        fresh = [archived for archived in page.hits if since is None or archived.first_seen_at > since]
        for story in by_story(fresh):
            if heard := [archived for archived in story if not muted(archived)]:
                entries.setdefault(story[0].story_id, Entry(heard, interest))
    return sorted(entries.values(), key=lambda entry: entry.articles[0].published_at, reverse=True)


def _groups(call: Call, interests: list[Interest], entries: list[Entry], start: int) -> list[compose.Group]:
    """The page of the entries that begins at `start`, by interest; a group's total counts all of its pages."""
    shown = entries[start : start + PER_PAGE]
    heard = call.session.outbox.told(call.chat.id, [entry.articles[0].story_id for entry in shown])
    return [
        compose.Group(
            interest.label,
            tuple(_told(call, entry, interests, heard) for entry in shown if entry.interest is interest),
            sum(entry.interest is interest for entry in entries),
            sum(entry.interest is interest for entry in entries[:start]),
        )
        for interest in interests
    ]


def _told(call: Call, entry: Entry, interests: list[Interest], heard: set[int]) -> compose.Told:
    story_id = entry.articles[0].story_id
    outlets = [archived.article.source for archived in call.session.articles.of_story(story_id)]
    return told(entry.articles[0], interests, call.services.topics, outlets=outlets, already=story_id in heard)
