"""A process killed at any step between reading a file and the alert loses nothing, and repeats at most one message.

Every store write and every send is a step with three moments: before it, inside it (done but not committed), after it.
A child process is killed with SIGKILL at one moment of one step; another finishes the work; what both printed is read.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

DRIVER = Path(__file__).parent / "kill_driver.py"
STORIES = 3


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What the driver saw for every moment it killed at."""
    folder = tmp_path_factory.mktemp("kills")
    done = subprocess.run([sys.executable, str(DRIVER), str(folder)], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_kills_cover_scan_expand_and_deliver(outcomes: list[dict[str, object]]) -> None:
    steps = Counter(str(outcome["moment"]).split(":")[0] for outcome in outcomes)
    assert steps["write"] >= 12
    assert steps["send"] >= 3
    assert all(outcome["killed"] for outcome in outcomes)


def test_nothing_is_lost_whenever_the_process_dies(outcomes: list[dict[str, object]]) -> None:
    lost = [outcome["moment"] for outcome in outcomes if outcome["alerts"] != STORIES or outcome["digests"] != 1]
    assert lost == []


def test_only_a_kill_between_the_print_and_its_commit_repeats_one_message(outcomes: list[dict[str, object]]) -> None:
    repeats = {str(outcome["moment"]): outcome["repeats"] for outcome in outcomes if outcome["repeats"]}
    assert set(repeats.values()) <= {1}
    assert all(outcome["printed_unsettled"] for outcome in outcomes if outcome["repeats"])
    assert repeats, "a kill after a print must be among the moments, or this test shows nothing"
