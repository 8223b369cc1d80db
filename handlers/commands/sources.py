"""`/sources`: where articles come from, and whether they do; admins add and remove them."""

from __future__ import annotations

from datetime import datetime

from bot.core.condition import condition, glance
from bot.core.errors import NotAllowed, SourceError, UserError
from bot.core.health import rank
from bot.core.message import Action, Actions, Block, Code, Heading, Message, Rows, Spans, Strong, line, spans
from bot.core.model import POLLED, Source
from bot.core.words import Words
from handlers.call import Call
from handlers.commands.search import paged
from handlers.registry import Group, command
from handlers.schedule import moment
from handlers.task import AddSource, Answer, SourceAdded
from handlers.unwatched import SUGGEST, suggest

PER_PAGE = 25
"""Sources a page, those in trouble first."""


@command(
    "sources",
    Group.INSTALLATION,
    usage=("/sources", "/sources page:2", "/sources suggest URL", "/sources add URL", "/sources remove NAME"),
    examples=("/sources",),
    writes=True,
    shows=True,
)
def sources(call: Call) -> Message | Answer:
    """How many do well, then each with what it holds, its newest article and how it does; admins add and remove."""
    verb, _, rest = call.args.partition(" ")
    if verb.casefold() == SUGGEST:
        return suggest(call, rest.strip())
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
    """How many do how, those in trouble with reason and since when, then the others; page by page."""
    totals = call.session.sources.totals()
    if not totals:
        return Message((call.line("commands.no_sources"),))
    page = paged(call.args).page
    ranked = sorted(totals, key=lambda total: rank(total[0]))
    shown, left = ranked[PER_PAGE * (page - 1) : PER_PAGE * page], len(ranked) - PER_PAGE * page
    if not shown:
        return Message((call.line("commands.no_such_page", page=page, first=Code("/sources")),))
    header = tuple(call.say(f"commands.column_{name}") for name in ("source", "kind", "articles", "newest", "health"))
    heading, following = call.count("commands.sources", len(totals)), f"/sources page:{page + 1}"
    blocks: list[Block] = [
        Heading(heading if page == 1 else call.say("commands.found_page", found=heading, page=page)),
        line(glance((source for source, _, _ in totals), call.words)),
        Rows(tuple(_row(call, *total) for total in shown), header),
    ]
    if left > 0:
        more = call.line("commands.more_sources", quiet=True, n=f"{left:,}", command=Code(following))
        blocks += [more, Actions((Action(call.say("commands.more"), following, in_place=True),))]
    return Message(tuple(blocks))


def _row(call: Call, source: Source, held: int, newest_at: datetime | None) -> tuple[Spans, ...]:
    return (
        spans(source.name),
        spans(call.say(f"commands.kind_{source.kind}")),
        spans(f"{held:,}"),
        spans(moment(call, newest_at)) if newest_at else spans(call.say("commands.never")),
        condition(source, newest_at, call.telling, reasons=call.request.admin),
    )
