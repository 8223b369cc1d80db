"""The quotas as they are shipped, on every platform: reached, it is said politely, once, and when to go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.config import load
from bot.core.message import Message, to_text
from bot.core.model import Address
from handlers.request import Request
from tests.few_topics import few_topics
from tests.fresh import fresh_store
from tests.jobs.conftest import NOW

PLACES = [Address("telegram", "42"), Address("telegram", "-1", "7"), Address("slack", "U1"), Address("slack", "C1")]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = replace(load({}, tmp_path / ".env"), database=tmp_path / "n.db")
    made = App(settings, fresh_store(settings.database), few_topics())
    yield made
    made.close()


def says(app: App, place: Address, text: str, at: datetime, *, admin: bool = False) -> Message:
    return app.answer(Request(place, text, at, admin, speaker=place)).message


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_twenty_commands_a_minute_then_once_when_to_go_on_and_silence(app: App, place: Address) -> None:
    at = [NOW + number * timedelta(seconds=1) for number in range(80)]
    assert all(says(app, place, "/status", at[number]).blocks for number in range(20))
    assert to_text(says(app, place, "/status", at[20])) == (
        "Those were 20 commands within a minute, as many as one chat may give. Please go on in 40 s."
    )
    assert says(app, place, "/status", at[21]) == Message(())
    assert says(app, Address(place.platform, "9"), "/status", at[22]).blocks, "nobody else waits"
    assert "20 commands" not in to_text(says(app, place, "/status", at[61]))


@pytest.mark.parametrize("place", PLACES[1:3], ids=str)
def test_fifty_subscriptions_and_the_next_is_told_what_to_do(app: App, place: Address) -> None:
    for number in range(50):
        said = to_text(says(app, place, f"/subscribe word{number}x", NOW + number * timedelta(seconds=10)))
        assert said.startswith("Subscribed")
    refused = to_text(says(app, place, "/subscribe onemore", NOW + timedelta(hours=1)))
    assert "50" in refused
    assert "/unsubscribe" in refused
    assert to_text(says(app, place, "/subscribe word7x daily 08:00", NOW + timedelta(hours=2))).startswith(
        ("Changed", "Subscription", "Subscribed")
    ), "one that is there can be changed"
    says(app, place, "/unsubscribe 1", NOW + timedelta(hours=3))
    assert to_text(says(app, place, "/subscribe onemore", NOW + timedelta(hours=3))).startswith("Subscribed")


@pytest.mark.parametrize("place", PLACES[1:3], ids=str)
def test_five_exports_an_hour_and_when_the_next_is_possible(app: App, place: Address) -> None:
    says(app, place, "/subscribe frontex", NOW)
    for number in range(5):
        assert "5 exports" not in to_text(
            says(app, place, "/export subscriptions", NOW + number * timedelta(minutes=5))
        )
    refused = to_text(says(app, place, "/export subscriptions", NOW + timedelta(minutes=30)))
    assert "5" in refused
    assert "30 min" in refused
    assert "5 exports" not in to_text(says(app, place, "/export subscriptions", NOW + timedelta(minutes=61)))


def test_admins_may_do_as_they_like(app: App) -> None:
    place = PLACES[0]
    for number in range(60):
        said = to_text(says(app, place, f"/subscribe word{number}x", NOW, admin=True))
        assert said.startswith("Subscribed")
