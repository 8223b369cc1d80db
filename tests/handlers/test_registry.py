"""Every command is complete: it can be found, says what it does, and its examples mean something."""

from __future__ import annotations

import re

import pytest

from bot.core.message import Message, to_text
from bot.core.words import LANGUAGES, Words
from handlers.dispatch import understand
from handlers.registry import Command, Group, Registry, command, registry
from tests.handlers.newsroom import Newsroom

COMMANDS = list(registry())


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.verb)
def test_a_command_is_complete(entry: Command) -> None:
    assert re.fullmatch("[a-z]{2,16}", entry.verb)
    assert entry.usage
    assert all(understand(form).command is entry for form in (*entry.usage, *entry.examples))
    for language in LANGUAGES:
        assert Words(language).phrase(entry.summary)


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.verb)
def test_its_examples_are_answered_and_not_refused(entry: Command, room: Newsroom) -> None:
    for example in entry.examples:
        room.say("/subscribe kosovo")
        room.say("/subscribe migration daily")
        assert "Try: /" not in room.say(example)


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.verb)
def test_help_shows_its_usage_and_examples(entry: Command, room: Newsroom) -> None:
    assert f"/{entry.verb}  " in room.say("/help", admin=True)
    assert (f"/{entry.verb}  " in room.say("/help")) is not entry.admins
    for typed in (entry.verb, f"/{entry.verb}", *entry.aliases):
        said = room.say(f"/help {typed}")
        assert all(form in said for form in (*entry.usage, *entry.examples))


def test_no_two_commands_share_a_word() -> None:
    words = [word for entry in COMMANDS for word in (entry.verb, *entry.aliases)]
    assert len(words) == len(set(words))


def test_the_help_has_every_group() -> None:
    assert {entry.group for entry in COMMANDS} == set(Group)


def test_a_command_is_declared_where_it_is_written() -> None:
    @command("ring", Group.READ, usage=("/ring",), examples=("/ring",), aliases=("bell",))
    def ring(call: object) -> Message:
        return Message(())

    found = Registry([ring])
    assert found.find("BELL") is found.find("/ring") is ring
    assert found.nearest("rink") == "ring"
    assert found.nearest("xyzzy") is None
    assert to_text(ring.run(None)) == ""  # type: ignore[arg-type]


def test_aliases_are_those_of_the_contract() -> None:
    assert {alias for entry in COMMANDS for alias in entry.aliases} == {"list", "add", "remove", "stop", "watch"}
