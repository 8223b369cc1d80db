"""`/irrelevant`: a story that should not have come, noted for each subscription it came for."""

from __future__ import annotations

from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, spans
from bot.core.model import Archived, Subscription
from bot.core.times import listed
from bot.matching.evaluate import matches
from bot.matching.query import parse
from bot.matching.text import document_of
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.commands.search import paged
from handlers.meant import named, story_of
from handlers.reading import label
from handlers.registry import Group, command
from handlers.schedule import moment

PER_PAGE = 10
"""Marks a page."""


@command(
    "irrelevant",
    Group.RING,
    usage=("/irrelevant", "/irrelevant STORY", "/irrelevant URL"),
    examples=("/irrelevant",),
    writes=True,
)
def irrelevant(call: Call) -> Message:
    """Marks a story as not relevant to the subscriptions it matches; alone, lists what is marked."""
    wish = paged(call.args)
    if not wish.query:
        return _listed(call, wish.page)
    archived = story_of(call, wish.query)
    met = _met(call, archived)
    if not met:
        return Message((call.line("readers.matches_nothing"),))
    shelf = call.session.shelf
    new = [entry for entry in met if shelf.mark(call.chat.id, entry.id, archived.story_id, archived.id, call.now)]
    mute = Action(call.say("readers.mute_story"), f"/mute {archived.story_id}")
    if not new:
        return Message((call.line("readers.marked_already"), Actions((mute,))))
    remember(call, Did.MARKED, *(entry.id for entry in new), story=archived.story_id)
    return Message((*_thanks(call, new, mute), Actions((undo_button(call), mute))))


def _met(call: Call, archived: Archived) -> list[Subscription]:
    """The chat's subscriptions that the story came for, or that match it as it reads now."""
    if came := call.session.outbox.matched(call.chat.id, archived.story_id):
        return came
    document = document_of(archived)
    mine = call.session.subscriptions.of_chat(call.chat.id)
    return [entry for entry in mine if matches(parse(entry.query), document)]


def _thanks(call: Call, marked: list[Subscription], mute: Action) -> list[Block]:
    names = listed([f"{entry.number} ({label(call.services.topics, entry.query)})" for entry in marked], call.words)
    what = Strong(call.count("cards.subscriptions", len(marked), numbers=names))
    example = Code(f"/subscribe {marked[0].query} -football")
    how = call.line("readers.marked_how", quiet=True, example=example, mute=Code(mute.command))
    return [call.line("readers.marked", what=what), how]


def _listed(call: Call, page: int) -> Message:
    marks, total = call.session.shelf.marked(call.chat.id, PER_PAGE, PER_PAGE * (page - 1))
    if not total:
        return Message((call.line("readers.nothing_marked"),))
    if not marks:
        return Message((call.line("commands.no_such_page", page=page, first=Code("/irrelevant")),))
    items: list[Block] = []
    for subscription_id, article_id, said_at in marks:
        entry, archived = call.session.subscriptions.get(subscription_id), call.session.articles.get(article_id)
        if entry is None or archived is None:
            continue
        name = f"{entry.number}. {label(call.services.topics, entry.query)}"
        items.append(Item((named(archived),), (Line(spans(name, " · ", moment(call, said_at)), quiet=True),)))
    following = Action(call.say("commands.more"), f"/irrelevant page:{page + 1}", in_place=True)
    more = [following] if total > PER_PAGE * page else []
    buttons = [Actions(tuple(more))] if more else []
    return Message((Heading(call.count("readers.marked_list", total)), *items, *buttons))
