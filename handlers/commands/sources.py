"""`/sources`: where articles come from, and whether they do."""

from __future__ import annotations

from bot.core.message import Block, Heading, Message, Rows, Spans, spans
from bot.core.model import Source
from handlers.call import Call
from handlers.registry import Group, command
from handlers.schedule import moment


@command("sources", Group.INSTALLATION, usage=("/sources",), examples=("/sources",))
def sources(call: Call) -> Message:
    """Each source with what it holds, its newest article and, where something is wrong, what."""
    totals = call.session.sources.totals()
    if not totals:
        return Message((call.line("commands.no_sources"),))
    header = tuple(call.say(f"commands.column_{name}") for name in ("source", "kind", "articles", "newest", "health"))
    rows = tuple(
        (
            spans(source.name),
            spans(call.say(f"commands.kind_{source.kind}")),
            spans(f"{held:,}"),
            spans(moment(call, newest_at)) if newest_at else spans(call.say("commands.never")),
            _health(call, source),
        )
        for source, held, newest_at in totals
    )
    blocks: list[Block] = [Heading(call.count("commands.sources", len(totals))), Rows(rows, header)]
    return Message(tuple(blocks))


def _health(call: Call, source: Source) -> Spans:
    """`ok`, or the problem; its wording may name paths, so only admins read it in full."""
    if source.problem is None:
        return spans(call.say("commands.healthy"))
    return spans(source.problem if call.request.admin else call.say("commands.unhealthy"))
