"""Which command a line means, and that no line whatever brings dispatch down."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.errors import StoreError, StoreFull, UnknownCommand
from bot.core.message import Action, Actions, Code, Line, to_text
from bot.core.model import Address
from bot.core.ports import Session
from bot.core.presence import leave
from bot.core.words import ENGLISH
from handlers.dispatch import pointer, understand
from handlers.registry import registry
from tests.handlers.newsroom import Newsroom

UNEXPECTED = ENGLISH.say("error.unexpected")


@pytest.mark.parametrize(
    ("text", "verb", "args"),
    [
        ("/search kosovo", "search", "kosovo"),
        ("  /search   kosovo  ", "search", "kosovo"),
        ("/SEARCH Kosovo", "search", "Kosovo"),
        ("／ｓｅａｒｃｈ kosovo", "search", "kosovo"),
        ("/ search kosovo", "search", "kosovo"),
        ("/search@newsbell_bot kosovo", "search", "kosovo"),
        ("/search@newsbell_bot", "search", ""),
        ("/search\nkosovo", "search", "kosovo"),
        ("/list", "subscriptions", ""),
        ("/add frontex", "subscribe", "frontex"),
        ("/watch frontex", "subscribe", "frontex"),
        ("/remove 2", "unsubscribe", "2"),
        ("/stop", "unsubscribe", ""),
        ("help", "help", ""),
        ("Help", "help", ""),
        ("start", "start", ""),
        ("digest", "digest", ""),
        ("search kosovo", "search", "kosovo"),
        ("subscribe frontex daily", "subscribe", "frontex daily"),
        ("", "help", ""),
        ("/", "help", ""),
        ("?", "help", ""),
        ("/?", "help", ""),
        ("https://harbour.example/patrols", "why", "https://harbour.example/patrols"),
    ],
)
def test_a_command_is_understood(text: str, verb: str, args: str) -> None:
    said = understand(text)
    assert (said.command.verb, said.args, said.guessed) == (verb, args, False)


@pytest.mark.parametrize(
    "text",
    ["kosovo", "why migrants drown", "digest of the week", "watch smugglers", "export controls china", "https://a.b c"],
)
def test_everything_else_is_a_search(text: str) -> None:
    said = understand(text)
    assert (said.command.verb, said.args, said.guessed) == ("search", text, True)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("/sarch kosovo", "/search kosovo"),
        ("/subcribe migration daily", "/subscribe migration daily"),
        ("/setings", "/settings"),
        ("/lst", "/list"),
        ("/home/somebody/article.txt", None),
        ("/" + "x" * 5_000, None),
    ],
)
def test_an_unknown_command_gets_the_nearest(text: str, suggestion: str | None) -> None:
    with pytest.raises(UnknownCommand) as raised:
        understand(text)
    assert raised.value.suggestion == suggestion
    assert len(raised.value.say(ENGLISH)) < 120


def test_an_error_offers_what_can_be_sent_as_text_and_as_a_button(room: Newsroom) -> None:
    blocks = room.answer("/search starmer NEAR/5").blocks
    assert Actions((Action("Try it", "/search starmer"),)) in blocks
    assert any(Code("/search starmer") in block.spans for block in blocks if isinstance(block, Line))


@pytest.mark.parametrize(
    ("text", "position", "shown", "mark"),
    [
        ("kosovo NEAR/5", 13, "kosovo NEAR/5", 13),
        ("a\tb (", 4, "a b (", 4),
        ("“Приштина” OR", 13, "“Приштина” OR", 13),
        ("日本 OR", 5, "日本 OR", 7),
        ("e\u0301tat (", 6, "e\u0301tat (", 5),
        ("a" * 100 + "(", 100, "…" + "a" * 30 + "(", 31),
        ("(" + "a" * 100, 0, "(" + "a" * 59 + "…", 0),
    ],
)
def test_the_mark_stands_under_the_character(text: str, position: int, shown: str, mark: int) -> None:
    above, below = pointer(text, position)
    assert above.spans == (Code(shown),)
    assert below.spans == (Code(" " * mark + "^"),)


def test_five_thousand_characters_are_refused_in_a_few_lines(room: Newsroom) -> None:
    said = room.say("/search " + "kosovo " * 715)
    assert "4,096" in said or "4096" in said
    assert len(said) < 600


FRAGMENTS = """
kosovo frontex daily 08:00 25:00 weekly mon urgent every instant all yes 1 7 page:2 page:0 since:7d more markdown off
subscriptions timezone quiet language sr sr-cyrl belgrade reads topic:balkans "border force" ( ) OR NOT NEAR/5 - * ^
{query} {0} %s 😀 ／ https://harbour.example/patrols
"""
WORDS = st.sampled_from([*FRAGMENTS.split(), "\x00", "\ud800", "\n"])
VERBS = st.sampled_from(["", "/", *(f"/{word}" for entry in registry() for word in (entry.verb, *entry.aliases))])
LINES = st.one_of(
    st.builds(lambda verb, words: " ".join((verb, *words)), VERBS, st.lists(WORDS, max_size=5)),
    st.builds(lambda verb, text: f"{verb} {text}", VERBS, st.text(max_size=60)),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=LINES)
def test_no_line_brings_it_down(room: Newsroom, text: str) -> None:
    said = room.say(text)
    assert said
    assert UNEXPECTED not in said


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=LINES)
def test_every_button_says_something_that_is_understood(room: Newsroom, text: str) -> None:
    for block in room.answer(text).blocks:
        for action in block.actions if isinstance(block, Actions) else ():
            assert action.label
            assert action.command.startswith("/")
            assert not understand(action.command).guessed


def test_a_defect_is_logged_and_owned_up_to(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> NoReturn:
        raise ZeroDivisionError

    services = replace(room.services, topics=None)  # type: ignore[arg-type]
    broken_room = replace(room, services=services)
    with caplog.at_level(logging.ERROR):
        assert broken_room.say("/topics") == UNEXPECTED
    assert "terminal:local" in caplog.text
    assert "Traceback" in caplog.text


def test_a_store_that_refuses_is_explained_to_admins_only(room: Newsroom) -> None:
    class Full:
        def read(self, _: object) -> NoReturn:
            raise StoreError("database news.db: the disk is full; free some space")

    broken = replace(room, services=replace(room.services, store=Full()))  # type: ignore[arg-type]
    assert broken.say("/status", admin=True) == "database news.db: the disk is full; free some space"
    assert broken.say("/status") == UNEXPECTED


class Full:
    """A store on a full disk: it can be read."""

    def __init__(self, room: Newsroom) -> None:
        self.read = room.app.store.read

    def write(self, _: object) -> NoReturn:
        """Refuses."""
        raise StoreFull("database n.db: the disk is full; free some space and try again, nothing was half written")


@pytest.mark.parametrize("example", [example for command in registry() for example in command.examples])
def test_on_a_full_disk_what_reads_is_answered_and_what_writes_says_that_nothing_was_stored(
    room: Newsroom, example: str
) -> None:
    somebody_new, services = Address("terminal", "new"), room.services
    room.services = replace(services, store=Full(room))  # type: ignore[arg-type]
    said = room.say(example, address=somebody_new)
    told = room.say(example, address=somebody_new, admin=True)
    room.services = services
    if understand(example).changes:
        assert said == "Nothing was stored, as newsbell's disk is full. Its admins are told; please try again later."
        assert told.startswith("Nothing was stored: database n.db: the disk is full; free some space and try again")
        assert "\n" not in told
    else:
        assert said == room.say(example, address=somebody_new)


def test_a_full_disk_is_a_line_in_the_log_and_no_defect(room: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    room.services = replace(room.services, store=Full(room))  # type: ignore[arg-type]
    room.say("/subscribe frontex")
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert record.exc_info is None


def test_a_chat_that_was_away_is_answered_on_a_full_disk(room: Newsroom) -> None:
    room.say("/subscribe frontex")
    chat = room.chat().id
    room.app.store.write(lambda session: leave(session, chat, room.now, "ChatGone"))
    before = room.services
    room.services = replace(before, store=Full(room))  # type: ignore[arg-type]
    assert "Kosovo" in room.say("/search kosovo")
    assert room.chat().is_away
    room.services = before
    room.say("/search kosovo")
    assert not room.chat().is_away


def test_a_refused_command_changes_nothing(room: Newsroom) -> None:
    room.say("/subscribe kosovo")
    before = room.app.store.read(_held)
    for line in (
        "/subscribe kosovo daily 25:00",
        "/subscribe (",
        "/settings timezone nowhere",
        "/unsubscribe 9",
        "/pause 3 parsecs",
        "/mute football",
        "/save 999999",
    ):
        room.say(line)
    assert room.app.store.read(_held) == before


def _held(session: Session) -> tuple[object, ...]:
    chat = session.chats.at(Address("terminal", "local"))
    assert chat is not None
    return chat, session.subscriptions.of_chat(chat.id), session.outbox.counts(chat.id)


def test_commands_of_many_chats_at_once_do_not_mix(room: Newsroom) -> None:
    def visit(name: str) -> None:
        address = Address("terminal", name)
        for line in ("/subscribe kosovo", "/subscribe frontex daily", "/unsubscribe 1", "/search serbia"):
            assert UNEXPECTED not in to_text(room.answer(line, address=address))

    threads = [threading.Thread(target=visit, args=(f"chat{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(6):
        assert room.say("/list", address=Address("terminal", f"chat{number}")).startswith("1 subscription\n2. frontex")
