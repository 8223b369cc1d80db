"""`newsbell stories`: articles by story, and `--eval`: how right that is and what each signal adds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import run
from tests.matching.test_events import BUDGET, CYRILLIC, FERRY, LATIN, MONDAY, RUDDER

TOLD = {"f": FERRY, "r": RUDDER, "b": BUDGET, "c": CYRILLIC, "l": LATIN}
PAIRS = [
    {"a": "f", "b": "r", "relation": "same_event", "same_story": True},
    {"a": "c", "b": "l", "relation": "same_event", "same_story": True, "uncertain": False},
    {"a": "f", "b": "again", "relation": "near_duplicate", "same_story": True},
    {"a": "f", "b": "b", "relation": "different", "same_story": False},
    {"a": "r", "b": "later", "relation": "different", "same_story": False},
    {"a": "f", "b": "c", "relation": "running_story", "same_story": None},
    {"a": "f", "b": "b", "relation": "same_event", "same_story": True, "uncertain": True},
    {"a": "f", "b": "gone", "relation": "same_event", "same_story": True},
]


def lines(entries: Sequence[object]) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def told(name: str, title: str, text: str, hours: int) -> dict[str, object]:
    language = "sr" if name in "cl" else "en"
    published = (MONDAY + timedelta(hours=hours)).isoformat()
    return {
        "id": name, "title": title, "text": text, "source": name, "language": language, "published": published,
    }  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    articles, pairs = tmp_path / "articles.jsonl", tmp_path / "pairs.jsonl"
    entries = [told(name, *text, hours) for hours, (name, text) in enumerate(TOLD.items())]
    entries += [told("again", *FERRY, 6), told("later", *FERRY, 96)]
    articles.write_text(lines(entries), "utf-8")
    pairs.write_text(lines(PAIRS) + "no pair\n", "utf-8")
    return str(pairs), str(articles)


def test_articles_are_grouped_by_story(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["stories", "--json", files[1]]) == 0
    stories = {entry["id"]: entry["story"] for entry in map(json.loads, capsys.readouterr().out.splitlines())}
    assert stories == {"f": "f", "r": "f", "b": "b", "c": "c", "l": "c", "again": "f", "later": "later"}
    run(["stories", files[1]])
    assert f"f: r  {RUDDER[0]}" in capsys.readouterr().out.splitlines()


def test_evaluation_says_how_many_pairs_are_joined_and_what_each_signal_adds(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    pairs, articles = files
    assert run(["stories", "--eval", pairs, "--articles", articles, "--json"]) == 0
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    joined = {(row["same"], row["relation"], row["how"]): (row["joined"], row["pairs"]) for row in rows}
    assert joined["one story", "all", "grouped"] == (3, 3)
    assert joined["one story", "near_duplicate", "grouped"] == (1, 1)
    assert joined["one story", "same_event", "two by two"] == (2, 2)
    assert joined["one story", "same_event", "without events"] == (0, 2)
    assert joined["one story", "near_duplicate", "without events"] == (1, 1)
    assert joined["different", "all", "grouped"] == (0, 2)
    assert joined["different", "different", "without time"] == (1, 2)
    assert {how for *_, how in joined} >= {f"without {signal}" for signal in ("words", "names", "headlines", "figures")}
    assert "1 of 6 pairs are of articles that are not among those given" in said.err
    assert "pairs.jsonl:9: not {" in said.err


def test_evaluation_reads_well(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    pairs, articles = files
    run(["stories", "--eval", pairs, "--articles", articles])
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == ["one", "story", "all", "grouped", "3", "of", "3", "1.0"]


@pytest.mark.parametrize(
    ("arguments", "because"),
    [
        (["stories"], "name the articles to group"),
        (["stories", "--eval", "pairs.jsonl"], "needs --articles FILE"),
        (["stories", "a.jsonl", "--articles", "b.jsonl"], "name the articles to group"),
        (["stories", "--eval", "nowhere.jsonl", "--articles", "a.jsonl"], "cannot be read as text"),
    ],
)
def test_what_is_missing_is_said(arguments: list[str], because: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) != 0
    assert because in capsys.readouterr().err
