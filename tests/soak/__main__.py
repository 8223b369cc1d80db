"""Long runs with faults, half an hour at most in all: `python -m tests.soak` is `make soak`; exit code 1 on a miss.

Kills: 200 times `kill -9` over 2,000 deliveries. Rate: 2,000 deliveries in real time to a server that enforces 30
messages a second, while people ask for answers. Crowd: `newsbell run` against a strict Bot API server that enforces
the same, 150 people who each type a command within 10 seconds while 50,000 deliveries wait. Slack: 200 commands
in ten seconds while 5,000 deliveries drain over 50 channels, to a Slack that enforces its rates. Faults: six hours of
a newsroom under each of a row of faults (`tests.soak.faults`). Fuzz: the suite's fuzzing, many times over. Month: half
of a newsroom's month, compressed (`tests.benchmarks.month`), which has to stay within memory that does not grow.
`python -m tests.soak NAME...` runs some of them.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.soak.drain import prepare
from tests.soak.loopback import Server, serving
from tests.strict import Enforcer

ROOT = Path(__file__).parent.parent.parent
DELIVERIES, KILLS = 2_000, 200
BACKLOG, PEOPLE, WITHIN = 50_000, 150, 10
FUZZED = 600
MEMORY, GROWTH, DAYS = 400.0, 0.5, 15
"""Megabytes of all processes; by how many they may seem to grow a day when they do not; days that half an hour has room
for (`python -m tests.benchmarks.month` lives all thirty)."""
PERMITTED = 30.0
"""Messages a second the server permits."""


def kills() -> bool:
    """Nothing is lost however often the process dies, and at most one message a kill comes again."""
    seed = random.SystemRandom().randrange(10**6)
    print(f"kills: {DELIVERIES:,} deliveries, {KILLS} kills, seed {seed} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder, serving(Server()) as server:
        printed = _run("tests.soak.drain", folder, server.url, str(DELIVERIES), str(KILLS), str(seed))
    if printed is None:
        return False
    killed, arrived = int(printed), server.per_chat()
    repeats = arrived.total() - len(arrived)
    print(f"kills: {killed} kills; {len(arrived):,} of {DELIVERIES:,} arrived, {repeats} came twice")
    return len(arrived) == DELIVERIES and repeats <= killed and killed >= KILLS * 0.9


def rate() -> bool:
    """A backlog drains at the permitted rate and commands are answered at once all the while."""
    print(f"rate: {DELIVERIES:,} deliveries to a server that permits {PERMITTED:g} a second ...", flush=True)
    with tempfile.TemporaryDirectory() as folder, serving(Server(enforcer=Enforcer())) as server:
        prepare(Path(folder), DELIVERIES)
        printed = _run("tests.soak.rush", folder, server.url)
    if printed is None:
        return False
    waits = json.loads(printed)
    first, last = server.accepted[0][0], server.accepted[-1][0]
    reached = (len(server.accepted) - 1) / (last - first) / PERMITTED
    slowest = statistics.quantiles(waits, n=100)[98] * 1e3
    delivered = sum(chat.startswith("chat") for _, chat, _ in server.accepted)
    print(
        f"rate: {delivered:,} delivered and {len(waits)} answered in {last - first:.1f} s, {reached:.1%} of what is "
        f"permitted, {server.refused} refused; answers took {slowest:.0f} ms (p99)"
    )
    return delivered == DELIVERIES and reached >= 0.95 and server.refused <= 2 and slowest <= 300


def slack() -> bool:
    """Every command is acknowledged in time while a backlog drains, and nothing is refused."""
    print("slack: 200 commands while 5,000 deliveries drain over 50 channels ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        printed = _run("tests.soak.slack", folder)
    if printed is None:
        return False
    found = json.loads(printed)
    print(
        f"slack: {found['acked']} acknowledged, p99 {found['p99'] * 1e3:.0f} ms, slowest "
        f"{found['slowest'] * 1e3:.0f} ms; {found['owed']:,} delivered in {found['messages']} messages, "
        f"{found['refused']} refused"
    )
    in_time = found["acked"] == 200 and found["p99"] <= 1 and found["slowest"] <= 3
    return in_time and found["sent"] >= found["owed"] == 5_000 and not found["refused"] and not found["violations"]


def crowd() -> bool:
    """Everybody is answered within a second, and the backlog has the rest of what is permitted."""
    print(f"crowd: {PEOPLE} people within {WITHIN} s, {BACKLOG:,} deliveries wait ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        printed = _run("tests.soak.crowd", folder, *map(str, (BACKLOG, PEOPLE, WITHIN)))
    if printed is None:
        return False
    had = json.loads(printed)
    reached = had["accepted"] / had["seconds"] / PERMITTED
    print(
        f"crowd: {had['answered']} of {PEOPLE} answered, p50 {had['p50'] * 1e3:.0f} ms, p99 {had['p99'] * 1e3:.0f} ms; "
        f"{had['delivered']} of the backlog left, {reached:.0%} of what is permitted, {had['refused']} refused"
    )
    well = had["answered"] == PEOPLE and had["p99"] <= 1 and had["violations"] == 0
    return bool(well and had["refused"] <= 3 and reached >= 0.85)


def faults() -> bool:
    """Nothing is lost, told twice or damaged, whatever fails for an hour."""
    print("faults: nine newsrooms of six hours and three days ...", flush=True)
    return _shown("tests.soak.faults")


def log() -> bool:
    """A log that cannot be written stops nothing: an article rings all the same."""
    print("log: newsbell run with its log on a full disk ...", flush=True)
    return _shown("tests.soak.full_log")


def fuzz() -> bool:
    """Whatever comes is taken or refused in words, and takes no longer than it should."""
    print(f"fuzz: {FUZZED:,} examples of each kind ...", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/fuzz"]
    return not subprocess.run(command, cwd=ROOT, env={**os.environ, "FUZZ_EXAMPLES": str(FUZZED)}).returncode


def month() -> bool:
    """Memory stays within bounds and does not grow after the first week; every digest is sent once."""
    print(f"month: {DAYS} days of 8,000 articles, 1,000 chats ...", flush=True)
    printed = _run("tests.benchmarks.month", str(DAYS))
    if printed is None:
        return False
    print(printed, end="")
    figures = {
        line[:100].strip().rpartition(": ")[2]: float(line[100:].replace(",", "")) for line in printed.splitlines()
    }
    grows = figures["memory after the first week, MB more a day"]
    return figures["resident memory of all processes at the most, MB"] <= MEMORY and grows <= GROWTH


def _shown(module: str) -> bool:
    return not subprocess.run([sys.executable, "-m", module], cwd=ROOT, timeout=1_500).returncode


def _run(*arguments: str) -> str | None:
    """What a program of this package prints, None when it fails; its progress is shown as it comes."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, timeout=1_500)
    return None if done.returncode else done.stdout


def main() -> int:
    """Every run, or those named."""
    runs = (rate, crowd, slack, kills, log, faults, fuzz, month)
    chosen = [run for run in runs if len(sys.argv) < 2 or run.__name__ in sys.argv[1:]]
    held = {run.__name__: run() for run in chosen}
    for name, well in held.items():
        print(f"{'ok ' if well else 'BAD'}  {name}")
    return 0 if held and all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
