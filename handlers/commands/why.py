"""`/why`: why something was, or was not, sent here; from what was recorded, never another chat's."""

from __future__ import annotations

from bot.core.compose import alert_card, story_actions
from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Item, Line, Message, Strong, spans
from bot.core.model import Archived, Subscription
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.explain import hits
from bot.matching.found import found
from bot.matching.query import parse
from bot.matching.reasoning import lacked, matched, weighed
from bot.matching.telling import Interest, told
from bot.matching.text import document_of
from handlers.call import Call
from handlers.fates import fate, not_owed, one_story, timeline
from handlers.meant import NUMBER, URL, headlined, latest_alert, story_of
from handlers.reading import label
from handlers.registry import Group, command
from handlers.unwatched import not_archived


@command("why", Group.RING, usage=("/why", "/why STORY", "/why URL", "/why HEADLINE"), examples=("/why",))
def why(call: Call) -> Message:
    """What a story matched, on which words, and what became of it here."""
    archived = _meant(call)
    if archived is None:
        return not_archived(call, call.args)
    mine = call.session.subscriptions.of_chat(call.chat.id)
    topics = call.services.topics
    interests = [Interest.of_subscription(entry, topics) for entry in mine]
    outlets = [entry.article.source for entry in call.session.articles.of_story(archived.story_id)]
    card = alert_card(told(archived, interests, topics, outlets=outlets), call.telling)
    blocks: list[Block] = [*card.blocks, *_became(call, archived, mine), *_renamed(call, archived)]
    actions = (*_story_actions(call, archived), Action(call.say("commands.all_subscriptions"), "/subscriptions"))
    return Message((*blocks, Actions(actions)))


def _story_actions(call: Call, archived: Archived) -> tuple[Action, ...]:
    follow = call.session.follows.get(call.chat.id, archived.story_id)
    heard = follow or call.session.subscriptions.of_chat(call.chat.id)
    return story_actions(archived.story_id, call.words, followed=follow is not None) if heard else ()


def _meant(call: Call) -> Archived | None:
    """The article at the URL, of the story, with the headline, or of the latest alert.

    None for a URL that is not in the archive; UserError for anything else there is none of.
    """
    if not call.args:
        if latest := latest_alert(call):
            return latest
        raise UserError("commands.why_what")
    if NUMBER.fullmatch(call.args):
        return story_of(call, call.args)
    if URL.fullmatch(call.args):
        return call.session.articles.by_url(call.args)
    if headline := headlined(call, call.args):
        return headline
    raise UserError("commands.why_no_headline", text=call.args[:200])


def _became(call: Call, archived: Archived, mine: list[Subscription]) -> list[Block]:
    """On which words it matched what, when what happened, and what became of it."""
    document = document_of(archived)
    met = [entry for entry in mine if matches(parse(entry.query), document)]
    fates = call.session.outbox.deliveries_of_story(call.chat.id, archived.story_id)
    recorded = call.session.reasons.matched(call.chat.id, archived.story_id)
    holds = call.session.reasons.holds(call.chat.id, archived.story_id)
    blocks: list[Block] = [_matches(call, entry, archived, document) for entry in met]
    blocks.append(timeline(call, archived, fates, recorded))
    blocks += [said for entry in fates for said in fate(call, entry, holds.get(entry[0].id, []))]
    blocks += one_story(call, archived, fates)
    if fates:
        return blocks
    if not mine:
        return [*blocks, call.line("commands.why_no_subscriptions")]
    if met:
        return [*blocks, *not_owed(call, archived, met, recorded)]
    lacks = [_lacks(call, entry, archived, document) for entry in mine]
    return [*blocks, call.line("commands.why_no_match"), *lacks]


def _matches(call: Call, entry: Subscription, archived: Archived, document: Document) -> Item:
    """The words a subscription matches on, and for a topic that weighs evidence how much of it there is."""
    query, topics = parse(entry.query), call.services.topics
    terms = matched(found(archived.article, document, hits(query, document, topics.definitions)), call.words)
    points = weighed(query, archived.article, document, topics, call.words)
    name = label(topics, entry.query)
    below = (Line(terms, quiet=True),) if points and terms else ()
    shown = points or terms
    return Item(spans(Strong(name), ": ", *shown) if shown else spans(Strong(name)), below, marker=f"{entry.number}.")


def _renamed(call: Call, archived: Archived) -> list[Line]:
    """The headline the article came with, where the outlet has changed it since."""
    first = archived.first_title
    if not first or first.split() == archived.article.title.split():
        return []
    return [call.line("commands.first_headline", quiet=True, headline=first)]


def _lacks(call: Call, entry: Subscription, archived: Archived, document: Document) -> Item:
    """The condition of a subscription that fails, and by how much."""
    name = label(call.services.topics, entry.query)
    lack = lacked(parse(entry.query), archived.article, document, call.services.topics, call.words)
    return Item(spans(Strong(name), ": ", *lack) if lack else spans(Strong(name)), marker=f"{entry.number}.")
