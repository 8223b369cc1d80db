"""What is told to whoever may not use the bot: one plain message that says what will happen."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.access import ASK_AGAIN_FOR, Access, Guest, Standing, is_code, place_of
from bot.core.message import Action, Actions, Block, Code, Line, Message, When, filled
from bot.core.ports import Session
from bot.core.times import when
from bot.core.words import Words, language_of
from handlers.request import Request
from handlers.services import Services

ONLY_ADMINS = "access.admins_only"


def turned_away(request: Request, services: Services, verb: str = "", args: str = "") -> Message | None:
    """What a stranger is told; None for whoever is let in, also by an invite just now.

    Only /start does something for a stranger: it asks the admins, or takes an invite.
    """
    if services.store.read(lambda session: lets_in(session, request, services)):
        return None
    if verb != "start" or services.door.access is not Access.INVITED:
        return services.store.read(lambda session: _stands(session, request, services))
    if is_code(args):
        entered = services.store.write(
            lambda session: services.door.enter(session, request.address, _name(request), args, request.now)
        )
        return None if entered else _told(request, "access.invite_over")
    return services.store.write(lambda session: _knock(session, request, services))


def lets_in(session: Session, request: Request, services: Services) -> bool:
    """Whether whoever speaks there is listened to."""
    return services.door.hears(session, request.address, admin=request.admin)


def brought(request: Request, services: Services) -> Message | None:
    """What a group is told that somebody has brought the bot to; None where it is let in, as by an admin.

    The speaker is whoever has brought it; the admins are asked, and what was asked before is not told again.
    """
    if services.door.access is Access.OPEN:
        return None

    def work(session: Session) -> Message | None:
        door = services.door
        if request.admin:
            door.settle_in(session, request.address, request.title, request.now, request.speaker)
        if door.admits(session, request.address):
            return None
        guest = session.guests.at(request.address)
        if guest is not None and not guest.may_ask(request.now):
            return None
        return _knock(session, request, services) if door.access is Access.INVITED else _told(request, ONLY_ADMINS)

    return services.store.write(work)


def _knock(session: Session, request: Request, services: Services) -> Message:
    known = session.guests.at(request.address)
    asks = known is None or known.may_ask(request.now)
    by = request.speaker if request.title else None
    guest = services.door.knock(session, request.address, _name(request), request.now, by)
    if guest is None:
        return _told(request, "access.full")
    return _told(request, "access.asked_now") if asks else _waiting(request, services, guest)


def _stands(session: Session, request: Request, services: Services) -> Message:
    if services.door.access is Access.ADMINS:
        return _told(request, ONLY_ADMINS)
    guest = session.guests.at(request.address)
    if guest is not None and not guest.may_ask(request.now):
        return _waiting(request, services, guest)
    ask = Actions((Action(_words(request).say("access.ask_it"), "/start"),))
    return _told(request, "access.by_invitation", ask)


def _waiting(request: Request, services: Services, guest: Guest) -> Message:
    """What was asked or decided, when, and when it may be asked again."""
    zone = ZoneInfo(services.timezone)

    def moment(at: datetime) -> When:
        return when(at, request.now, zone, _words(request))

    if guest.standing is Standing.ASKED:
        return _told(request, "access.asked_before", at=moment(guest.asked_at))
    decided_at = guest.decided_at or guest.asked_at
    details = {"at": moment(decided_at), "again": moment(decided_at + ASK_AGAIN_FOR)}
    return _told(request, f"access.{guest.standing}_at", **details)


def _told(request: Request, key: str, *blocks: Block, **details: object) -> Message:
    """The phrase, and by which id the settings would name whoever speaks and, in a group, the group."""
    words = _words(request)
    speaker, place = request.speaker or request.address, place_of(request.address)
    lines = [Line(filled(words.phrase(key), **details))]
    lines.append(Line(filled(words.phrase("commands.your_id"), id=Code(str(place_of(speaker)))), quiet=True))
    if place_of(speaker) != place and request.title:
        lines.append(Line(filled(words.phrase("access.chat_id"), id=Code(str(place))), quiet=True))
    return Message((*lines, *blocks))


def _name(request: Request) -> str:
    return request.title or request.name


def _words(request: Request) -> Words:
    """Nothing is kept of strangers: their words are those that the platform speaks to them in."""
    return Words(language_of(request.language) or "en")
