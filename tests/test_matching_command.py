"""`newsbell match` hands out what it found before it reads on."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import matching
from bot.core.model import Article

BATCH = 64


def test_articles_are_matched_as_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    queries = tmp_path / "q.jsonl"
    queries.write_text('{"id": "q", "query": "kosovo"}\n')
    printed: list[str] = []

    def read(paths: object) -> Iterator[Article]:
        for number in range(3 * BATCH):
            printed.extend(capsys.readouterr().out.splitlines())
            assert len(printed) == number // BATCH * BATCH, "what was read before is told"
            yield Article(str(number), "Kosovo", "", "x")

    monkeypatch.setattr(matching, "articles", read)
    assert matching.match(Namespace(queries=queries, paths=[], json=True, stats=False)) == 0
    printed.extend(capsys.readouterr().out.splitlines())
    assert [json.loads(line)["id"] for line in printed] == [str(number) for number in range(3 * BATCH)]
