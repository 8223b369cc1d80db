"""Kills a newsbell process at every moment of every step, lets another finish, and prints what people saw as JSON.

Nothing is kept between the end of a step and the beginning of the next, so they are one moment.

Usage: kill_driver.py FOLDER. Each run is a forked child, so that the parent's imports are paid once.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot.app import App
from bot.config import Settings
from bot.core.cadence import next_due, parse_cadence
from bot.core.errors import Rejected
from bot.core.message import Message, to_text
from bot.core.model import Address
from bot.core.ports import Limits, Session, Store
from store.database import open_store
from tests.few_topics import few_topics

T = TypeVar("T")

START = datetime(2026, 3, 10, 9, tzinfo=UTC)
DIGEST = datetime(2026, 3, 11, 8, tzinfo=UTC)
LEASE_OVER = timedelta(minutes=10)
TITLES = ("Alpha crossing shut", "Bravo patrol doubled", "Charlie checkpoint staffed")
BODY = {
    TITLES[
        0
    ]: "Officials in Kosovo closed the northern post on Tuesday after heavy rain had washed out its only access road.",
    TITLES[
        1
    ]: "Police said that twice as many crews would drive along the Kosovo line from next week, mostly at night.",
    TITLES[
        2
    ]: "Forty customs clerks have been hired in Kosovo to shorten queues of lorries before the summer season begins.",
}


class Steps:
    """Counts moments (`write:3:inside`, `write:3:after`, `send:0:after`) and dies at the chosen one."""

    def __init__(self, die_at: int | None, trace: Path) -> None:
        self._die_at = die_at
        self._trace = trace
        self._moments = count()
        self._unsettled = False

    def at(self, moment: str) -> None:
        """One moment; the process may end here."""
        if moment.startswith("send") and moment.endswith("after"):
            self._unsettled = True
        if moment.startswith("write") and moment.endswith("after"):
            self._unsettled = False
        if next(self._moments) == self._die_at:
            self._trace.write_text(json.dumps({"moment": moment, "unsettled": self._unsettled}))
            os.kill(os.getpid(), signal.SIGKILL)


class SteppedStore:
    """A store whose writes are steps."""

    def __init__(self, store: Store, steps: Steps) -> None:
        self._store = store
        self._steps = steps
        self._writes = count()
        self.read = store.read
        self.backup = store.backup
        self.backup_daily = store.backup_daily
        self.give_back = store.give_back
        self.check = store.check
        self.keep_ballast = store.keep_ballast
        self.release_ballast = store.release_ballast
        self.try_room = store.try_room
        self.heed_full = store.heed_full
        self.close = store.close

    def write(self, work: Callable[[Session], T]) -> T:
        """Writes with a moment inside and after."""
        number = next(self._writes)

        def stepped(session: Session) -> T:
            result = work(session)
            self._steps.at(f"write:{number}:inside")
            return result

        result = self._store.write(stepped)
        self._steps.at(f"write:{number}:after")
        return result


class Screen:
    """A messenger that appends to a file, as a terminal would: what is there was seen."""

    platform = "terminal"
    limits = Limits()

    def __init__(self, path: Path, steps: Steps) -> None:
        self._path = path
        self._steps = steps
        self._sends = count()

    async def send(self, address: Address, message: Message) -> str:
        """Shows one message, with a moment after."""
        number = next(self._sends)
        with self._path.open("a") as screen:
            screen.write(json.dumps({"chat": str(address), "text": to_text(message)}) + "\n")
        self._steps.at(f"send:{number}:after")
        return str(number)

    async def edit(self, address: Address, reference: str, message: Message) -> None:
        """Not here."""
        raise Rejected("no edits here")


def settings(place: Path) -> Settings:
    """Settings for one run's own folder."""
    return Settings(place / "n.db", place / "inbox", None, timedelta(seconds=60), "UTC", frozenset())


def template(place: Path) -> None:
    """A database with an instant and a daily subscriber."""
    place.mkdir()
    app = App(settings(place), open_store(place / "n.db", now=START), few_topics())
    daily = parse_cadence("daily 08:00")
    assert daily is not None
    due = next_due(daily, START, ZoneInfo("UTC"), START.time())

    def subscribe(session: Session) -> None:
        now = session.chats.ensure(Address("terminal", "now"), START)
        session.subscriptions.add(now, "kosovo", START, cadence="instant", urgent=False, every=False, next_due_at=None)
        later = session.chats.ensure(Address("terminal", "later"), START)
        session.subscriptions.add(
            later, "kosovo", START, cadence=str(daily), urgent=False, every=False, next_due_at=due
        )

    app.store.write(subscribe)
    app.close()


def live(place: Path, steps: Steps, late: timedelta = timedelta(0)) -> None:
    """A day in the life: a first look into the folder, three articles one by one, then the morning's digest."""
    app = App(settings(place), SteppedStore(open_store(place / "n.db", now=START), steps), few_topics())
    app.prepare(START + late)
    asyncio.run(app.scan(START + late))
    deliver = app.deliverer(Screen(place / "screen.jsonl", steps), lambda address: True)
    for hour, title in enumerate(TITLES, 1):
        now = START + timedelta(hours=hour) + late
        article = {"title": title, "text": BODY[title], "source": "Sample Post", "language": "en"}
        (place / "inbox" / f"{hour}.jsonl").write_text(json.dumps(article) + "\n")
        asyncio.run(app.scan(now))
        asyncio.run(app.deliver(now, deliver))
    asyncio.run(app.deliver(DIGEST + late, deliver))
    app.close()


def child(run: Callable[[], None]) -> int:
    """Runs in a forked process; returns its wait status."""
    process = os.fork()
    if process:
        return os.waitpid(process, 0)[1]
    try:
        run()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(3)
    os._exit(0)


@dataclass
class Run:
    """One killed run in its own folder."""

    place: Path
    number: int

    def outcome(self) -> dict[str, object] | None:
        """What people saw in the end; None when the run was over before its moment came."""
        trace = self.place / "trace.json"
        status = child(lambda: live(self.place, Steps(self.number, trace)))
        if status == 0:
            return None
        if not os.WIFSIGNALED(status):
            raise SystemExit("the run failed by itself")
        if child(lambda: live(self.place, Steps(None, trace), LEASE_OVER)):
            raise SystemExit("the finishing run failed")
        return self._seen(json.loads(trace.read_text()))

    def _seen(self, killed: dict[str, object]) -> dict[str, object]:
        shown = [json.loads(line) for line in (self.place / "screen.jsonl").read_text().splitlines()]
        alerts = [entry["text"] for entry in shown if entry["chat"] == "terminal:now"]
        digests = [entry["text"] for entry in shown if entry["chat"] == "terminal:later"]
        whole = [text for text in digests if all(title in text for title in TITLES)]
        return {
            "moment": killed["moment"],
            "killed": True,
            "printed_unsettled": killed["unsettled"],
            "alerts": sum(any(title in text for text in alerts) for title in TITLES),
            "digests": min(1, len(whole)),
            "repeats": repeated(alerts) + repeated(digests),
        }


def repeated(texts: list[str]) -> int:
    """How many of the messages tell again what an earlier one told."""
    told: set[str] = set()
    again = 0
    for text in texts:
        titles = {title for title in TITLES if title in text}
        again += bool(titles & told)
        told |= titles
    return again


def outcomes(folder: Path) -> Iterator[dict[str, object]]:
    """The outcome of a kill at each moment in turn; one life goes before, so that its children find all it loads."""
    template(folder / "template")
    shutil.copytree(folder / "template", folder / "whole")
    live(folder / "whole", Steps(None, folder / "none"))
    if threading.active_count() > 1:
        raise SystemExit("threads are left, of which a forked child would have the locks")
    for number in count():
        place = folder / str(number)
        shutil.copytree(folder / "template", place)
        outcome = Run(place, number).outcome()
        shutil.rmtree(place)
        if outcome is None:
            return
        yield outcome


if __name__ == "__main__":
    for line in outcomes(Path(sys.argv[1])):
        print(json.dumps(line), flush=True)
