"""A source that suddenly brings far more than usual rings nothing, loses nothing, and says so."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.core.arrivals import LEARNT
from bot.core.errors import StoreError, Unreachable
from bot.core.message import to_text
from bot.core.model import Address, Kind, State
from bot.core.ports import Session
from bot.jobs.turns import Turns
from bot.jobs.watch import GATHER_FOR
from handlers.request import Request
from tests.jobs.conftest import NOW, Newsbell, empty
from tests.jobs.web import WIRE, Desk, Entry

T = TypeVar("T")
HOUR = timedelta(hours=1)
SYLLABLES = ("ka", "ro", "mi", "te", "lu", "so", "ne", "vi", "da", "po")


def note(number: int, hours: int = 0, **values: object) -> Entry:
    """A story of its own that names Frontex."""
    dice = random.Random(number)
    words = ["".join(dice.choices(SYLLABLES, k=3)) for _ in range(40)]
    entry = Entry(f"n{number}", f"Frontex {' '.join(words[:5])}", " ".join(words), NOW + hours * HOUR)
    return replace(entry, **values)  # type: ignore[arg-type]


@pytest.fixture
def desk(bell: Newsbell) -> Desk:
    desk = Desk(bell)
    settle_in(desk)
    return desk


def settle_in(desk: Desk, each: int = 3) -> None:
    """A source that has long brought so many an hour; what it brought before anybody subscribed rings nobody."""
    desk.add()
    for look in range(LEARNT + 1):
        desk.shows(*(note(look * each + number, look - LEARNT) for number in range(each)))
        desk.scan((look - LEARNT) * HOUR)
    desk.bell.subscribe("frontex")
    desk.bell.subscribe("frontex", chat="reader", cadence="daily 08:00")


def lines(desk: Desk) -> dict[tuple[Kind, State], int]:
    return desk.bell.app.store.read(lambda session: session.outbox.counts())


def why(desk: Desk, headline: str) -> str:
    request = Request(Address("terminal", "local"), f"/why {headline}", NOW + 2 * HOUR)
    return to_text(desk.bell.app.answer(request).message)


def test_a_burst_is_archived_without_ringing_told_and_explained(desk: Desk) -> None:
    many = [note(1_000 + number) for number in range(60)]
    desk.shows(*many)
    assert desk.scan(HOUR).new == 60
    assert desk.bell.deliver(NOW + HOUR).sent == 0
    assert lines(desk) == {(Kind.DIGEST, State.WAITING): 60}, "nothing is lost to digests"
    assert (
        "Not sent for 1: archived without ringing: its source brought 60 new articles at once, 3 is usual; "
        "such articles come in digests only."
    ) in why(desk, many[7].title)
    desk.bell.deliver(NOW + HOUR + GATHER_FOR)
    assert desk.bell.texts == [
        "For the admins\n• Wire brought 60 new articles at once, 3 is usual. They are in the archive and in digests, "
        "and did not ring.\n/sources shows more."
    ]
    desk.shows(note(2_000, 2))
    desk.scan(2 * HOUR)
    assert desk.bell.deliver(NOW + 2 * HOUR).sent == 1, "what comes next rings"


def test_what_another_outlet_brings_of_a_story_that_came_in_a_burst_rings(desk: Desk) -> None:
    many = [note(1_000 + number) for number in range(60)]
    desk.shows(*many)
    desk.scan(HOUR)
    (first,) = [entry for entry in desk.archive() if entry[0] == "n1007"]
    taken = desk.bell.take(
        replace(desk_article(desk, first[0]), guid="copy", source="Late Post", url=None), now=NOW + 2 * HOUR
    )
    assert taken[0].archived.story_id == story_of(desk, "n1007")
    assert desk.bell.deliver(NOW + 2 * HOUR).sent == 1


def desk_article(desk: Desk, guid: str) -> Any:
    held = desk.bell.app.store.read(lambda session: session.articles.after(0, 10_000))
    return next(entry.article for entry in held if entry.article.guid == guid)


def story_of(desk: Desk, guid: str) -> int:
    held = desk.bell.app.store.read(lambda session: session.articles.after(0, 10_000))
    return next(entry.story_id for entry in held if entry.article.guid == guid)


def test_ten_times_what_is_usual_still_rings(desk: Desk) -> None:
    desk.shows(*(note(1_000 + number) for number in range(30)))
    desk.scan(HOUR)
    desk.bell.app.owe(NOW + HOUR)
    assert lines(desk)[Kind.ALERT, State.WAITING] == 30


def test_what_was_missed_while_newsbell_was_off_rings(desk: Desk) -> None:
    desk.shows(*(note(1_000 + number, 47) for number in range(60)))
    desk.scan(48 * HOUR)
    desk.bell.app.owe(NOW + 48 * HOUR)
    assert lines(desk)[Kind.ALERT, State.WAITING] == 60


def test_guids_that_change_and_what_is_too_old_to_ring_are_no_burst(desk: Desk) -> None:
    known = [
        note(number, number // 3 - LEARNT, guid=f"changed-{number}", url=f"https://wire.example/n{number}")
        for number in range(27)
    ]
    old = [note(3_000 + number, -90) for number in range(60)]
    desk.shows(note(1_000), *known, *old)
    desk.scan(HOUR)
    desk.bell.app.owe(NOW + HOUR)
    assert lines(desk)[Kind.ALERT, State.WAITING] == 1


def test_a_correction_that_comes_with_a_burst_rings_for_what_it_newly_matches(desk: Desk) -> None:
    desk.bell.subscribe("tirana", chat="other")
    desk.shows(note(1, -1, title="Rain in Tirana"), *(note(1_000 + number) for number in range(60)))
    desk.scan(HOUR)
    desk.bell.deliver(NOW + HOUR)
    assert [chat for chat, _ in desk.bell.platform.sent] == ["terminal:other"]


def test_what_a_person_puts_into_a_folder_always_rings(desk: Desk) -> None:
    bell, folder = desk.bell, desk.bell.app.settings.folder or Path()
    bell.scan()
    for step in range(LEARNT + 2):
        count = 60 if step > LEARNT else 1
        rows = [{"title": note(100 * step + number).title} for number in range(count)]
        (folder / f"{step}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        assert len(bell.scan(NOW + step * HOUR)) == count
    bell.app.owe(NOW + 9 * HOUR)
    assert lines(desk)[Kind.ALERT, State.WAITING] == LEARNT + 1 + 60


def test_killed_at_any_moment_a_burst_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.intake.BATCH", 8)

    def run(name: str, moment: int | None) -> tuple[int, Any]:
        app = empty(tmp_path / name)
        desk = Desk(Newsbell(app))
        settle_in(desk, each=1)
        desk.shows(*(note(1_000 + number) for number in range(24)))
        writes = 0

        class Dying:
            read = staticmethod(app.store.read)

            @staticmethod
            def write(work: Callable[[Session], T]) -> T:
                nonlocal writes
                writes += 1
                if writes - 1 == moment:
                    raise StoreError("killed")
                return app.store.write(work)

        store: Any = Dying()
        scan = replace(desk.polling, store=store, turns=Turns(replace(app.intake, store=store).commit))
        try:
            asyncio.run(scan(NOW + HOUR, ("Wire",)))
        except StoreError:
            asyncio.run(desk.polling(NOW + HOUR + timedelta(minutes=1), ("Wire",)))
        app.owe(NOW + 2 * HOUR)
        counts, arrivals = lines(desk), desk.source().arrivals
        sent = desk.bell.deliver(NOW + 4 * HOUR).sent
        outcome = desk.archive(), counts, sent, desk.bell.texts, arrivals.looks
        app.close()
        return writes, outcome

    writes, expected = run("whole.db", None)
    assert writes == 3
    assert expected[1] == {(Kind.DIGEST, State.WAITING): 24}
    assert (expected[2], len(expected[0])) == (1, 24 + LEARNT + 1)
    for moment in range(writes):
        assert run(f"{moment}.db", moment)[1] == expected, moment


def test_what_is_usual_follows_what_comes(desk: Desk) -> None:
    before = desk.source().arrivals
    assert (before.looks, before.new, before.every_for) == (LEARNT, 3, HOUR)
    desk.shows(note(5_000))
    desk.scan(HOUR)
    after = desk.source().arrivals
    assert (after.looks, after.new < before.new) == (LEARNT + 1, True)
    desk.web.pages[WIRE] = Unreachable("no answer")
    desk.scan(2 * HOUR)
    assert desk.source().arrivals == after
