"""Six hours with a fault, three days without, and then everything holds; `python -m tests.soak.faults [NAME...]`.

Times are simulated, but for another program that holds the database's lock for longer than a writer waits. What a
fault is made of is real where this machine lets it be: a small tmpfs that fills up, else a limit on the file's pages.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from store.connections import checkpoint
from tests.simulated import simulate
from tests.soak.invariants import broken
from tests.soak.world import CALM_FOR, CHATS, EVERY, START, Script, World, live, opened

MINUTES = 360
HOUR_DOWN = range(60, 120)
"""The minutes in which what a script breaks is broken."""
SOON = 6
"""Minutes after which it is known that the disk is full, and what was due has left."""
HELD_FOR = 12.0
"""Seconds that another program holds the database's lock: a writer waits for five, and tries twice."""


def quiet(world: World) -> None:
    """Nothing is wrong: what the others are compared with."""


def platforms_down(world: World) -> None:
    """Both platforms answer nothing for an hour, and the bot finds out by trying."""
    for platform in world.platforms:
        platform.is_down = world.minute in HOUR_DOWN


def platforms_down_and_known(world: World) -> None:
    """The same, when the bot knows it, and tries nothing."""
    world.known_down = True
    platforms_down(world)


def network_gone(world: World) -> None:
    """No name can be looked up and nothing answers, platforms included, for an hour."""
    world.network_gone = world.minute in HOUR_DOWN
    platforms_down(world)


def clock_jumps(world: World) -> None:
    """The clock is set wrong: hours ahead, back, ahead a day and back again."""
    jumps = {60: 3, 90: -2, 150: 24, 200: -24, 260: -1}
    world.jumped += timedelta(hours=jumps.get(world.minute, 0))


def servers_that_lie(world: World) -> None:
    """Feeds are cut off, empty, other pages, damaged, refused, or never come; see `World.lie`."""


def database_locked(world: World) -> None:
    """Another program holds the lock for longer than a writer waits, five times."""
    if world.minute in range(60, 110, 10):
        held = threading.Event()
        threading.Thread(target=_hold, args=(world.store.path, held)).start()
        held.wait()


def _hold(path: Path, held: threading.Event) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        held.set()
        time.sleep(HELD_FOR)
        other.execute("ROLLBACK")


def disk_full(world: World) -> None:
    """The file may not grow for an hour: what SQLite is told is that the disk is full."""
    if world.minute == HOUR_DOWN.start:
        world.after_scan = lambda: world.store.exclusively(_no_more_pages)
    _nothing_is_fetched(world)
    if world.minute == HOUR_DOWN.stop:
        world.store.exclusively(lambda connection: connection.execute("PRAGMA max_page_count = 1073741823").fetchall())


def _no_more_pages(connection: sqlite3.Connection) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 1}").fetchall()


def tmpfs_full(world: World) -> None:
    """The file system is full for an hour: something else has written all of it."""
    filler = world.store.path.parent / "filler"
    if world.minute == HOUR_DOWN.start:
        world.after_scan = lambda: _fill(world, filler)
    if world.minute == HOUR_DOWN.start + SOON:
        told = sum(number == len(world.published) - SOON // EVERY - 1 for _, number in world.told())
        if told < CHATS // 2:
            world.missed.append(f"{told} of {CHATS // 2} chats were told on the full disk what was due")
    _nothing_is_fetched(world)
    if world.minute == HOUR_DOWN.stop:
        filler.unlink()


def _fill(world: World, filler: Path) -> None:
    """Leaves nothing, not even in the log, which keeps its size."""
    world.store.exclusively(checkpoint)
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4_096))


def _nothing_is_fetched(world: World) -> None:
    """From soon after it is full until there is room nobody is asked."""
    if world.minute == HOUR_DOWN.start + SOON:
        world.asked_before = len(world.web.asked)
    if world.minute == HOUR_DOWN.stop and len(world.web.asked) != world.asked_before:
        world.missed.append(f"{len(world.web.asked) - world.asked_before} fetches were made for what finds no room")


FAULTS: tuple[Script, ...] = (
    quiet,
    platforms_down,
    platforms_down_and_known,
    network_gone,
    clock_jumps,
    servers_that_lie,
    database_locked,
    disk_full,
    tmpfs_full,
)


@contextmanager
def place(script: Script) -> Iterator[Path | None]:
    """A folder for its database, a small file system of its own where the fault needs one; None where none can be."""
    with tempfile.TemporaryDirectory() as folder:
        if script is not tmpfs_full:
            yield Path(folder)
            return
        mount = shutil.which("mount")
        command = [mount or "mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]
        if mount is None or subprocess.run(command, stderr=subprocess.DEVNULL).returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def misses(world: World) -> Iterator[str]:
    """What was not told, or told twice; and what is broken."""
    told = world.told()
    twice = sum(number - 1 for number in told.values() if number > 1)
    if twice:
        yield f"{twice} stories were told twice in a chat, and nothing had crashed"
    held = world.store.read(lambda session: session.articles.count())
    if held != len(world.published):
        yield f"{len(world.published)} articles were published, the archive holds {held}"
    ended = world.store.read(lambda session: sum(session.outbox.counts().values()))
    owed = CHATS * len(world.published)
    if ended != owed:
        yield f"{owed:,} lines should be owed, {ended:,} are"
    silent = CHATS - len({address for address, _ in told})
    if silent:
        yield f"{silent} chats were told nothing at all"
    yield from world.missed
    yield from broken(world.store, START + timedelta(minutes=MINUTES) + CALM_FOR + world.jumped, world.chance)


def run(script: Script, seed: int, say: Callable[[str], None]) -> bool:
    """One world under one fault; whether everything held."""
    with place(script) as folder:
        if folder is None:
            say(f"{script.__name__}: no tmpfs can be mounted here; the limit on pages stands for it")
            return True
        begun = time.process_time()
        world = opened(folder, seed)
        try:
            simulate(live(world, script, MINUTES))
            found = list(misses(world))
        finally:
            world.app.close()
    for miss in found:
        say(f"{script.__name__}: {miss}")
    refused = f", {world.store_errors} passes were refused by the store" if world.store_errors else ""
    told = sum(world.told().values())
    say(
        f"{'ok ' if not found else 'BAD'}  {script.__name__}: {len(world.published)} articles, {told:,} tellings"
        f"{refused}; {time.process_time() - begun:.0f} CPU-s, seed {seed}"
    )
    return not found


def main(names: list[str]) -> int:
    """Every fault, or those named."""
    chosen = [script for script in FAULTS if not names or script.__name__ in names]
    seed = random.SystemRandom().randrange(10**6)
    held = [run(script, seed, lambda line: print(line, flush=True)) for script in chosen]
    return 0 if held and all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
