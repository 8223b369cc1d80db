"""Expand: what alerts owe is found in small transactions, each of which leaves a whole state behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from bot.core.cadence import Quiet
from bot.core.model import Kind, State
from bot.core.ports import Session
from bot.jobs import expand as job
from tests.jobs.conftest import NOW, Newsbell, article

NIGHT = NOW.replace(hour=23)


def waiting(bell: Newsbell) -> int:
    """Lines that wait in the outbox."""
    counts = bell.app.store.read(lambda session: session.outbox.counts())
    return sum(number for (_, state), number in counts.items() if state is State.WAITING)


def count_writes(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lines waiting after each transaction from now on."""
    seen: list[int] = []
    write = bell.app.store.write

    def counted(work: Callable[[Session], Any]) -> Any:
        result = write(work)
        seen.append(waiting(bell))
        return result

    monkeypatch.setattr(bell.app.store, "write", counted)
    return seen


def test_a_large_audience_takes_several_transactions(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "CHUNK", 2)
    for number in range(5):
        bell.subscribe("frontex", chat=f"chat{number}")
    bell.take(article())
    seen = count_writes(bell, monkeypatch)
    assert job.expand(bell.app.store, NOW, "UTC") == 5
    assert seen == [2, 4, 5]
    assert job.expand(bell.app.store, NOW, "UTC") == 0


def test_an_expansion_cut_short_goes_on_where_it_stopped(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "CHUNK", 2)
    for number in range(5):
        bell.subscribe("frontex", chat=f"chat{number}")
    bell.take(article())
    steps = [0]
    owe_all = type(bell.app.store.read(lambda session: session.outbox)).owe_all

    def fails_once(*values: Any) -> int:
        steps[0] += 1
        new: int = owe_all(*values)
        if steps[0] == 2:
            raise RuntimeError("cut short")
        return new

    monkeypatch.setattr("store.outbox.Outbox.owe_all", fails_once)
    with pytest.raises(RuntimeError, match="cut short"):
        job.expand(bell.app.store, NOW, "UTC")
    assert waiting(bell) == 2
    assert job.expand(bell.app.store, NOW, "UTC") == 3
    assert bell.deliver().sent == 5


def test_many_alerts_with_few_listeners_share_a_transaction(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        bell.subscribe(f"word{number}")
    bell.take(*(article(f"Ministers debate word{number}", text=f"Text {number} only.") for number in range(20)))
    seen = count_writes(bell, monkeypatch)
    assert job.expand(bell.app.store, NOW, "UTC") == 20
    assert seen == [20]


def test_those_an_alert_is_not_owed_to_count_as_looked_at(bell: Newsbell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "CHUNK", 2)
    for number in range(4):
        bell.chat(f"chat{number}", reads=("sr",))
        bell.subscribe("frontex", chat=f"chat{number}")
    bell.subscribe("frontex", chat="reader")
    bell.take(article())
    seen = count_writes(bell, monkeypatch)
    assert job.expand(bell.app.store, NOW, "UTC") == 1
    assert seen == [0, 0, 1]


def test_everybody_is_told_in_their_own_manner(bell: Newsbell) -> None:
    quiet = Quiet(time(22), time(7))
    chats = {
        "now": bell.subscribe("frontex", chat="now"),
        "belgrade": bell.subscribe("frontex", chat="belgrade"),
        "london": bell.subscribe("frontex", chat="london"),
        "urgent": bell.subscribe("frontex", chat="urgent", urgent=True),
        "daily": bell.subscribe("frontex", chat="daily", cadence="daily 10:00"),
    }
    bell.chat("belgrade", quiet=quiet, timezone="Europe/Belgrade")
    bell.chat("london", quiet=quiet, timezone="Europe/London")
    bell.chat("urgent", quiet=quiet, timezone="Europe/London")
    [taken] = bell.take(article(), now=NIGHT)
    job.expand(bell.app.store, NIGHT, "UTC")
    morning = NIGHT.replace(hour=0) + timedelta(days=1)
    expected = {
        "now": (Kind.ALERT, NIGHT),
        "belgrade": (Kind.ALERT, morning.replace(hour=6)),
        "london": (Kind.ALERT, morning.replace(hour=7)),
        "urgent": (Kind.ALERT, NIGHT),
        "daily": (Kind.DIGEST, NOW.replace(hour=10)),
    }
    for name, made in chats.items():
        [(delivery, *_)] = bell.app.store.read(
            lambda session, made=made: session.outbox.deliveries_of_story(made.chat_id, taken.archived.story_id)  # type: ignore[misc]
        )
        assert (delivery.owed.kind, delivery.owed.due_at) == expected[name]
        assert (delivery.owed.subscription_id, delivery.owed.urgent) == (made.id, name == "urgent")
