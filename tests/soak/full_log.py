"""`newsbell run` with its log on a full disk: that stops nothing, and an article rings; exit code 1 if not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FULL = Path("/dev/full")
"""Every write to it fails as on a full disk (full(4))."""

STORY = {"title": "Frontex opens an office in Skopje", "text": "The agency will train police.", "language": "en"}


def main() -> int:
    """Runs it."""
    if not FULL.exists():
        print("log: this machine has no /dev/full")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        told = ran(place, "/subscribe frontex\n" + "x" * 20_000 + "\n")
        (place / "inbox" / "bad.jsonl").write_text("no article\n")
        (place / "inbox" / "story.jsonl").write_text(json.dumps(STORY) + "\n")
        rang = ran(place, "/status\n")
    held = "Subscribed: this is subscription 1" in told and STORY["title"] in rang
    print(f"{'ok ' if held else 'BAD'}  log: what was said on a full disk is lost, and nothing else")
    return 0 if held else 1


def ran(place: Path, typed: str) -> str:
    """What `newsbell run` shows whoever types this, while all that it logs is refused: a line cut off, a bad file."""
    settings = {"NEWSBELL_HTTP": "", "NEWSBELL_SEED_ARTICLES": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "run"]
    with FULL.open("w") as log:
        done = subprocess.run(
            command, cwd=place, env={**os.environ, **settings}, input=typed, stdout=subprocess.PIPE, stderr=log,
            text=True, timeout=300,
        )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
