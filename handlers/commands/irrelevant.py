"""`/irrelevant`: a story that should not have come, noted for each subscription it came for."""

from __future__ import annotations

from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, spans
from bot.core.model import Archived, Subscription
from bot.core.times import listed
from bot.matching.evaluate import matches
from bot.matching.query import parse
from bot.matching.text import document_of
from handlers import exclusions
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.commands.search import paged
from handlers.exclusions import LEAVE_OUT, leave_out, offers
from handlers.meant import named, story_of
from handlers.reading import label
from handlers.registry import Group, command
from handlers.schedule import moment

PER_PAGE = 10
"""Marks a page."""


@command(
    "irrelevant",
    Group.RING,
    usage=("/irrelevant", "/irrelevant STORY", "/irrelevant URL", "/irrelevant leave-out NUMBER WORD"),
    examples=("/irrelevant",),
    writes=True,
    shows=True,
)
def irrelevant(call: Call) -> Message:
    """Marks a story as not relevant to the subscriptions it matches; alone, lists what is marked, by subscription."""
    verb, _, rest = call.args.partition(" ")
    if verb.casefold() == LEAVE_OUT:
        return leave_out(call, rest.strip())
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
    made = offers(call, new)
    how = [exclusions.said(call, entry) for entry in made] or _how(call, new, mute)
    buttons = Actions((undo_button(call), *(exclusions.button(call, entry) for entry in made), mute))
    return Message((_thanks(call, new), *how, buttons))


def _met(call: Call, archived: Archived) -> list[Subscription]:
    """The chat's subscriptions that the story came for, or that match it as it reads now."""
    if came := call.session.outbox.matched(call.chat.id, archived.story_id):
        return came
    document = document_of(archived)
    mine = call.session.subscriptions.of_chat(call.chat.id)
    return [entry for entry in mine if matches(parse(entry.query), document)]


def _thanks(call: Call, marked: list[Subscription]) -> Line:
    names = listed([f"{entry.number} ({label(call.services.topics, entry.query)})" for entry in marked], call.words)
    return call.line("readers.marked", what=Strong(call.count("cards.subscriptions", len(marked), numbers=names)))


def _how(call: Call, marked: list[Subscription], mute: Action) -> list[Line]:
    """What can be done where nothing can be suggested."""
    example = Code(f"/irrelevant {LEAVE_OUT} {marked[0].number} football")
    return [call.line("readers.marked_how", quiet=True, example=example, mute=Code(mute.command))]


def _listed(call: Call, page: int) -> Message:
    marks, total = call.session.shelf.marked(call.chat.id, PER_PAGE, PER_PAGE * (page - 1))
    if not total:
        return Message((call.line("readers.nothing_marked"),))
    if not marks:
        return Message((call.line("commands.no_such_page", page=page, first=Code("/irrelevant")),))
    by_subscription: dict[int, list[Item]] = {}
    for subscription_id, article_id, said_at in marks:
        if archived := call.session.articles.get(article_id):
            item = Item((named(archived),), (Line((moment(call, said_at),), quiet=True),))
            by_subscription.setdefault(subscription_id, []).append(item)
    blocks: list[Block] = [Heading(call.count("readers.marked_list", total))]
    actions: list[Action] = []
    for subscription_id, items in by_subscription.items():
        if entry := call.session.subscriptions.get(subscription_id):
            lines, buttons = _suggested(call, entry)
            blocks += [_headed(call, entry), *items, *lines]
            actions += buttons
    if total > PER_PAGE * page:
        actions.append(Action(call.say("commands.more"), f"/irrelevant page:{page + 1}", in_place=True))
    return Message((*blocks, Actions(tuple(actions))) if actions else tuple(blocks))


def _headed(call: Call, entry: Subscription) -> Line:
    return Line(spans(Strong(f"{entry.number}. {label(call.services.topics, entry.query)}")))


def _suggested(call: Call, entry: Subscription) -> tuple[list[Line], list[Action]]:
    """What the subscription could leave out, and the button for it; nothing for one that ended."""
    if entry.id not in {mine.id for mine in call.session.subscriptions.of_chat(call.chat.id)}:
        return [], []
    made = exclusions.offer(call, entry)
    if made is None:
        return [], []
    return [exclusions.said(call, made)], [exclusions.button(call, made)]
