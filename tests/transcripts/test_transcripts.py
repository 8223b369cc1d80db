"""Conversations as specifications: what stands below a cue is what follows it; `stage` tells what cues there are.

`UPDATE_GOLDEN=1` writes what follows now into the files, to be read before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.handlers.newsroom import Newsroom
from tests.transcripts.stage import CUE, Stage

HERE = Path(__file__).parent


@pytest.mark.parametrize("path", sorted(HERE.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, room: Newsroom) -> None:
    written, stage = path.read_text(), Stage(room)
    cues = [line for line in written.splitlines() if CUE.fullmatch(line)]
    played = "\n".join("\n".join(filter(None, (cue, stage.play(cue)))) + "\n" for cue in cues)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(played)
    assert played == written


def test_a_cue_that_means_nothing_is_no_transcript(room: Newsroom) -> None:
    with pytest.raises(ValueError, match="an hour goes by"):
        Stage(room).play("~ an hour goes by")
