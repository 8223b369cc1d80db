"""Several threads and processes on one database: nothing is locked out, lost or half written, not even by kill -9."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.core.ports import Session
from store.database import SqliteStore, open_store

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

COUNTER = """
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from store.database import open_store
from tests.store.test_concurrency import count_up
store = open_store(Path(sys.argv[1]), now=datetime.now(UTC))
for _ in range(int(sys.argv[2])) if sys.argv[2] != "-" else count():
    print(store.write(count_up), flush=True)
store.close()
"""


def count_up(session: Session) -> int:
    """Reads, then writes two facts: lost updates and half writes would show."""
    number = int(session.meta.get("one") or 0) + 1
    session.meta.set("one", str(number))
    session.meta.set("other", str(number))
    return number


def numbers(store: SqliteStore) -> tuple[int, int]:
    return store.read(lambda session: (int(session.meta.get("one") or 0), int(session.meta.get("other") or 0)))


@contextmanager
def another_process(path: Path, times: int | str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", COUNTER, str(path), str(times)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_threads_and_another_process_write_and_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    with closing(open_store(path, now=NOW)) as store, another_process(path, 150) as other:
        assert other.stdout
        other.stdout.readline()

        def write_and_look(_: int) -> bool:
            store.write(count_up)
            one, same = numbers(store)
            return one == same

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(write_and_look, range(150)))
        assert other.wait(30) == 0
        assert numbers(store) == (300, 300)


def test_what_a_killed_process_had_been_promised_is_there(tmp_path: Path) -> None:
    path = tmp_path / "n.db"
    for _ in range(3):
        with another_process(path, "-") as process:
            assert process.stdout
            promised = int(process.stdout.readline())
            time.sleep(0.05)
            process.kill()
            promised = max([promised, *(int(line) for line in process.stdout if line.endswith("\n"))])
        with closing(open_store(path, now=NOW)) as store:
            one, other = numbers(store)
            assert one == other
            assert promised <= one <= promised + 1
            assert {what: well for what, well, _ in store.check()}["integrity"]
