"""What can be said: each command as a value, and the registry that finds them by verb."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module

from bot.core.message import Message
from handlers.call import Call
from handlers.commands import MODULES
from handlers.task import Answer

Run = Callable[[Call], Message | Answer]


class Group(StrEnum):
    """Where the help lists a command; the order here is its order there."""

    READ = "read"
    RING = "ring"
    CHAT = "chat"
    INSTALLATION = "installation"


@dataclass(frozen=True, slots=True)
class Command:
    """One verb: what it runs, how it is written, and where the help lists it; its summary is the phrase `help.VERB`.

    `usage` is everything a person may type, one form each. With `writes` it runs in a transaction that may change
    things; with `shows` it changes things only when it has arguments. With `sentence` the verb needs no slash before
    arguments (`search kosovo`); alone, no verb needs one. One for `admins` is listed to nobody else.
    """

    verb: str
    run: Run
    group: Group
    usage: tuple[str, ...]
    examples: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    writes: bool = False
    sentence: bool = False
    shows: bool = False
    admins: bool = False

    @property
    def summary(self) -> str:
        """Key of the phrase that says in a line what it does."""
        return f"help.{self.verb}"


def command(
    verb: str,
    group: Group,
    *,
    usage: tuple[str, ...],
    examples: tuple[str, ...],
    aliases: tuple[str, ...] = (),
    writes: bool = False,
    sentence: bool = False,
    shows: bool = False,
    admins: bool = False,
) -> Callable[[Run], Command]:
    """Declares the decorated function as a command; the name it is bound to is then the Command."""
    return lambda run: Command(verb, run, group, usage, examples, aliases, writes, sentence, shows, admins)


class Registry:
    """Commands by verb and alias."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands = tuple(commands)
        self._by_word = {word: entry for entry in self._commands for word in (entry.verb, *entry.aliases)}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands)

    def find(self, word: str) -> Command | None:
        """The command of this verb or alias, in any case, with or without its slash."""
        return self._by_word.get(word.casefold().removeprefix("/"))

    def nearest(self, word: str) -> str | None:
        """The verb or alias that looks most like `word`, or None when none does; two letters look like too much."""
        typed = word[:40].casefold() if len(word) > 2 else ""
        near = difflib.get_close_matches(typed, self._by_word, n=1, cutoff=0.6)
        return near[0] if near else None


@cache
def registry() -> Registry:
    """Every command there is."""
    modules = [import_module(f"handlers.commands.{name}") for name in MODULES]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Command)]
    return Registry(dict.fromkeys(found))
