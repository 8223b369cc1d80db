"""The real articles that benchmarks measure with, where they are at hand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from bot.core.model import Article
from bot.matching.language import normalise

SHARED = Path(__file__).parents[3] / "shared"
_WIRE = SHARED / "corpus" / "wire.jsonl.gz"


def wire() -> list[Article]:
    """Every article of the wire corpus in its order; none where it is not at hand."""
    if not _WIRE.exists():
        return []
    with gzip.open(_WIRE, "rt", encoding="utf-8") as lines:
        return [
            Article(str(row["id"]), row["title"], row["body"], row["src"], language=normalise(row["lang"]))
            for row in map(json.loads, lines)
        ]
