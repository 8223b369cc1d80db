"""`/access` and `/invite`: who may use newsbell, for admins to see and to decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.access import INVITED_FOR, LINK, Access, Decision, Guest, Standing, Way, place_of
from bot.core.asked import stands, who
from bot.core.errors import NotAllowed, UserError
from bot.core.message import (
    Action,
    Actions,
    Block,
    Code,
    Heading,
    Item,
    Line,
    Link,
    Message,
    Strong,
    line,
    plain,
    spans,
)
from bot.core.model import Address
from handlers.call import Call
from handlers.commands.search import paged
from handlers.registry import Group, command
from handlers.schedule import moment

WAITING = 10
"""Guests that wait who are listed: the buttons of so many fit under a message."""

PER_PAGE = 20
"""Other guests a page."""

DECISIONS = {"approve": Standing.ADMITTED, "deny": Standing.DENIED, "revoke": Standing.REVOKED}


@command(
    "access",
    Group.INSTALLATION,
    usage=("/access", "/access approve ID", "/access deny ID", "/access revoke ID"),
    examples=("/access", "/access approve telegram:42"),
    writes=True,
    shows=True,
    admins=True,
)
def access(call: Call) -> Message:
    """Lists who asks and who was let in, or decides about one."""
    _need_admin(call)
    verb, _, rest = call.args.partition(" ")
    if (standing := DECISIONS.get(verb.casefold())) is None:
        return _listed(call)
    return _decide(call, standing, rest.strip())


@command("invite", Group.INSTALLATION, usage=("/invite",), examples=("/invite",), writes=True, admins=True)
def invite(call: Call) -> Message:
    """An invite that lets one person or group in."""
    _need_admin(call)
    mode = call.services.door.access
    if mode is not Access.INVITED:
        raise UserError("access.invite_useless" if mode is Access.OPEN else "access.invite_admins")
    code, until_at = call.services.code(), call.now + INVITED_FOR
    call.session.guests.invite(code, _speaker(call), until_at)
    begins = call.session.meta.get(LINK)
    blocks: list[Block] = [call.line("access.invite_made", until=moment(call, until_at))]
    if begins:
        blocks.append(line(Link(begins + code, begins + code)))
    typed = "access.invite_typed" if begins else "access.invite_type"
    return Message((*blocks, call.line(typed, command=Code(f"/start {code}"))))


def _need_admin(call: Call) -> None:
    if not call.request.admin:
        raise NotAllowed("access.only_admins")


def _speaker(call: Call) -> Address:
    return place_of(call.request.speaker or call.request.address)


def _decide(call: Call, standing: Standing, text: str) -> Message:
    """A number is that of an asking, and decides it once; an id decides whatever was decided before."""
    by_number = call.session.guests.get(int(text)) if text.isascii() and text.isdecimal() and len(text) < 12 else None
    address = by_number.address if by_number else _address(text)
    guest = call.session.guests.at(address)
    if address in call.services.door.admins:
        raise UserError("access.is_admin", id=address)
    if guest is None and standing is not Standing.ADMITTED:
        raise _nobody(text)
    if guest is not None and (guest.standing is standing or (by_number and guest.standing is not Standing.ASKED)):
        return _decided(call, guest, standing)
    if guest is not None and standing is Standing.REVOKED and guest.standing is not Standing.ADMITTED:
        raise UserError("access.not_in", who=plain(who(guest)))
    if guest is not None and guest.standing is Standing.ADMITTED:  # to be denied what one has is to lose it
        standing = Standing.REVOKED
    decision = Decision(standing, call.now, _speaker(call), Way.ADMIN)
    guest = call.services.door.decide(call.session, address, decision)
    return Message((call.line(f"access.now_{standing}", who=who(guest)),))


def _decided(call: Call, guest: Guest, standing: Standing) -> Message:
    """That it was decided before, how, and what decides otherwise."""
    said = call.line("access.decided_already", how=stands(guest, call.telling))
    if guest.standing is standing:
        return Message((said,))
    verb = next(verb for verb, wanted in DECISIONS.items() if wanted is standing)
    return Message((said, call.line("access.change_it", quiet=True, command=Code(f"/access {verb} {guest.address}"))))


def _address(text: str) -> Address:
    """The place written as an id; UserError for what is none."""
    try:
        address = place_of(Address.parse(text))
    except ValueError:
        raise _nobody(text) from None
    if len(text) > 100 or any(letter.isspace() or not letter.isprintable() for letter in text):
        raise _nobody(text)
    return address


def _nobody(text: str) -> UserError:
    return UserError("access.no_guest", text=text[:60], list="/access")


def _listed(call: Call) -> Message:
    page = paged(call.args).page
    guests = call.session.guests
    waiting, asked = guests.listed(Standing.ASKED, WAITING)
    admitted, let_in = guests.listed(Standing.ADMITTED, PER_PAGE, PER_PAGE * (page - 1))
    kept_out = sum(guests.listed(standing, 0)[1] for standing in (Standing.DENIED, Standing.REVOKED))
    blocks: list[Block] = [
        Heading(call.say("access.title")),
        call.line(f"access.mode_{call.services.door.access}"),
    ]
    if asked + let_in + kept_out == 0:
        blocks.append(call.line("access.nobody", quiet=True))
    if asked and page == 1:
        blocks += [_counted(call, "waiting", asked), *_items(call, waiting), *_buttons(call, waiting)]
    if let_in:
        blocks += [_counted(call, "let_in", let_in), *_items(call, admitted)]
    if kept_out:
        blocks.append(line(call.count("access.kept_out", kept_out), quiet=True))
    verbs = {verb: Code(f"/access {verb} ID") for verb in DECISIONS}
    blocks.append(call.line("access.how", quiet=True, **verbs, invite=Code("/invite")))
    if let_in > PER_PAGE * page:
        blocks.append(Actions((Action(call.say("commands.more"), f"/access page:{page + 1}"),)))
    return Message(tuple(blocks))


def _counted(call: Call, what: str, number: int) -> Line:
    return Line(spans(Strong(call.count(f"access.{what}", number))))


def _items(call: Call, guests: Iterable[Guest]) -> list[Item]:
    return [
        Item(
            (*spans(f"{guest.number}. "), *who(guest)),
            (Line(stands(guest, call.telling), quiet=True),),
        )
        for guest in guests
    ]


def _buttons(call: Call, waiting: Sequence[Guest]) -> list[Actions]:
    return [
        Actions(
            tuple(
                Action(f"{call.say(f'access.{verb}_it')} {guest.number}", f"/access {verb} {guest.number}")
                for verb in ("approve", "deny")
            )
        )
        for guest in waiting
    ]
