"""`kill -9` at random moments of a drain over HTTP: everything arrives, and at most one message a kill comes again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.soak.loopback import Server, serving

ROOT = Path(__file__).parent.parent.parent
DELIVERIES, KILLS = 200, 15


def test_fifteen_kills_lose_nothing_and_repeat_fifteen_messages_at_most(tmp_path: Path) -> None:
    with serving(Server()) as server:
        arguments = [str(tmp_path), server.url, str(DELIVERIES), str(KILLS), "7"]
        command = [sys.executable, "-m", "tests.soak.drain", *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    killed = int(done.stdout)
    assert killed >= KILLS - 3
    arrived = server.per_chat()
    assert len(arrived) == DELIVERIES
    assert arrived.total() - DELIVERIES <= killed
