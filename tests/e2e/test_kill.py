"""A process killed at any step between reading a file and the alert loses nothing, and repeats at most one message.

A store write has two moments, inside it (done but not committed) and after it; a send has one, after it.
A child process is killed with SIGKILL at one moment of one step; another finishes the work; what both printed is read.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

DRIVER = Path(__file__).parent / "kill_driver.py"
STORIES = 3
HUNG = 1_200
"""Seconds after which it is not the machine that is busy."""


def test_a_kill_at_any_moment_loses_nothing_and_repeats_at_most_the_message_just_printed(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(DRIVER), str(tmp_path)], capture_output=True, text=True, timeout=HUNG)
    assert done.returncode == 0, done.stderr[-3000:]
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]

    steps = Counter(outcome["moment"].split(":")[0] for outcome in outcomes)
    assert steps["write"] >= 2 * 12, "scan, expand, digest and deliver are all among the steps"
    assert steps["send"] >= STORIES + 1

    lost = [outcome["moment"] for outcome in outcomes if outcome["alerts"] != STORIES or outcome["digests"] != 1]
    assert lost == []

    repeats = {outcome["moment"]: outcome["repeats"] for outcome in outcomes if outcome["repeats"]}
    between = [outcome["moment"] for outcome in outcomes if outcome["printed_unsettled"]]
    assert repeats == dict.fromkeys(between, 1), "only between a message's printing and its commit, and then only it"
    assert between
