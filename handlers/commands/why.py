"""`/why`: why something was, or was not, sent here; from what was recorded, never another chat's."""

from __future__ import annotations

from datetime import datetime

from bot.core.compose import alert_card, story_actions
from bot.core.errors import UserError
from bot.core.message import Action, Actions, Block, Code, Item, Line, Message, Spans, Strong, line, spans
from bot.core.model import Archived, Delivery, Kind, State, Subscription
from bot.core.plan import FRESH_FOR, reads
from bot.core.reasons import MUTED, PAUSED, TOLD_MEANWHILE, TOO_LATE, UNSUBSCRIBED
from bot.core.times import duration, language_name, listed
from bot.matching.accounts import account_of, words_of
from bot.matching.document import Document
from bot.matching.evaluate import matches
from bot.matching.explain import missing
from bot.matching.query import parse
from bot.matching.syntax import TopicIs
from bot.matching.telling import Interest, told
from bot.matching.text import document_of
from handlers.call import Call
from handlers.commands.subscribe import SHOWN_REASON
from handlers.meant import NUMBER, URL, headlined, latest_alert, story_of
from handlers.reading import label
from handlers.registry import Group, command
from handlers.schedule import moment


@command("why", Group.RING, usage=("/why", "/why STORY", "/why URL", "/why HEADLINE"), examples=("/why",))
def why(call: Call) -> Message:
    """What a story matched, and what became of it here."""
    archived = _meant(call)
    mine = call.session.subscriptions.of_chat(call.chat.id)
    topics = call.services.topics
    interests = [Interest.of_subscription(entry, topics) for entry in mine]
    outlets = [entry.article.source for entry in call.session.articles.of_story(archived.story_id)]
    card = alert_card(told(archived, interests, topics, outlets=outlets), call.telling)
    sent = call.session.outbox.deliveries_of_story(call.chat.id, archived.story_id)
    blocks: list[Block] = [*card.blocks, *(_fate(call, *entry) for entry in sent)]
    blocks += _renamed(call, archived)
    if not sent:
        blocks += _not_sent(call, archived, mine)
    actions = (*_story_actions(call, archived), Action(call.say("commands.all_subscriptions"), "/subscriptions"))
    return Message((*blocks, Actions(actions)))


def _story_actions(call: Call, archived: Archived) -> tuple[Action, ...]:
    return story_actions(archived.story_id, call.words) if call.session.subscriptions.of_chat(call.chat.id) else ()


def _meant(call: Call) -> Archived:
    """The article at the URL, of the story, with the headline, or of the latest alert; UserError when there is none."""
    if not call.args:
        if found := latest_alert(call):
            return found
        raise UserError("commands.why_what")
    if NUMBER.fullmatch(call.args):
        return story_of(call, call.args)
    is_url = URL.fullmatch(call.args)
    found = call.session.articles.by_url(call.args) if is_url else headlined(call, call.args)
    if found is None:
        raise UserError("commands.why_no_url" if is_url else "commands.why_no_headline", text=call.args[:200])
    return found


def _fate(call: Call, delivery: Delivery, state: State, sent_at: datetime | None, reason: str | None) -> Line:
    """What became of one delivery."""
    kind = call.say("commands.as_alert" if delivery.owed.kind is Kind.ALERT else "commands.as_digest")
    if state is State.SENT and sent_at is not None:
        key = "commands.fate_shown" if reason == SHOWN_REASON else "commands.fate_sent"
        return call.line(key, kind=kind, at=moment(call, sent_at))
    if state is State.CANCELLED and reason and reason.startswith(MUTED):
        return _muted(call, kind, int(reason.removeprefix(MUTED)))
    if state is State.CANCELLED and reason == TOO_LATE:
        return call.line("readers.fate_too_late", kind=kind)
    if state is State.CANCELLED and reason in (PAUSED, TOLD_MEANWHILE):
        return _paused(call, kind, delivery)
    if state is State.CANCELLED:
        return call.line("commands.fate_ended" if reason == UNSUBSCRIBED else "commands.fate_cancelled", kind=kind)
    if state is State.DEAD:
        return call.line("commands.fate_dead", kind=kind, reason=reason or "?")
    key = "commands.fate_paused" if call.chat.paused_at else "commands.fate_waiting"
    return call.line(key, kind=kind, at=moment(call, delivery.owed.due_at))


def _paused(call: Call, kind: str, delivery: Delivery) -> Line:
    """That its subscription is paused, or was while something else told the story."""
    entry = call.session.subscriptions.get(delivery.owed.subscription_id)
    if entry is None or entry.paused_at is None:
        return call.line("pauses.told_meanwhile", kind=kind)
    return call.line("pauses.fate", kind=kind, number=entry.number, resume=Code(f"/resume {entry.number}"))


def _muted(call: Call, kind: str, mute_id: int) -> Line:
    """That a mute held it back, and until when that lasts."""
    mute = call.session.mutes.get(mute_id)
    if mute is None:
        return call.line("commands.fate_cancelled", kind=kind)
    what = Strong(mute.label)
    if mute.until_at is None:
        return call.line("readers.fate_muted", kind=kind, what=what)
    return call.line("readers.fate_muted_until", kind=kind, what=what, until=moment(call, mute.until_at))


def _not_sent(call: Call, archived: Archived, mine: list[Subscription]) -> list[Block]:
    """Why nothing was owed: no subscription, none that matches, or what held a match back."""
    if not mine:
        return [call.line("commands.why_no_subscriptions")]
    document = document_of(archived)
    met = [entry for entry in mine if matches(parse(entry.query), document)]
    if met:
        held = [(_held(call, archived, entry), entry.number) for entry in met]
        return [
            _not_sent_for(call, why, [n for other, n in held if other == why])
            for why in dict.fromkeys(why for why, _ in held)
        ]
    return [call.line("commands.why_no_match"), *(_lacks(call, entry, archived, document) for entry in mine)]


def _renamed(call: Call, archived: Archived) -> list[Line]:
    """The headline the article came with, where the outlet has changed it since."""
    first = archived.first_title
    if not first or first.split() == archived.article.title.split():
        return []
    return [call.line("commands.first_headline", quiet=True, headline=first)]


def _not_sent_for(call: Call, why: str, numbers: list[int]) -> Line:
    said = listed([str(number) for number in numbers], call.words)
    return line(call.say("commands.not_sent_for", numbers=said), " ", why)


def _held(call: Call, archived: Archived, entry: Subscription) -> str:
    """Why an article that a subscription matches was not sent for it."""
    if not reads(call.chat, archived.language):
        return call.say("commands.held_language", language=language_name(archived.language or "", call.words))
    if archived.first_seen_at <= entry.created_at:
        return call.say("commands.held_before", at=moment(call, archived.first_seen_at).text)
    if archived.article.sample:
        return call.say("commands.held_sample")
    if burst := call.session.bursts.of_article(archived.id):
        return call.say("commands.held_burst", new=f"{burst.new:,}", usual=f"{burst.usual:,}")
    age = archived.first_seen_at - archived.published_at
    if age > FRESH_FOR:
        return call.say("commands.held_old", age=duration(age, call.words))
    return call.say("commands.held_unknown")


def _lacks(call: Call, entry: Subscription, archived: Archived, document: Document) -> Item:
    name = label(call.services.topics, entry.query)
    said = _lacking(call, entry, archived, document)
    return Item((*spans(Strong(name), ": "), *said) if said else spans(Strong(name)), marker=f"{entry.number}.")


def _lacking(call: Call, entry: Subscription, archived: Archived, document: Document) -> Spans:
    """The condition that fails, or for a topic that weighs evidence how much of it there is."""
    query = parse(entry.query)
    topic = call.services.topics.definitions.get(query.name) if isinstance(query, TopicIs) else None
    account = account_of(topic, document) if topic else None
    if account and not account.enough:
        found = listed(words_of(account, archived.article, document), call.words)
        key = "commands.lacks_points" if found else "commands.lacks_all_points"
        return call.line(key, points=max(account.total, 0), needed=account.threshold, words=found).spans
    condition = missing(query, document)
    if condition is None or condition == entry.query:
        return ()
    return call.line("commands.lacks", condition=Code(condition)).spans
