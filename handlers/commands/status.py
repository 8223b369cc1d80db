"""`/status`: how this chat stands and, for admins, how the installation does."""

from __future__ import annotations

from datetime import timedelta

from bot.core.access import Standing
from bot.core.condition import condition, glance
from bot.core.health import rank
from bot.core.message import Block, Code, Heading, Item, Message, Rows, Spans, Strong, spans
from bot.core.model import Kind, State, Subscription
from bot.core.space_told import grows, held, takes
from bot.matching.stories import WINDOW
from handlers.call import Call
from handlers.held import heard
from handlers.registry import Group, command
from handlers.schedule import arrives_at, moment

NAMED = 10
"""Sources in trouble that are named."""

Row = tuple[Spans, Spans]

DEAD_FOR = timedelta(days=30)
"""How long it is told that something could not be sent."""


@command("status", Group.INSTALLATION, usage=("/status",), examples=("/status",))
def status(call: Call) -> Message:
    """What the chat has, what waits, what was last sent and what comes next."""
    blocks: list[Block] = [Heading(call.say("commands.status")), Rows(tuple(_chat(call)))]
    if call.request.admin:
        blocks += [Heading(call.say("commands.status_all")), Rows(tuple(_installation(call))), *_troubled(call)]
    return Message(tuple(blocks))


def _chat(call: Call) -> list[Row]:
    entries = call.session.subscriptions.of_chat(call.chat.id)
    due = (entry for entry in heard(entries) if entry.next_due_at)
    arrivals = (arrives_at(call, entry.next_due_at, urgent=entry.urgent) for entry in due if entry.next_due_at)
    next_at = min(arrivals, default=None)
    last_at = call.chat.last_digest_at
    never = spans(call.say("commands.never"))
    rows = [
        _row(call, "subscriptions", _counted(call, entries)),
        _row(call, "waiting", str(_waiting(call, entries))),
        _row(call, "last_digest", moment(call, last_at) if last_at else never),
        _row(call, "next_digest", moment(call, next_at) if next_at else never),
    ]
    failed, why = call.session.outbox.dead(call.now - DEAD_FOR, call.chat.id)
    if failed:
        rows.append(_row(call, "failed", f"{call.count('commands.stories', failed)} ({why})"))
    if call.chat.paused_at is not None:
        reason = f" ({call.chat.pause_reason})" if call.chat.pause_reason else ""
        until = call.chat.paused_until
        ends = spans(" – ", moment(call, until)) if until else ()
        since = moment(call, call.chat.paused_at)
        rows.append(_row(call, "paused", (since, *ends, *spans(f"{reason}  ", Code("/resume")))))
    if muted := call.session.mutes.live(call.chat.id, call.now):
        rows.append(_row(call, "muted", spans(str(len(muted)), "  ", Code("/mute"))))
    if followed := call.session.follows.of_chat(call.chat.id, call.now - WINDOW):
        rows.append(_row(call, "followed", spans(str(len(followed)), "  ", Code("/follow"))))
    rows.append(_row(call, "address", Code(str(call.chat.address))))
    speaker = call.request.speaker
    if speaker is not None and speaker != call.chat.address:
        rows.append(_row(call, "you", Code(str(speaker))))
    return rows


def _counted(call: Call, entries: list[Subscription]) -> str:
    alone = len(entries) - len(heard(entries))
    return call.count("pauses.of_them", alone, all=len(entries)) if alone else str(len(entries))


def _waiting(call: Call, entries: list[Subscription]) -> int:
    """Stories that wait, also those held for subscriptions that are paused."""
    counts = call.session.outbox.counts(call.chat.id)
    kept = sum(call.session.pauses.held(entry.id) for entry in entries if entry.paused_at is not None)
    return kept + sum(counts.get((kind, state), 0) for kind in Kind for state in (State.WAITING, State.LEASED))


def _installation(call: Call) -> list[Row]:
    sources = call.session.sources.all()
    at_a_glance = glance(sources, call.words) or "0"
    dead, why = call.session.outbox.dead(call.now - DEAD_FOR)
    _, asked = call.session.guests.listed(Standing.ASKED, 0)
    waiting = [_row(call, "access", spans(str(asked), "  ", Code("/access")))] if asked else []
    return [
        *waiting,
        _row(call, "version", call.services.version),
        _row(call, "articles", f"{call.session.articles.count():,}"),
        _row(call, "sources", at_a_glance),
        _row(call, "all_subscriptions", f"{call.session.subscriptions.count():,}"),
        _row(call, "dead", f"{dead:,} ({why})" if dead else "0"),
        *_room(call),
    ]


def _room(call: Call) -> list[Row]:
    """What the database takes, how fast that grows and, where nothing is fetched for it, why."""
    space = call.services.space(call.session)
    rows = [_row(call, "space", takes(space, call.words)), _row(call, "growth", grows(space, call.words))]
    if (reason := held(space, call.words)) is not None:
        rows.append(_row(call, "held", reason))
    return rows


def _troubled(call: Call) -> list[Block]:
    """Each source in trouble, also those that fail for less than a day; the worst first."""
    unwell = sorted((source for source in call.session.sources.unwell() if source.enabled), key=rank)
    brought_at = call.session.sources.brought_at
    items: list[Block] = [
        Item((Strong(source.name), *spans(": "), *condition(source, brought_at(source.id), call.telling)))
        for source in unwell[:NAMED]
    ]
    if len(unwell) > NAMED:
        items.append(call.line("commands.more_sources", quiet=True, n=len(unwell) - NAMED, command=Code("/sources")))
    return items


def _row(call: Call, name: str, value: object) -> Row:
    shown = value if isinstance(value, tuple) else spans(value)  # type: ignore[arg-type]
    return spans(call.say(f"commands.status_{name}")), shown
