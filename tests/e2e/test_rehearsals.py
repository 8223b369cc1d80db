"""The rehearsals of the README do what is written beside them, line by line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "README.md").read_text().partition("### Rehearse any day of the year")[2].partition("\n## ")[0]
BLOCKS = [block.replace("\n    ", "\n").strip().splitlines() for block in re.findall(r"(?:\n    .+)+", SECTION)]
SENT = re.compile(r"sent (\d+)$")
SAID = re.compile(r'# .*"(.+)"')
MARK = "@@@@"


def test_there_are_rehearsals() -> None:
    assert len(BLOCKS) >= 3
    assert all(any(SENT.search(line) for line in block) for block in BLOCKS)


@pytest.mark.parametrize("lines", BLOCKS, ids=lambda lines: lines[0].partition(".db")[0].rpartition("/")[2])
def test_a_rehearsal_goes_as_it_is_written(lines: list[str], tmp_path: Path) -> None:
    script = "set -e\n" + "".join(f"{line}\necho {MARK}\n" for line in lines)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSBELL_")}
    environment = clean | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    ran = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    printed = ran.stdout.split(f"{MARK}\n")[:-1]
    for line, out in zip(lines, printed, strict=True):
        if sent := SENT.search(line):
            assert re.search(rf'\bsent"?:? {sent[1]}\b', out), (line, out)
        if said := SAID.search(line):
            assert said[1] in out, (line, out)
