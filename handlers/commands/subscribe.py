"""`/subscribe`: a topic or any query, at once or as a digest; says what was understood and shows what to expect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.cadence import INSTANT, Cadence, Rhythm, Wish, split_cadence
from bot.core.compose import item, zone_notice
from bot.core.errors import QuerySyntaxError
from bot.core.message import Action, Actions, Block, Code, Line, Message, Strong
from bot.core.model import Archived, Kind, Owed, Subscription
from bot.matching.telling import Interest, told
from handlers.call import Call
from handlers.changes import Did, remember, undo_button
from handlers.commands.subscriptions import terms
from handlers.commands.topics import listed_topics
from handlers.held import paused, still_paused
from handlers.muting import muted_by
from handlers.reading import Reading, caseless, label, read, remarks, sendable
from handlers.registry import Group, command
from handlers.schedule import arrives_at, moment, next_due_at
from handlers.stories import latest

SHOWN = 3
"""Stories a new subscription shows at once."""

SHOWN_REASON = "shown"
"""What the outbox keeps as the reason of those."""

LOOKED_AT = 60
"""Articles looked through for them: copies of one story share a place."""

FIRST_ISSUE = 200
"""Articles looked through for what a new digest's first issue holds."""

_REACH = {Rhythm.DAILY: timedelta(days=1), Rhythm.WEEKDAYS: timedelta(days=1), Rhythm.WEEKLY: timedelta(days=7)}
"""How far back a first issue reaches: its usual period."""


@dataclass(frozen=True)
class Made:
    """A subscription as it is now, and as it was if the chat had it before."""

    now: Subscription
    before: Subscription | None

    @property
    def is_new(self) -> bool:
        """Whether the chat did not have it before."""
        return self.before is None

    @property
    def changed(self) -> bool:
        """Whether it was there before and is now different."""
        return self.before is not None and _terms(self.before) != _terms(self.now)


@command(
    "subscribe",
    Group.RING,
    usage=(
        "/subscribe TOPIC",
        "/subscribe QUERY",
        "/subscribe QUERY daily 08:00",
        "/subscribe QUERY weekdays 08:00,18:00",
        "/subscribe QUERY weekly Mon 08:00",
        "/subscribe QUERY instant urgent",
        "/subscribe QUERY every",
    ),
    examples=("/subscribe migration", '/subscribe "border force" OR frontex', "/subscribe balkans daily 08:00"),
    aliases=("add", "watch"),
    writes=True,
    sentence=True,
)
def subscribe(call: Call) -> Message:
    """Subscribes the chat, or changes the subscription it has to the same query."""
    if not call.args:
        return listed_topics(call, call.line("commands.subscribe_what", example=Code('/subscribe "border force"')))
    wish = split_cadence(call.args)
    reading = _read(call, wish)
    made = _store(call, reading, wish)
    blocks: list[Block] = [*_confirmed(call, made), *_timely(call, made.now), *remarks(call, reading, "subscribe")]
    if made.is_new:
        blocks.extend(_shown(call, made.now, reading))
    return Message((*blocks, *_buttons(call, made, reading)))


def _read(call: Call, wish: Wish) -> Reading:
    """Reads the query; a suggestion keeps the cadence that was asked for."""
    try:
        return read(call, wish.query)
    except QuerySyntaxError as error:
        if error.suggestion:
            error.suggestion += call.args[len(wish.query) :]
        raise


def _store(call: Call, reading: Reading, wish: Wish) -> Made:
    had = {caseless(entry.query): entry for entry in call.session.subscriptions.of_chat(call.chat.id)}
    before = had.get(caseless(reading.canonical))
    if before is not None and wish == Wish(wish.query):
        return Made(before, before)
    if before is None and call.quotas is not None:
        call.quotas.need_room(len(had))
    cadence = wish.cadence or (before.cadence if before else INSTANT)
    now = call.session.subscriptions.add(
        call.chat,
        before.query if before else reading.canonical,
        call.now,
        cadence=str(cadence),
        urgent=wish.urgent,
        every=wish.every,
        next_due_at=_next_due_at(call, cadence, before),
    )
    made = Made(now, before)
    if before is None:
        remember(call, Did.SUBSCRIBED, now.id)
        if call.request.shared and call.request.speaker is not None:
            call.session.rules.made_by(now.id, call.request.speaker)
    elif made.changed:
        was = {"query": before.query, "cadence": str(before.cadence), "urgent": before.urgent, "every": before.every}
        remember(call, Did.CHANGED, now.id, **was)
    return made


def _next_due_at(call: Call, cadence: Cadence, before: Subscription | None) -> datetime | None:
    """When it is next due; a digest whose times stay the same keeps its turn, also one that is overdue."""
    unmoved = before is not None and before.cadence == cadence
    return before.next_due_at if before and unmoved else next_due_at(call, cadence)


def _terms(entry: Subscription) -> tuple[Cadence, bool, bool]:
    return entry.cadence, entry.urgent, entry.every


def _confirmed(call: Call, made: Made) -> list[Line]:
    """What is subscribed to and when it rings, separately."""
    entry = made.now
    key = "subscribed" if made.is_new else "subscription_changed" if made.changed else "subscription_same"
    name = label(call.services.topics, entry.query)
    query = Strong(name) if name != entry.query else Code(name)
    lines = [call.line(f"commands.{key}", number=entry.number), call.line("commands.what", query=query)]
    if made.before and made.changed:
        old, new = terms(call, made.before), Strong(terms(call, entry))
        return [*lines, call.line("commands.when_changed", old=old, new=new)]
    return [*lines, call.line("commands.when", when=Strong(terms(call, entry)))]


def _timely(call: Call, entry: Subscription) -> list[Line]:
    """When the next digest comes, which zone that is in, and what holds it or the chat back."""
    lines = []
    if entry.next_due_at is not None and entry.paused_at is None:
        at = arrives_at(call, entry.next_due_at, urgent=entry.urgent)
        lines.append(call.line("commands.next_digest", at=moment(call, at)))
        if at != entry.next_due_at:
            lines.append(call.line("commands.after_quiet", quiet=True, hours=str(call.chat.quiet)))
        if call.chat.zone_is_assumed and not call.chat.zone_told:
            call.session.chats.save(replace(call.chat, zone_told=True))
            lines.append(zone_notice(call.zone, call.now, call.words, guessed=call.chat.zone_guessed))
    if entry.paused_at is not None:
        lines += [*paused(call, entry), call.line("pauses.how", resume=Code(f"/resume {entry.number}"))]
    if call.chat.paused_at is not None:
        lines.append(still_paused(call))
    return lines


def _shown(call: Call, entry: Subscription, reading: Reading) -> list[Block]:
    """The latest stories, recorded as told so that they do not ring; a first digest gets the rest."""
    muted = muted_by(call)
    stories = [story for story in latest(call, reading.node, articles=LOOKED_AT) if not muted(story[0])][:SHOWN]
    call.session.outbox.tell(
        call.chat.id, entry.id, [story[0].story_id for story in reversed(stories)], call.now, SHOWN_REASON
    )
    if entry.next_due_at is not None:
        _fill_first_issue(call, entry, reading, entry.next_due_at)
    if not stories:
        return [call.line("commands.none_yet")]
    latest_said = call.line("commands.latest", stories=call.count("commands.stories", len(stories)))
    return [latest_said, *_items(call, stories, reading)]


def _items(call: Call, stories: list[list[Archived]], reading: Reading) -> list[Block]:
    interests = [Interest.of(reading.node, call.services.topics)]
    return [
        item(
            told(story[0], interests, call.services.topics, outlets=[copy.article.source for copy in story]),
            call.telling,
        )
        for story in stories
    ]


def _fill_first_issue(call: Call, entry: Subscription, reading: Reading, due_at: datetime) -> None:
    """Owes the first digest what came in the period before it and was not told yet."""
    since = call.now - _REACH[entry.cadence.rhythm]
    stories = latest(call, reading.node, articles=FIRST_ISSUE, since=since)
    heard = call.session.outbox.told(call.chat.id, [story[0].story_id for story in stories])
    at = arrives_at(call, due_at, urgent=entry.urgent)
    muted = muted_by(call)
    call.session.outbox.owe(
        Owed(call.chat.id, entry.id, story[0].story_id, story[0].id, Kind.DIGEST, at, entry.urgent, entry.every)
        for story in stories
        if story[0].story_id not in heard and not muted(story[0])
    )


def _buttons(call: Call, made: Made, reading: Reading) -> list[Actions]:
    actions = []
    if made.is_new or made.changed:
        actions.append(undo_button(call))
    if made.now.cadence.rhythm is Rhythm.INSTANT:
        actions.append(Action(call.say("commands.daily_instead"), f"/subscribe {sendable(reading.canonical)} daily"))
    actions.append(Action(call.say("commands.all_subscriptions"), "/subscriptions"))
    return [Actions(tuple(actions))]
