"""access and invite: who may use the bot, from the command line."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from bot.cli.opening import opened, put
from bot.core.message import Actions, Message, plain, to_text

if TYPE_CHECKING:
    from bot.app import App
    from bot.core.access import Guest

MOST = 1_000_000


def listed(arguments: argparse.Namespace) -> int:
    """Everybody who asked or was decided about, who asked last first."""
    with opened(arguments) as (app, now):
        guests, _ = app.store.read(lambda session: session.guests.listed(None, MOST))
    if not arguments.json:
        _list(app, guests, now)
    for guest in guests if arguments.json else ():
        put(
            {
                "number": guest.number,
                "id": str(guest.address),
                "name": guest.name,
                "standing": guest.standing,
                "asked": guest.asked_at.isoformat(),
                "decided": guest.decided_at and guest.decided_at.isoformat(),
                "by": guest.decided_by and str(guest.decided_by),
                "way": guest.way,
            }
        )
    return 0


def _list(app: App, guests: list[Guest], now: datetime) -> None:
    """Who may use it at all, then a line each."""
    from zoneinfo import ZoneInfo

    from bot.core.asked import stands, who
    from bot.core.compose import Telling
    from bot.core.words import ENGLISH

    print(ENGLISH.say(f"access.mode_{app.settings.access}"))
    to = Telling(ENGLISH, ZoneInfo(app.settings.timezone), now)
    for guest in guests:
        how = plain(stands(guest, to))
        print(f"{guest.number:6}  {plain(who(guest))}  {how}")
    if not guests:
        print(ENGLISH.say("access.nobody"))


def decided(arguments: argparse.Namespace) -> int:
    """Lets somebody in, keeps them out, or takes it back."""
    return _said(arguments, "access", f"{arguments.verb} {arguments.id}")


def invite(arguments: argparse.Namespace) -> int:
    """An invite that lets one person or group in."""
    return _said(arguments, "invite", "")


def _said(arguments: argparse.Namespace, verb: str, args: str) -> int:
    """The answer that an admin at the terminal would get; UserError where there is none."""
    with opened(arguments) as (app, now):
        print(to_text(_bare(app.command(verb, args, now))))
    return 0


def _bare(message: Message) -> Message:
    return Message(tuple(block for block in message.blocks if not isinstance(block, Actions)))
