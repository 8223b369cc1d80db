"""`/search`: the archive, newest first, a page at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.compose import item
from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Code, Line, Message, Strong, spans
from bot.core.model import Archived
from bot.core.ports import Page
from bot.core.times import local_date
from bot.matching.telling import Interest, told
from handlers.call import Call
from handlers.reading import Reading, read, remarks, sendable
from handlers.registry import Group, command
from handlers.stories import by_story

PER_PAGE = 10
"""Articles a page; copies of one story share an entry."""

LAST_PAGE = 100

_PAGE = re.compile(r"(?:^|\s)page:\s*(\d{1,9})\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is searched for, and which page of it."""

    query: str
    page: int = 1


@command(
    "search",
    Group.READ,
    usage=("/search QUERY", "/search QUERY page:2"),
    examples=("/search kosovo", '/search "border force" -football', "/search title:frontex since:7d"),
    sentence=True,
)
def search(call: Call) -> Message:
    """A page of what matches, and what to do with it."""
    wish = paged(call.args)
    if not wish.query:
        raise UserError("commands.search_what", suggestion="/search kosovo")
    reading = read(call, wish.query, dates=True)
    page = call.session.search.newest(
        reading.node,
        call.now,
        limit=PER_PAGE,
        offset=PER_PAGE * (wish.page - 1),
        languages=call.chat.reads,
        zone=call.zone_name,
    )
    blocks = _found(call, reading, wish, page) if page.hits else _none(call, wish)
    return Message((*blocks, *remarks(call, reading, "search"), *_buttons(call, reading, wish, page)))


def paged(args: str) -> Wish:
    """Takes a trailing `page:N` off a query; pages are kept between the first and the last there can be."""
    found = _PAGE.search(args)
    if found is None:
        return Wish(args)
    return Wish(args[: found.start()].rstrip(), min(max(1, int(found[1])), LAST_PAGE))


def _found(call: Call, reading: Reading, wish: Wish, page: Page) -> list[Block]:
    count = f"{page.total:,}+" if page.capped or page.partial else f"{page.total:,}"
    found = call.count("commands.found", page.total, count=count)
    if wish.page > 1:
        found = call.say("commands.found_page", found=found, page=wish.page)
    blocks: list[Block] = [call.line("commands.found_for", query=Code(wish.query), found=Strong(found))]
    interests = [Interest.of(reading.standing, call.services.topics)] if reading.standing else []
    blocks.extend(_entry(call, copies, interests) for copies in by_story(page.hits))
    if page.partial:
        blocks.append(call.line("commands.partial", quiet=True))
    return blocks


def _entry(call: Call, copies: list[Archived], interests: list[Interest]) -> Block:
    topics = call.services.topics
    shown = told(copies[0], interests, topics, outlets=[copy.article.source for copy in copies])
    titles = [topic.title for name in copies[0].topics if (topic := topics.get(name))]
    return item(shown, call.telling, spans(call.say("commands.topics_are", topics=", ".join(titles))) if titles else ())


def _none(call: Call, wish: Wish) -> list[Block]:
    if wish.page > 1:
        return [call.line("commands.no_such_page", page=wish.page, first=Code(f"/search {wish.query}"))]
    return list(nothing_found(call, wish.query))


def nothing_found(call: Call, query: str) -> list[Line]:
    """That nothing matches, and what was looked through."""
    lines = [call.line("commands.found_nothing", query=Code(query))]
    if call.chat.reads:
        reads, command = ", ".join(call.chat.reads), Code("/settings reads all")
        lines.append(call.line("commands.only_reads", quiet=True, reads=reads, command=command))
    articles = call.count("commands.articles", call.session.articles.count())
    for first in call.session.articles.after(0, 1):
        since = local_date(first.first_seen_at, call.now, call.zone, call.words)
        lines.append(call.line("commands.archive_holds", quiet=True, articles=articles, since=since))
    return lines


def _buttons(call: Call, reading: Reading, wish: Wish, page: Page) -> list[Block]:
    actions = []
    if page.more and wish.page < LAST_PAGE:
        actions.append(Action(call.say("commands.more"), f"/search {wish.query} page:{wish.page + 1}", in_place=True))
    if reading.standing is not None:
        actions.append(Action(call.say("commands.ring_me"), f"/subscribe {sendable(str(reading.standing))}"))
    return [Actions(tuple(actions))] if actions else []
