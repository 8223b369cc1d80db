"""Why an address is not in the archive: nobody watches its outlet, its source fails, or never showed it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.core.condition import tries
from bot.core.door import GATHER_FOR
from bot.core.errors import UserError
from bot.core.health import Health, health_of
from bot.core.message import Action, Actions, Block, Line, Message, Strong
from bot.core.model import POLLED, Address, Source
from bot.core.plan import audible_at
from bot.core.reports import Report
from bot.core.url import host_of, site_of
from bot.matching.syntax import SourceIs
from handlers.call import Call
from handlers.schedule import moment

LONGEST = 200
"""Characters of an address that are shown."""

SUGGEST = "suggest"

DAY, A_DAY = timedelta(days=1), 20
"""Outlets that all chats together may suggest within a day: admins are to read them."""


def not_archived(call: Call, url: str) -> Message:
    """Which it is: outlet not watched, with a button; source failing, since when; or well, and it never showed that."""
    host = host_of(url)
    shown = call.line("looking.not_archived", url=url[:LONGEST])
    if not host:
        return Message((shown,))
    sources = _sources_of(call, host)
    if not sources:
        return Message(
            (shown, call.line("looking.not_watched", host=Strong(host)), Actions((_suggestion(call, host),)))
        )
    blocks: list[Block] = [shown, *(_condition(call, source) for source in sources)]
    return Message(tuple(blocks))


def _sources_of(call: Call, host: str) -> list[Source]:
    """The sources whose own address is of this outlet, or that brought an article of this host; the worst first."""
    site = site_of(host)
    polled = [source for source in call.session.sources.all() if source.kind in POLLED]
    found = [source for source in polled if site_of(host_of(source.location)) == site]
    if found:
        return sorted(found, key=lambda source: list(Health).index(health_of(source)))[:3]
    for archived in call.session.search.newest(SourceIs(host), call.now, limit=1).hits:
        if source := call.session.sources.of_article(archived.id):
            return [source]
    return []


def _condition(call: Call, source: Source) -> Line:
    """How the source does, as far as that says why it has not brought something."""
    name, health = Strong(source.name), health_of(source)
    if health is Health.OFF:
        return call.line("looking.source_off", source=name)
    if source.problem is not None:
        since = source.failing_since_at or source.since_at or call.now
        reason = f" {source.problem}" if call.request.admin else ""
        tried = tries(source, call.now, call.words)
        return call.line("looking.source_fails", source=name, since=moment(call, since), tries=tried, reason=reason)
    if source.fetched_at is None:
        return call.line("looking.source_new", source=name)
    return call.line("looking.source_well", source=name, at=moment(call, source.fetched_at))


def _suggestion(call: Call, host: str) -> Action:
    if call.request.admin:
        return Action(call.say("looking.watch_it", host=host), f"/sources add {host}")
    return Action(call.say("looking.suggest_it"), f"/sources {SUGGEST} {host}")


def suggest(call: Call, typed: str) -> Message:
    """Tells the admins, once an outlet, that somebody would have it watched."""
    host = host_of(typed if "://" in typed else f"https://{typed}")
    if "." not in host or len(host) > LONGEST or len(typed.split()) > 1:
        raise UserError("looking.suggest_what", suggestion=f"/sources {SUGGEST} example.org")
    if sources := _sources_of(call, host):
        return Message(tuple(_condition(call, source) for source in sources))
    if call.session.sources.suggested(call.now - DAY) >= A_DAY:
        raise UserError("looking.suggested_enough")
    if not call.session.sources.suggest(site_of(host), call.now):
        return Message((call.line("looking.suggested_already", host=Strong(host)),))
    _tell(call, host, sorted(call.services.door.admins, key=str))
    return Message((call.line("looking.suggested", host=Strong(host)),))


def _tell(call: Call, host: str, admins: Iterable[Address]) -> None:
    report = Report(f"suggested:{site_of(host)}", "suggested", {"source": host, "command": f"/sources add {host}"})
    for address in admins:
        chat = call.session.chats.ensure(address, call.now)
        gathering = call.session.reports.gathering_until(chat.id, call.now)
        due_at = gathering or audible_at(chat, call.now + GATHER_FOR, call.services.timezone)
        call.session.reports.owe(chat.id, report, call.now, due_at)
