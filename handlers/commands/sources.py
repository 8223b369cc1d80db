"""`/sources`: where articles come from, and whether they do; admins add and remove them."""

from __future__ import annotations

from datetime import datetime

from bot.core.errors import NotAllowed, SourceError, UserError
from bot.core.message import Block, Code, Heading, Message, Rows, Spans, Strong, line, spans
from bot.core.model import POLLED, Source
from bot.core.poll import Standing
from bot.core.words import Words
from handlers.call import Call
from handlers.registry import Group, command
from handlers.schedule import moment
from handlers.task import AddSource, Answer, SourceAdded

SHOWN = 25
"""Sources in one answer, those in trouble first."""


@command(
    "sources",
    Group.INSTALLATION,
    usage=("/sources", "/sources add URL", "/sources remove NAME"),
    examples=("/sources",),
    writes=True,
    shows=True,
)
def sources(call: Call) -> Message | Answer:
    """Each source with what it holds, its newest article and how it stands; or adds or removes one, for admins."""
    verb, _, rest = call.args.partition(" ")
    if verb.casefold() in ("add", "remove"):
        if not call.request.admin:
            raise NotAllowed("commands.admins_only")
        return _add(call, rest.strip()) if verb.casefold() == "add" else _remove(call, rest.strip())
    return _glance(call)


def outcome(result: SourceAdded | SourceError, words: Words) -> Message:
    """The second answer to `/sources add`."""
    if isinstance(result, SourceError):
        return Message((line(words.say("commands.source_not_added", reason=str(result))),))
    key = "commands.source_added" if result.new else "commands.source_known"
    return Message((line(words.say(key, name=result.name, place=result.place)),))


def _add(call: Call, url: str) -> Answer:
    """What is there is found out by the loop: only web addresses are asked, so a chat cannot name a folder."""
    if not url or len(url.split()) > 1:
        raise UserError("commands.sources_add_what", suggestion="/sources add https://example.org/")
    address = url if "://" in url else f"https://{url}"
    return Answer(Message((call.line("commands.source_sought"),)), AddSource(address))


def _remove(call: Call, name: str) -> Message:
    found = [source for source in call.session.sources.named(name) if source.kind in POLLED]
    if len(found) != 1:
        raise UserError("commands.several_sources" if found else "commands.no_source", name=name)
    call.session.sources.remove(found[0].id, call.now)
    return Message((call.line("commands.source_removed", name=Strong(found[0].name)),))


def _glance(call: Call) -> Message:
    totals = call.session.sources.totals()
    if not totals:
        return Message((call.line("commands.no_sources"),))
    header = tuple(call.say(f"commands.column_{name}") for name in ("source", "kind", "articles", "newest", "health"))
    first = sorted(totals, key=lambda total: _rank(total[0]))[:SHOWN]
    rows = tuple(_row(call, *total) for total in (first if len(totals) > SHOWN else totals))
    blocks: list[Block] = [Heading(call.count("commands.sources", len(totals))), Rows(rows, header)]
    if len(totals) > SHOWN:
        more = Code("newsbell sources list")
        blocks.append(call.line("commands.more_sources", quiet=True, count=len(totals) - SHOWN, command=more))
    return Message(tuple(blocks))


def _rank(source: Source) -> int:
    """Those in trouble first, those that are only listed last."""
    if not source.enabled:
        return 3
    return 0 if source.standing is not Standing.OK else 1 if source.problem else 2


def _row(call: Call, source: Source, held: int, newest_at: datetime | None) -> tuple[Spans, ...]:
    return (
        spans(source.name),
        spans(call.say(f"commands.kind_{source.kind}")),
        spans(f"{held:,}"),
        spans(moment(call, newest_at)) if newest_at else spans(call.say("commands.never")),
        _health(call, source),
    )


def _health(call: Call, source: Source) -> Spans:
    """`well`, or since when it is not, and why; the reason may name paths, so only admins read it."""
    if not source.enabled:
        return spans(call.say("commands.not_asked"))
    if source.problem is None:
        return spans(call.say("commands.healthy"))
    reason = source.problem if call.request.admin else call.say("commands.unhealthy")
    if source.standing is Standing.OK or source.since_at is None:
        return spans(reason)
    return spans(call.say(f"commands.{source.standing}_since"), " ", moment(call, source.since_at), f": {reason}")
