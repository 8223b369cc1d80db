"""A chat at a glance: what it hears of, how it is set, how it stands and how the sources do, each with its buttons."""

from __future__ import annotations

from bot.core.condition import condition, glance
from bot.core.health import rank
from bot.core.message import Action, Actions, Block, Heading, Item, Line, Message, Rows, Spans, Strong, line, spans
from bot.core.ports import Session
from handlers.call import Call
from handlers.commands.subscriptions import listed, nothing
from handlers.held import heard, still_paused
from handlers.request import Request
from handlers.schedule import arrives_at, moment
from handlers.services import Services
from handlers.settings import setting

SHOWN = 25
"""Subscriptions that are shown with a button each."""

NAMED = 5
"""Sources in trouble that are named."""

TOLD = ("timezone", "digest", "quiet")
"""The settings that decide when something comes."""


def overview(request: Request, services: Services) -> tuple[Message, Message, Message]:
    """What the chat hears of; its schedule and standing; the sources. Made as the chat is, which is made if need be."""

    def work(session: Session) -> tuple[Message, Message, Message]:
        chat = session.chats.ensure(request.address, request.now)
        call = Call(request, services, session, chat)
        return _subscriptions(call), _standing(call), _sources(call)

    return services.store.write(work)


def _subscriptions(call: Call) -> Message:
    entries = call.session.subscriptions.of_chat(call.chat.id)
    if not entries:
        return Message((Heading(call.say("slack.subscriptions")), *nothing(call).blocks))
    blocks: list[Block] = [Heading(call.count("commands.subscriptions", len(entries)))]
    for entry, shown in zip(entries[:SHOWN], listed(call, entries), strict=False):
        verb = "pause" if entry.paused_at is None else "resume"
        hold = Action(call.say(f"pauses.{verb}_one", number=entry.number), f"/{verb} {entry.number}")
        end = Action(call.say("commands.end", number=entry.number), f"/unsubscribe {entry.number}")
        blocks += [shown, Actions((hold, end))]
    if len(entries) > SHOWN:
        rest = Action(call.say("commands.all_subscriptions"), "/subscriptions")
        blocks += [call.line("cards.more_reasons", n=len(entries) - SHOWN, quiet=True), Actions((rest,))]
    return Message(tuple(blocks))


def _standing(call: Call) -> Message:
    rows = [(spans(Strong(call.say(f"commands.setting_{name}"))), spans(_shown(call, name))) for name in TOLD]
    last_at = call.chat.last_digest_at
    rows.append(_row(call, "last_digest", moment(call, last_at) if last_at else None))
    entries = call.session.subscriptions.of_chat(call.chat.id)
    due = (arrives_at(call, entry.next_due_at, urgent=entry.urgent) for entry in heard(entries) if entry.next_due_at)
    next_at = min(due, default=None)
    rows.append(_row(call, "next_digest", moment(call, next_at) if next_at else None))
    paused = call.chat.paused_at is not None
    notes: list[Line] = [still_paused(call)] if paused else []
    pause = Action(call.say("slack.resume" if paused else "menus.pause_all"), "/resume" if paused else "/pause")
    read = Action(call.say("commands.button_digest"), "/digest")
    return Message((Heading(call.say("slack.schedule")), Rows(tuple(rows)), *notes, Actions((pause, read))))


def _shown(call: Call, name: str) -> str:
    entry = setting(name)
    return entry.show(call) if entry else ""


def _row(call: Call, name: str, value: object) -> tuple[Spans, Spans]:
    shown = value if value is not None else call.say("commands.never")
    return spans(Strong(call.say(f"commands.status_{name}"))), spans(shown)  # type: ignore[arg-type]


def _sources(call: Call) -> Message:
    at_a_glance = glance(call.session.sources.all(), call.words) or "0"
    unwell = sorted((source for source in call.session.sources.unwell() if source.enabled), key=rank)[:NAMED]
    brought_at = call.session.sources.brought_at
    items = [
        Item((Strong(source.name), *spans(": "),
              *condition(source, brought_at(source.id), call.telling, reasons=call.request.admin)))
        for source in unwell
    ]  # fmt: skip
    return Message((Heading(call.say("slack.sources")), line(at_a_glance), *items))
