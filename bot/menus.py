"""What platforms list of the commands, in the words of the catalogue."""

from __future__ import annotations

from bot.core.words import Words
from handlers.registry import registry


def menu(words: Words, *, changing: bool = True, admin: bool = False) -> dict[str, str]:
    """Every command with what it does, in the order of the help.

    Without those that only change things, if wished, and with those for admins where one reads it.
    """
    listed = (command for command in registry() if admin or not command.admins)
    shown = (command for command in listed if changing or command.shows or not command.writes)
    return {command.verb: words.say(command.summary) for command in shown}


def verbs() -> set[str]:
    """Every word that names a command."""
    return {word for command in registry() for word in (command.verb, *command.aliases)}
