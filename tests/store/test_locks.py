"""Locks between processes: one holder at a time, named to others, freed when it dies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from filelock import BaseFileLock

from bot.core.errors import StoreError
from store import locks
from store.locks import RunLock, TerminalLock, WriteLock

ROOT = Path(__file__).parents[2]
NAMES = ["local", "Ана", "a/b", "../../x", "", "x" * 5000, "\ud800", "local\n"]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "n.db"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "HOLD_PATIENCE", 0.01)
    monkeypatch.setattr(locks, "WRITE_PATIENCE", 0.01)


@contextmanager
def another_process(holding: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock until it is killed."""
    script = f"from store.locks import *; from pathlib import Path\nwith {holding}: print('held', flush=True); input()"
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_second_run_is_refused_and_told_which_process_has_it(database: Path) -> None:
    with another_process(f"RunLock(Path({str(database)!r}))") as holder:
        with pytest.raises(StoreError, match=rf"running on it already \(process {holder.pid}\)"):
            RunLock(database).__enter__()
        holder.kill()
        holder.wait()
        with RunLock(database):
            pass


def test_a_run_ends_and_another_begins(database: Path) -> None:
    for _ in range(2):
        with RunLock(database), pytest.raises(StoreError, match=f"process {os.getpid()}"):
            RunLock(database).__enter__()


def test_the_database_is_the_same_by_whatever_name(database: Path) -> None:
    database.touch()
    (database.parent / "link.db").symlink_to(database)
    with RunLock(database), pytest.raises(StoreError):
        RunLock(database.parent / "link.db").__enter__()


@pytest.mark.parametrize("name", NAMES)
def test_an_open_terminal_is_seen_by_others(database: Path, name: str) -> None:
    assert not TerminalLock.is_held(database, name)
    with TerminalLock(database, name):
        assert TerminalLock.is_held(database, name)
        with pytest.raises(StoreError, match="open already"):
            TerminalLock(database, name).__enter__()
    assert not TerminalLock.is_held(database, name)
    with TerminalLock(database, name):
        pass


def test_terminals_do_not_mind_each_other(database: Path) -> None:
    with ExitStack() as stack:
        for name in NAMES:
            stack.enter_context(TerminalLock(database, name))
        assert not TerminalLock.is_held(database, "another")


def test_a_terminal_of_another_process_is_seen_until_it_dies(database: Path) -> None:
    with another_process(f"TerminalLock(Path({str(database)!r}), 'ana')") as holder:
        assert TerminalLock.is_held(database, "ana")
        holder.kill()
        holder.wait()
        assert not TerminalLock.is_held(database, "ana")


def test_writers_wait_for_each_other_but_not_for_ever(database: Path) -> None:
    mine, theirs = WriteLock(database), WriteLock(database)
    refused = pytest.raises(StoreError, match="another newsbell keeps writing")
    with mine.held(), refused, theirs.held():
        raise AssertionError
    with theirs.held():
        pass


def test_who_waits_comes_before_who_writes_again(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "WRITE_PATIENCE", 60.0)
    mine, theirs, waits, order = WriteLock(database), WriteLock(database), Event(), list[str]()
    take = theirs._take

    def watched(lock: BaseFileLock) -> None:
        if lock.lock_file.endswith("write"):
            waits.set()
        take(lock)

    def write() -> None:
        with theirs.held():
            order.append("theirs")

    monkeypatch.setattr(theirs, "_take", watched)
    for _ in range(20):
        waits.clear()
        other = Thread(target=write)
        with mine.held():
            other.start()
            assert waits.wait(60)
        with mine.held():
            order.append("mine")
        other.join()
    assert order == ["theirs", "mine"] * 20
