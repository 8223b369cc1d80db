"""What did not fit into messages, a page at a time: `/digest more`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from bot.core.compose import item
from bot.core.message import Action, Actions, Block, Code, Heading, Item, Line, Message, Strong, filled
from bot.matching.telling import Interest, told
from handlers.call import Call
from handlers.reading import label
from handlers.schedule import moment

PER_PAGE = 10
"""Stories a page."""

Left = tuple[datetime, int, int]
"""When the message was sent, the article, the subscription it came for."""


def leftovers(call: Call, page: int) -> Message | None:
    """A page of what did not fit, the latest message's first; None where nothing is left at all."""
    entries, total = call.session.leftovers.of_chat(call.chat.id, PER_PAGE, PER_PAGE * (page - 1))
    if not total:
        return None
    if not entries:
        return Message((call.line("commands.no_such_page", page=page, first=Code("/digest more")),))
    counted = call.say("readers.left_out", stories=call.count("commands.stories", total))
    heading = counted if page == 1 else call.say("commands.found_page", found=counted, page=page)
    blocks: list[Block] = [Heading(heading)]
    for (told_at, subscription_id), lines in groupby(entries, key=lambda entry: (entry[0], entry[2])):
        blocks += [_head(call, told_at, subscription_id), *_items(call, subscription_id, lines)]
    following = Action(call.say("commands.more"), f"/digest more page:{page + 1}", in_place=True)
    more = [following] if total > PER_PAGE * page else []
    return Message((*blocks, Actions(tuple(more)))) if more else Message(tuple(blocks))


def _head(call: Call, told_at: datetime, subscription_id: int) -> Line:
    """The subscription, and the message it did not fit into."""
    entry = call.session.subscriptions.get(subscription_id)
    name = label(call.services.topics, entry.query) if entry else ""
    sent = filled(call.words.phrase("readers.left_out_of"), time=moment(call, told_at))
    return Line((Strong(name), *filled(" · {sent}", sent=sent)))


def _items(call: Call, subscription_id: int, lines: Iterable[Left]) -> list[Item]:
    entry = call.session.subscriptions.get(subscription_id)
    interests = [Interest.of_subscription(entry, call.services.topics)] if entry else []
    items = []
    for _, article_id, _ in lines:
        archived = call.session.articles.get(article_id)
        if archived is not None:
            outlets = call.session.articles.outlets(archived.story_id)
            shown = told(archived, interests, call.services.topics, outlets=outlets)
            items.append(item(shown, call.telling, remarks=[f"#{archived.story_id}"]))
    return items
